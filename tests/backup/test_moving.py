"""From SQLite to PostgreSQL with every row as it was, or not at all."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect, select

from intranet.backup.actions import move
from intranet.backup.tables import WrongValue, plain_of
from intranet.core.models import Counter
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.models import LEAD_LENGTH, TITLE_LENGTH, Article
from intranet.people.models import Person, StandIn, SyncRun
from tests.backup.conftest import Place, fill

# IN-05 to IN-08: what was taken in once must come out the same.
EDGES = [
    "",
    " ",
    "\t\n\r\\N\\.\\x",
    "æøå \u0061\u030a \u00e5 NFC og NFD",
    "\u202eretning\u200b\u200d\ufeff",
    "Z\u0351\u0343\u036b\u0357\u0368 stabel",
    "👩‍⚕️🇳🇴 \U0010ffff",
    "x" * 600_000,
    "1e3 １ 'quote' \"double\" ; DROP TABLE person --",
]
Make = Callable[..., Place]


def edge_rows(place: Place) -> None:
    """Add the edges of texts, numbers, days, moments and JSON; a post and its leader in a ring."""
    with place.app.app_context(), transaction():
        first = db.session.execute(select(Article)).scalars().first()
        assert first is not None
        for position, edge in enumerate(EDGES):
            db.session.add(
                Article(
                    title=edge[:TITLE_LENGTH], lead=edge[:LEAD_LENGTH], body=edge, owner_unit_id=first.owner_unit_id,
                    changed_at=datetime(1 + position, 1, 1, 0, 0, 0, position, tzinfo=UTC),
                )
            )  # fmt: skip
        db.session.add(Counter(name="æ" * 60, value=2**63 - 1))
        db.session.add(Counter(name="Z", value=-(2**63)))
        db.session.add(Counter(name="a", value=0))
        for counts in ({}, [], {"æ": "\u0000 \ud83d"}, {"b": 1, "a": [None, True, 1.5e300]}):
            last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
            db.session.add(
                SyncRun(started_at=last, finished_at=last, outcome="done", counts=counts)
            )


@pytest.fixture
def source(make_place: Make) -> Place:
    """A SQLite installation with the edges in it."""
    place = fill(make_place("first"))
    edge_rows(place)
    return place


@pytest.fixture
def target(make_place: Make) -> Place:
    """An empty PostgreSQL."""
    return make_place("second", "postgresql")


def file_of(place: Place) -> str:
    return str(place.folder / "intranet.sqlite3")


def rows_of(place: Place) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, as the application reads it, sorted here."""
    with place.app.app_context():
        with db.engine.connect() as connection:
            return {
                table.name: sorted(
                    (tuple(row) for row in connection.execute(select(table))), key=repr
                )
                for table in db.metadata.sorted_tables
            }


def test_every_row_is_the_same_afterwards(source: Place, target: Place) -> None:
    """BR-10: with the edges of IN-05 to IN-08; the audit log verifies and the next number is free."""
    # One that was the last and was taken back: its number must not come again.
    with sqlite3.connect(file_of(source)) as connection:
        connection.execute("INSERT INTO sqlite_sequence VALUES ('stand_in', 700)")
    connection.close()
    said = target.flask("database", "copy", file_of(source))
    before, after = rows_of(source), rows_of(target)
    assert before == after
    assert f"{sum(len(rows) for rows in after.values()):,} rader" in said
    target.flask("audit", "verify")
    with target.app.app_context(), transaction():
        ids = db.session.execute(select(Person.id).order_by(Person.id)).scalars().all()
        away = StandIn(leader_id=ids[0], stand_in_id=ids[1], starts_on=date.max, ends_on=date.max)
        article = Article(
            title="Ny", lead="", body="", changed_at=datetime.now(UTC),
            owner_unit_id=db.session.execute(select(Article.owner_unit_id)).scalars().first(),
        )  # fmt: skip
        db.session.add_all([away, article])
        db.session.flush()
        assert away.id == 701
        assert article.id == len(EDGES) + 2
    assert keys_of(target) == wanted_keys(target)


