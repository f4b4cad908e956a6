"""Categories, questions and causes as rows: what the tables begin with, and what reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from intranet import create_app
from intranet.config import Settings
from intranet.core.errors import InvalidInput
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.deviations.defaults import DEFAULT_CATEGORIES, DEFAULT_CAUSES
from intranet.deviations.models import (
    Deviation,
    DeviationCategory,
    DeviationQuestion,
    SettingsVersion,
)
from intranet.deviations.queries.settings import (
    forget_categories,
    list_causes,
    load_categories,
    read_categories,
)
from intranet.deviations.severity import Category, Severity
from intranet.deviations.words import answer_words, category_name
from intranet.extensions import db
from tests.browser import Browser
from tests.cast import Cast
from tests.deviations.factories import do, report

ROOT = Path(__file__).resolve().parents[2]


def test_new_tables_begin_with_the_rows_of_the_product(context: Flask) -> None:
    assert read_categories().categories == DEFAULT_CATEGORIES.categories
    assert {row.key for row in list_causes()} == {row[0] for row in DEFAULT_CAUSES}


def test_the_migrations_leave_the_same_rows(tmp_path: Path) -> None:
    app = create_app(
        Settings(
            instance_dir=tmp_path,
            secret_key="s" * 32,
            audit_key="a" * 32,
            database_url=f"sqlite:///{tmp_path}/migrated.sqlite3",
            environment="test",
        )
    )
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        assert read_categories().categories == DEFAULT_CATEGORIES.categories
        causes = [
            (row.key, row.words["nb"], row.words["nn"], row.words["en"]) for row in list_causes()
        ]
        assert causes == [(key, nb, nn, en) for key, _above, nb, nn, en in DEFAULT_CAUSES]
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def test_causes_stand_below_their_own(context: Flask) -> None:
    causes = list_causes()
    keys = {row.id: row.key for row in causes}
    above = {row.key: keys.get(row.parent_id or 0) for row in causes}
    assert above["prosedyre-ikke-fulgt"] == "prosedyre"
    assert above["annet"] is None
    assert causes[0].depth == 0
    assert causes[1].depth == 1


def test_pages_keep_the_categories_and_reports_look_again(context: Flask) -> None:
    before = load_categories()
    with transaction():
        db.session.execute(
            update(DeviationCategory)
            .where(DeviationCategory.key == "staff")
            .values(name_nb="Arbeidsmiljø")
        )
        db.session.merge(SettingsVersion(id=1, version=7))
    assert load_categories() is before
    assert load_categories(fresh=True).by_key["staff"].words["nb"] == "Arbeidsmiljø"
    assert load_categories().by_key["staff"].words["nb"] == "Arbeidsmiljø"


def test_the_report_page_asks_for_no_categories_twice(
    app: Flask, people: Cast, log_in: Callable[[int], Browser]
) -> None:
    browser = log_in(people.ingrid)
    browser.get("/avvik/meld")
    again = browser.get("/avvik/meld")
    assert not [query for query in again.queries if "deviation_category" in query]
    assert not [query for query in again.queries if "deviation_settings_version" in query]


def test_an_old_case_keeps_its_severity_and_its_words(context: Flask, people: Cast) -> None:
    number = report(
        people.ingrid,
        people.strandheim,
        category=Category.STAFF,
        answers=["staff.lasting", "patient.could"],
    )
    with transaction():
        db.session.execute(update(DeviationCategory).values(name_nb="Noe helt annet"))
        db.session.execute(update(DeviationQuestion).values(text_nb="Nytt spørsmål", means_rank=0))
        db.session.merge(SettingsVersion(id=1, version=2))
    kept = db.session.scalars(select(Deviation).where(Deviation.number == number)).one()
    assert kept.severity == Severity.CRITICAL
    assert category_name(kept.category, kept.reported_words) == "Ansatt (HMS)"
    assert kept.answers == ["staff.lasting"]
    assert answer_words("staff.lasting", kept.reported_words) == "Noen døde, eller fikk varig skade"
    newer = report(people.ingrid, people.strandheim, category="staff", answers=["staff.lasting"])
    made = db.session.scalars(select(Deviation).where(Deviation.number == newer)).one()
    assert made.severity == Severity.LOW
    assert category_name(made.category, made.reported_words) == "Noe helt annet"


def test_a_case_from_before_the_words_were_kept_has_the_first_ones(context: Flask) -> None:
    assert category_name("privacy", None) == "Personvern og IT"
    assert answer_words("privacy.many", None) == "Det gjelder flere enn hundre personer"
    assert category_name(None, None) == "Ikke valgt"
    assert category_name("gone", None) == "gone"
    assert answer_words("gone.q1", {}) == "gone.q1"


@pytest.mark.parametrize("category", ["no-such", "patient.lasting", "x" * 200])
def test_a_category_that_is_not_there_is_refused(
    context: Flask, people: Cast, category: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        report(people.ingrid, people.strandheim, category=category, answers=[])
    assert refused.value.field == "category"


def test_a_category_out_of_use_is_refused_and_the_text_is_kept(
    app: Flask, people: Cast, log_in: Callable[[int], Browser]
) -> None:
    browser = log_in(people.ingrid)
    fields = browser.get("/avvik/meld").form()
    with app.app_context():
        with transaction():
            db.session.execute(
                update(DeviationCategory)
                .where(DeviationCategory.key == "child")
                .values(is_active=False)
            )
            db.session.merge(SettingsVersion(id=1, version=3))
        db.session.remove()
    fields.update(what="Glatt gulv i garderoben.", category="child", unit_id=str(people.strandheim))
    page = browser.post("/avvik/meld", fields)
    assert page.status == 422
    assert "Denne typen er ikke i bruk lenger" in page.text
    assert "Glatt gulv i garderoben." in page.source
    with app.app_context():
        forget_categories()
    assert "Elev eller barn" not in browser.get("/avvik/meld").text


def test_a_handler_gives_only_what_is_in_use(context: Flask, people: Cast) -> None:
    number = report(people.ingrid, people.strandheim, category="patient", answers=[])
    with transaction():
        db.session.execute(
            update(DeviationCategory)
            .where(DeviationCategory.key == "child")
            .values(is_active=False)
        )
        db.session.merge(SettingsVersion(id=1, version=4))
    with pytest.raises(InvalidInput):
        do(people.mona, number, handle.change_category, "child")
    do(people.mona, number, handle.change_category, "privacy")
    kept = db.session.scalars(select(Deviation).where(Deviation.number == number)).one()
    assert set(kept.reported_words or {}) == {"patient", "privacy"}
