"""Telephone numbers: the administrator's, shown on the case, and the same in migrations."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from intranet import create_app
from intranet.audit.models import AuditEntry
from intranet.config import Settings
from intranet.deviations.actions import types
from intranet.deviations.authority_numbers import DEFAULT_NUMBERS
from intranet.deviations.clock_models import AuthorityNumber
from intranet.deviations.follow_up import DEFAULT_FOLLOW_UP
from intranet.deviations.follow_up_models import FollowUpTemplate
from intranet.deviations.type_words import BANNERS, HINTS
from intranet.deviations.types import Kind
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import do, report

LogIn = Callable[[int], Browser]
ROOT = Path(__file__).resolve().parents[2]
ROOM = "/administrasjon/avvik/telefon"


def case_of(app: Flask, people: cast.Cast, kind: Kind) -> str:
    """A case of the kind; its address."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, types.choose_kind, kind)
        db.session.remove()
    return f"/avvik/{number}"


def numbers_of(rows: list[AuthorityNumber]) -> list[tuple[str, ...]]:
    return [
        (row.kind, row.number, row.name_nb, row.name_nn, row.name_en)
        + (row.note_nb, row.note_nn, row.note_en)
        for row in rows
    ]


def test_the_migrations_leave_the_rows_of_the_product(tmp_path: Path) -> None:
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
        numbers = db.session.scalars(select(AuthorityNumber).order_by(AuthorityNumber.id)).all()
        assert numbers_of(list(numbers)) == [
            (row.kind, row.number, *row.name.values(), *row.note.values())
            for row in DEFAULT_NUMBERS
        ]
        templates = db.session.scalars(select(FollowUpTemplate).order_by(FollowUpTemplate.id)).all()
        assert [
            (row.kind, row.days, row.text_nb, row.text_nn, row.text_en) for row in templates
        ] == [(row.kind, row.days, *row.words.values()) for row in DEFAULT_FOLLOW_UP]
        db.session.remove()
        db.engine.dispose()


def test_no_number_stands_in_the_words_of_the_product_about_kinds() -> None:
    for words in [*BANNERS.values(), *HINTS.values()]:
        assert not re.search(r"\d{3}", str(words))


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Kind.WORK_INJURY, ["73 19 97 00", "112", "02800", "113"]),
        (Kind.POLLUTION, ["110", "120"]),
        (Kind.DATA_BREACH, ["22 39 69 00"]),
        (Kind.VIOLENCE, ["112", "02800"]),
    ],
)
def test_a_case_shows_the_numbers_of_its_kind_to_call_with_one_press(
    app: Flask, people: cast.Cast, log_in: LogIn, kind: Kind, shown: list[str]
) -> None:
    address = case_of(app, people, kind)
    page = log_in(people.mona).get(address)
    for number in shown:
        assert f"tel:{number.replace(' ', '')}" in page.links()
    assert "tel:22400000" not in page.links()
    reporter = log_in(people.ingrid).get(address)
    assert not any(link.startswith("tel:") for link in reporter.links())


def test_the_administrator_changes_a_number_and_every_case_shows_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    address = case_of(app, people, Kind.WORK_INJURY)
    adam = log_in(people.adam)
    with app.app_context():
        row = db.session.scalars(
            select(AuthorityNumber).where(AuthorityNumber.number == "73 19 97 00")
        ).one()
        one = f"{ROOM}/{row.id}"
        db.session.remove()
    fields = adam.get(one).form()
    assert adam.post(one, {**fields, "number": "ring oss"}).status == 422
    adam.post(one, {**fields, "number": "73 00 00 00"})
    assert "tel:73000000" in log_in(people.mona).get(address).links()
    assert adam.post(one, {**fields, "number": "73 11 11 11"}).status == 409
    fresh = adam.get(one).form()
    fresh.pop("is_active")
    adam.post(one, fresh)
    assert "tel:73000000" not in log_in(people.mona).get(address).links()
    new = {name: f"{name} tekst" for name in adam.get(f"{ROOM}/nytt").form() if "_n" in name}
    page = adam.post(
        f"{ROOM}/nytt",
        {
            **adam.get(f"{ROOM}/nytt").form(),
            **new,
            "name_en": "Duty",
            "note_en": "Always",
            "number": "+47 55 55 55 55",
        },
    )
    assert "+47 55 55 55 55" in page.text.replace("\xa0", " ")
    with app.app_context():
        events = db.session.scalars(
            select(AuditEntry.event)
            .where(AuditEntry.event.like("deviation_setting.%"))
            .order_by(AuditEntry.sequence)
        ).all()
        assert events == ["deviation_setting.changed"] * 2 + ["deviation_setting.added"]


def test_others_read_or_do_not_see_the_page(people: cast.Cast, log_in: LogIn) -> None:
    assert log_in(people.kari).get(ROOM).status == 200
    assert log_in(people.kari).get(f"{ROOM}/1").status == 403
    assert log_in(people.mona).get(ROOM).status == 403