def keys_of(place: Place) -> set[tuple[str, tuple[str, ...]]]:
    with place.app.app_context():
        found = inspect(db.engine)
        return {
            (name, tuple(key["constrained_columns"]))
            for name in found.get_table_names()
            for key in found.get_foreign_keys(name)
        }


def wanted_keys(place: Place) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (table.name, tuple(key.column_keys))
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
    }


def tables_of(place: Place) -> list[str]:
    with place.app.app_context():
        return inspect(db.engine).get_table_names()


UNFIT = [
    ("UPDATE person SET username = hex(randomblob(900)) WHERE id = 3", "en tekst er for lang"),
    ("UPDATE article SET version = 99999999999 WHERE id = 1", "et tall er for stort"),
    ("UPDATE article SET body = 'a' || char(0) || 'b' WHERE id = 1", "NUL-tegn"),
    ("UPDATE alembic_version SET version_num = '0001'", "db upgrade"),
    ("CREATE TABLE another (id INTEGER)", "another"),
]


def test_what_does_not_fit_is_named_and_nothing_is_moved(
    source: Place, target: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BR-10: SQLite takes in what PostgreSQL refuses; no value of it is shown."""
    with source.app.app_context():
        db.session.remove()
        db.engine.dispose()
    with sqlite3.connect(file_of(source)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    # The tables are made by the migrations in the first test; here they need only be the same.
    monkeypatch.setattr(move, "upgrade", lambda **_options: db.create_all())
    for change, words in UNFIT:
        spoiled = source.folder / "spoiled.sqlite3"
        shutil.copy(file_of(source), spoiled)
        with sqlite3.connect(spoiled) as connection:
            connection.execute(change)
        connection.close()
        said = target.flask("database", "copy", str(spoiled), status=1)
        assert words in said, said
        assert tables_of(target) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("is_pinned", 7),
        ("is_pinned", "1"),
        ("changed_at", "i går"),
        ("changed_at", 20261127),
        ("version", "mye"),
        ("version", 1.5),
        ("title", 5),
        ("title", b"bytes"),
    ],
)
def test_value_of_another_kind_than_its_column_is_named(column: str, value: object) -> None:
    """BR-10: SQLite lets every column hold everything."""
    plain = plain_of(db.metadata.tables["article"])
    with pytest.raises(WrongValue, match=f"article.{column}"):
        plain.row([value if name == column else None for name in plain.columns])


def test_database_in_which_something_is_or_that_is_sqlite_is_refused(
    source: Place, make_place: Make, target: Place
) -> None:
    """BR-10: nothing that is there is mixed with what comes."""
    said = source.flask("database", "copy", file_of(source), status=1)
    assert "må være PostgreSQL" in said
    with target.app.app_context():
        db.create_all()
    said = target.flask("database", "copy", file_of(source), status=1)
    assert "ikke tom" in said
    said = target.flask("database", "copy", file_of(target), status=1)
    assert "finnes ikke" in said


def test_row_that_came_out_differently_is_found(
    source: Place, target: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BR-10: the comparison is a real one."""
    genuine = move._copy

    def spoiling(held: object, connection: object, plain: move.Plain, progress: object) -> None:
        genuine(held, connection, plain, progress)  # type: ignore[arg-type]
        if plain.name == "article":
            connection.exec_driver_sql("UPDATE article SET lead = lead || ' ' WHERE id = 2")  # type: ignore[attr-defined]

    monkeypatch.setattr(move, "_copy", spoiling)
    said = target.flask("database", "copy", file_of(source), status=1)
    assert "article: rad 2 er ikke lik" in said
    assert tables_of(target) == []


def test_source_that_somebody_writes_in_is_refused(source: Place, target: Place) -> None:
    writer = sqlite3.connect(file_of(source), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    said = target.flask("database", "copy", file_of(source), status=1)
    writer.execute("ROLLBACK")
    writer.close()
    assert "Stopp tjenestene" in said
    assert tables_of(target) == []
