"""Instances to measure on: the demonstration municipality, and as many rows as a large one has."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import stamp
from sqlalchemy import func, insert, select, text, update

from intranet import create_app
from intranet.config import Settings
from intranet.core.actor import Role
from intranet.core.clock import now, today
from intranet.core.transaction import transaction
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.login.actions import open_session
from intranet.news.models import Article
from intranet.news.visibility import ArticleState
from intranet.people.models import Membership, Person, RoleGrant, Unit
from intranet.search import indexing

READER = "silje.bakke"
LEADER = "marit.solvang"


@dataclass(frozen=True)
class Size:
    """How many rows an instance has, the demonstration's own among them."""

    articles: int = 5_000
    deviations: int = 10_000
    persons: int = 500


USUAL = Size()
WORDS = [
    "legemidler",
    "turnus",
    "beredskap",
    "varsling",
    "ferie",
    "opplæring",
    "brannvern",
    "renhold",
    "personopplysninger",
    "sykefravær",
    "barnehage",
    "skole",
    "vernerunde",
    "avtale",
    "journal",
    "nøkkel",
    "vaktliste",
    "budsjett",
    "kurs",
    "møte",
]
# No real number of a case reaches this year.
_FIRST_NUMBER = 1_990_000_000
_LED = (
    select(Person.id, Unit.id)
    .join(Unit, Unit.leader_id == Person.id)
    .where(Person.username == LEADER, Unit.is_active)
)


def settings_of(folder: Path, url: str = "") -> Settings:
    """Return settings of a scratch instance; the file is where `wsgi.py` looks by default."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        instance_dir=folder,
        secret_key="s" * 32,
        audit_key="a" * 32,
        database_url=url or f"sqlite:///{folder / 'intranet.sqlite3'}",
        environment="demo",
        base_url="http://localhost",
        directory_file=folder / "directory.json",
    )


def empty(folder: Path, url: str = "") -> Flask:
    """Return an application on empty tables."""
    app = create_app(settings_of(folder, url))
    with app.app_context():
        db.create_all()
        stamp()
        db.session.remove()
    return app


def seeded(folder: Path, url: str = "") -> Flask:
    """Return an application with the demonstration municipality."""
    app = empty(folder, url)
    result = app.test_cli_runner().invoke(args=["demo", "seed"])
    if result.exit_code:
        raise RuntimeError(result.output)
    return app


def fill(app: Flask, size: Size = USUAL) -> None:
    """Add articles, deviations and persons up to the size, and index them."""
    with app.app_context():
        with transaction():
            _add_persons(size.persons)
        reporters = db.session.execute(
            select(Person.id, Person.home_unit_id).where(Person.home_unit_id.is_not(None))
        ).all()
        with transaction():
            have = db.session.execute(select(func.count()).select_from(Article)).scalar_one()
            db.session.execute(insert(Article), list(_articles(reporters, size.articles - have)))
            db.session.execute(insert(Deviation), list(_deviations(reporters, size.deviations)))
        indexing.rebuild()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
        db.session.remove()


def _add_persons(count: int) -> None:
    units = db.session.execute(select(Unit.id).where(Unit.is_active).order_by(Unit.id)).scalars()
    places = list(units)
    have = db.session.execute(select(func.count()).select_from(Person)).scalar_one()
    rows = [
        {
            "directory_key": f"maalt-{n}",
            "username": f"maalt{n}",
            "username_key": f"maalt{n}",
            "name": f"Navn Nummer{n}",
            "name_key": f"navn nummer{n}",
            "initials": "NN",
            "home_unit_id": places[n % len(places)],
        }
        for n in range(count - have)
    ]
    if not rows:
        return
    made = db.session.execute(insert(Person).returning(Person.id, Person.home_unit_id), rows).all()
    members = [{"person_id": person, "unit_id": unit} for person, unit in made]
    db.session.execute(insert(Membership), members)


def fill_desk(app: Flask, count: int) -> tuple[int, int]:
    """Give a leader `count` open cases of the filled ones; return the leader and one number."""
    with app.app_context():
        leader, unit = db.session.execute(_LED).first() or (0, 0)
        open_ones = (
            select(Deviation.id)
            .where(Deviation.number >= _FIRST_NUMBER, Deviation.reporter_id != leader)
            .order_by(Deviation.id)
            .limit(count)
        )
        day = today() + timedelta(days=5)
        with transaction():
            db.session.execute(
                update(Deviation)
                .where(Deviation.id.in_(open_ones.scalar_subquery()))
                .values(
                    state="reported",
                    handler_id=leader,
                    handler_unit_id=unit,
                    line_unit_id=unit,
                    unit_id=unit,
                    deadline_kind="acknowledge",
                    due_on=day,
                    desk_on=day,
                    closed_at=None,
                )
                .execution_options(synchronize_session=False)
            )
        db.session.remove()
    return desk_of(app)


def desk_of(app: Flask) -> tuple[int, int]:
    """Return the leader with the full desk and the number of one of the cases."""
    with app.app_context():
        leader, unit = db.session.execute(_LED).first() or (0, 0)
        mine = Deviation.handler_id == leader, Deviation.handler_unit_id == unit
        number = db.session.execute(
            select(func.min(Deviation.number)).where(*mine, Deviation.number >= _FIRST_NUMBER)
        ).scalar_one()
        db.session.remove()
    return leader, number


def drafts(app: Flask, count: int) -> tuple[int, list[int]]:
    """Add drafts that one editor may publish; return the editor's and the drafts' ids."""
    with app.app_context():
        with transaction():
            editor, unit = db.session.execute(
                select(RoleGrant.person_id, func.coalesce(RoleGrant.unit_id, Person.home_unit_id))
                .join(Person, Person.id == RoleGrant.person_id)
                .where(RoleGrant.role == Role.EDITOR)
                .order_by(RoleGrant.id)
            ).first() or (0, 0)
            rows = [_article(n, editor, unit) for n in range(count)]
            rows = [{**row, "state": ArticleState.DRAFT, "publish_at": None} for row in rows]
            made = db.session.execute(insert(Article).returning(Article.id), rows).scalars().all()
        db.session.remove()
    return editor, list(made)


def person_ids(app: Flask, count: int) -> list[int]:
    """Return ids of people who have a place to work."""
    with app.app_context():
        found = select(Person.id).where(
            Person.home_unit_id.is_not(None), Person.is_directory_active
        )
        ids = list(db.session.execute(found.order_by(Person.id).limit(count)).scalars())
        db.session.remove()
    return ids


def reader_id(app: Flask) -> int:
    """Return the id of the person who reads."""
    with app.app_context():
        found = db.session.execute(select(Person.id).where(Person.username == READER)).scalar_one()
        db.session.remove()
    return found


def browser_of(app: Flask, person_id: int) -> FlaskClient:
    """Return a client in which the person is logged in, and that takes gzip as browsers do."""
    with app.app_context():
        with transaction():
            token = open_session(person_id, address="127.0.0.1", agent="bench")
        db.session.remove()
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    return client


def cookies_of(client: FlaskClient) -> str:
    """Return the client's cookies as a browser sends them."""
    return "; ".join(f"{each.key}={each.value}" for each in (client._cookies or {}).values())


