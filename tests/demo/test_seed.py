"""Seeding: everything by the real actions, once, and never where real people are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.core.clock import now, today
from intranet.core.transaction import transaction
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.workflow import OPEN_STATES, DeviationState
from intranet.extensions import db
from intranet.library.models import Document
from intranet.library.queries.tasks import list_tasks_for as list_library_tasks
from intranet.news.models import Article
from intranet.notifications.models import OutboxMessage
from intranet.people.models import Person, StandIn, Unit
from intranet.people.queries.viewer import load_viewer
from intranet.vacancies.models import Vacancy
from intranet.whistleblowing.models import WhistleCase, WhistleOrigin
from intranet.whistleblowing.workflow import WhistleState

ROOT = Path(__file__).resolve().parents[2]


def _run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["demo", *words])
    assert result.exit_code == 0, result.output
    return result.output


def _count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def _person(username: str) -> Person:
    return db.session.scalars(select(Person).where(Person.username == username)).one()


def test_the_municipality_comes_alive_and_a_second_seeding_changes_nothing(app: Flask) -> None:
    _run(app, "seed")
    with app.app_context():
        _assert_whole()
        before = _counts()
    assert "nothing to do" in _run(app, "seed")
    with app.app_context():
        assert _counts() == before
        db.session.remove()


def _counts() -> list[int]:
    return [_count(table) for table in (Person, Unit, Document, Article, Vacancy, DeviationEntry)]


def _assert_whole() -> None:
    assert _count(Article) == 40
    assert _count(Vacancy) == 12
    assert _count(Deviation) == 163
    published = select(func.count()).where(Document.current_version.is_not(None))
    assert db.session.execute(published).scalar_one() >= 60
    states = Counter(db.session.scalars(select(Deviation.state)))
    assert set(states) == set(DeviationState)
    assert db.session.scalars(select(Deviation).where(Deviation.reported_at > now())).all() == []
    assert db.session.scalars(select(Deviation).where(Deviation.handler_id.is_(None))).all() == []
    assert _count(OutboxMessage) == 0
    whistles = Counter(db.session.scalars(select(WhistleCase.state)))
    assert whistles == {
        WhistleState.INVESTIGATING: 1, WhistleState.CLOSED: 1, WhistleState.RECEIVED: 1,
    }  # fmt: skip
    assert _count(WhistleOrigin) == 1
    _assert_people_have_something_to_do()
    _assert_readme_says_the_same()


def _assert_readme_says_the_same() -> None:
    words = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    published = select(func.count()).where(Document.current_version.is_not(None))
    for count, what in (
        (_count(Person), "people"),
        (db.session.execute(published).scalar_one(), "procedures"),
        (_count(Deviation), "deviations"),
    ):
        assert f"{count} {what}" in words


def _assert_people_have_something_to_do() -> None:
    leader = load_viewer(_person("marit.solvang").id)
    chief = load_viewer(_person("oystein.fjellheim").id)
    assert leader is not None
    assert leader.is_leader
    assert chief is not None
    assert chief.is_chief
    desk = select(Deviation).where(Deviation.handler_id == leader.id)
    waiting = db.session.scalars(desk.where(Deviation.state.in_(OPEN_STATES))).all()
    assert len({deviation.state for deviation in waiting}) >= 3
    assert list_library_tasks(leader)
    critical = select(Deviation).where(
        Deviation.severity_rank == 3, Deviation.state.in_(OPEN_STATES)
    )
    for deviation in db.session.scalars(critical).all():
        assert get_deviation_for(chief, deviation.number)
    absent = db.session.scalars(select(StandIn)).one()
    assert absent.starts_on <= today() <= absent.ends_on
    overdue = select(Document).where(Document.review_on < today())
    assert len(db.session.scalars(overdue).all()) == 2


def test_each_told_account_logs_in_with_its_password_and_has_its_place(app: Flask) -> None:
    from intranet.core.settings import get_settings
    from intranet.demo.actions.directory_file import write_directory_file
    from intranet.demo.organisation import build_organisation
    from intranet.people.directories import open_directory

    rows = json.loads(_run(app, "accounts", "--json"))
    assert len(rows) == 11
    assert set(rows[0]) == {"username", "password", "name", "unit", "role"}
    with app.app_context():
        settings = get_settings()
        assert settings.directory_file is not None
        write_directory_file(settings.directory_file, build_organisation())
        assert settings.directory_file.stat().st_mode & 0o077 == 0
        directory = open_directory(settings)
        for row in rows:
            assert directory.authenticate(row["username"], row["password"]).name == row["name"]


def test_seeding_is_refused_among_persons_of_another_directory(app: Flask) -> None:
    with app.app_context(), transaction():
        unit = Unit(directory_key="x", name="Annen kommune", level="municipality", path="/1/")
        db.session.add(unit)
        db.session.flush()
        db.session.add(
            Person(
                directory_key="4f1c", username="ekte", username_key="ekte", name="Ekte Person",
                name_key="ekte person", home_unit_id=unit.id,
            )
        )  # fmt: skip
    result = app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 1
    assert "another directory" in result.output
    with app.app_context():
        assert _count(Deviation) == 0
        db.session.remove()


def test_seeding_is_refused_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    settings = replace(app.extensions["intranet_settings"], environment="production")
    monkeypatch.setitem(app.extensions, "intranet_settings", settings)
    result = app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 1
    assert "production" in result.output