def _article(n: int, author: int, unit: int) -> dict[str, Any]:
    first, second = WORDS[n % len(WORDS)], WORDS[n * 7 % len(WORDS)]
    moment = now() - timedelta(hours=2 * n + 1)
    return {
        "state": ArticleState.PUBLISHED,
        "title": f"Sak {n} om {first} og {second}",
        "lead": f"Det er nytt om {first}. Les hva det betyr for deg og for {second}.",
        "body": f"## Hva er nytt?\n\nVi endrer rutinen for **{first}**. Se også {second}.\n\n" * 8,
        "owner_unit_id": unit,
        "author_id": author,
        "publish_at": moment,
        "changed_at": moment,
        "version": 1,
    }


def _articles(people: Any, count: int) -> Iterator[dict[str, Any]]:
    return (_article(n, *people[n % len(people)]) for n in range(count))


def _deviations(people: Any, count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        person, unit = people[n % len(people)]
        moment = now() - timedelta(minutes=n)
        yield {
            "number": _FIRST_NUMBER + n,
            "version": 1,
            "state": "closed" if n % 10 else "reported",
            "reporter_id": person,
            "send_key": str(uuid.uuid4()),
            "reported_at": moment,
            "happened_at": moment,
            "unit_id": unit,
            "line_unit_id": unit,
            "what": f"Hendelse {n}: vått gulv.",
            "text_key": f"hendelse {n}: vått gulv.",
            "severity_rank": n % 3,
            "desk_on": None if n % 10 else date.min,
        }
