"""Sends each role to each route, and puts the database back after what was done."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, Row, event, insert, text
from werkzeug.routing import Rule

from intranet.anonymous import code_pages
from intranet.deviations.queries.settings import forget_categories
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.security.world import ROLES, VISITOR, Values, World

# The audit is never changed, not even by a test.
NEVER_PUT_BACK = ("audit_entry", "audit_head")
NOTED_ALL_THE_SAME = ("login_session", "deviation_opening", "whistle_opening")
# Reading writes only that a confidential case was read, here and in the audit.
READ_AUDIT = frozenset({"deviation_opening", "whistle_opening", *NEVER_PUT_BACK})
DONE = frozenset({200, 201, 202, 204, 301, 302, 303})
# What the addresses of a kind have in common, and the rooms whose pages open by a code.
KINDS_BY_ARGUMENT = {
    "action_id": "action",
    "article_id": "article",
    "vacancy_id": "vacancy",
    "case_id": "whistle",
    "number": "case",
}
KINDS_BY_ROOM = {"anonymous": "anonymous", "varsling": "notice"}
# Opened by the code of another room.
KINDS_BY_ENDPOINT = {"varsling.ask_to_move": "anonymous"}
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


class Snapshot:
    """All rows of a small database, to be put back.

    While it is listening, it notes which tables are written to, so that only those are put back.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.written: set[str] = set()
        with app.app_context():
            tables = db.metadata.sorted_tables
            self.tables = [table for table in tables if table.name not in NEVER_PUT_BACK]
            with db.engine.connect() as connection:
                self.rows = {
                    table.name: [dict(row._mapping) for row in connection.execute(table.select())]
                    for table in self.tables
                }

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note the tables that are written to within the block."""

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            found = _WRITES.match(statement)
            if found:
                self.written.add(found.group(1))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    def put_back(self) -> None:
        """Make every table what it was; those that nothing was written to are left alone."""
        changed = [table for table in self.tables if table.name in self.written]
        self.written.clear()
        if not changed:
            return
        with self.app.app_context(), db.engine.connect() as connection:
            # Past SQLAlchemy's own transaction, in which SQLite ignores the switch.
            raw: Any = connection.connection.dbapi_connection
            is_sqlite = connection.dialect.name == "sqlite"
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=OFF")
            else:
                connection.execute(text("SET session_replication_role = replica"))
            for table in reversed(changed):
                connection.execute(table.delete())
            for table in changed:
                if self.rows[table.name]:
                    connection.execute(insert(table), self.rows[table.name])
            if not is_sqlite:
                connection.execute(text("SET session_replication_role = DEFAULT"))
            connection.commit()
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")
            forget_categories()
        self.written.clear()

    def is_changed(self, besides: Collection[str] = ()) -> bool:
        """Whether a table that was written to holds something else now; a rolled back one not."""
        tables = [table for table in self.tables if table.name in self.written]
        # That the session was used, and that somebody looked, is noted also when a step is refused.
        tables = [table for table in tables if table.name not in {*NOTED_ALL_THE_SAME, *besides}]
        if not tables:
            return False
        with self.app.app_context(), db.engine.connect() as connection:
            return any(
                _sorted(dict(row._mapping) for row in connection.execute(table.select()))
                != _sorted(self.rows[table.name])
                for table in tables
            )

    def text_of_written(self) -> str:
        """Return what is now in the tables that were written to, as one text."""
        tables = [table for table in self.tables if table.name in self.written]
        with self.app.app_context(), db.engine.connect() as connection:
            return "\n".join(
                str(value)
                for table in tables
                for row in connection.execute(table.select())
                for value in _leaves(row)
            )

    def digest(self) -> dict[str, list[Any]]:
        """Return what is in the tables now, for comparing."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                table.name: sorted(str(tuple(row)) for row in connection.execute(table.select()))
                for table in self.tables
            }


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the values within rows, lists and tables of values."""
    if isinstance(value, dict):
        yield from _leaves(list(value.values()))
    elif isinstance(value, (Row, list, tuple)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _sorted(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


def browsers(app: Flask, people: Cast) -> dict[str, Browser]:
    """Return one browser per role; the visitor's has no session."""
    found = {role: Browser(app).logged_in_as(people.ids[person]) for role, person in ROLES.items()}
    return {**found, VISITOR: Browser(app)}


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Yield "GET endpoint" or "POST endpoint" with the rule, each method by itself."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method in (rule.methods or ()):
                yield f"{method} {rule.endpoint}", rule


def kind_of(rule: Rule) -> str:
    """Return the kind of object that the address names, or "" when none has states."""
    for argument, kind in KINDS_BY_ARGUMENT.items():
        if argument in rule.arguments:
            is_document = argument == "number" and rule.endpoint.startswith("library.")
            return "document" if is_document else kind
    room = rule.endpoint.partition(".")[0]
    return KINDS_BY_ENDPOINT.get(rule.endpoint, KINDS_BY_ROOM.get(room, ""))


def values_of(rule: Rule, world: World) -> dict[str, Values]:
    """Return what fills address and form of the rule, for each state of its object."""
    states: dict[str, Values] = world.kinds.get(kind_of(rule), {"any": {}})
    return {state: {**world.single, **values} for state, values in states.items()}


def addresses(app: Flask, rule: Rule, world: World) -> dict[str, str]:
    """Return the address of the rule for each state of its object."""
    found = {}
    for state, given in values_of(rule, world).items():
        missing = rule.arguments - given.keys()
        assert not missing, f"{rule.rule}: give {missing} a value in tests/security/world.py"
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            found[state] = adapter.build(
                rule.endpoint, {name: given[name] for name in rule.arguments}
            )
    return found


def ask(
    browser: Browser, token: str, method: str, address: str, body: dict[str, Any] | None = None
) -> int:
    """Return the status of one request, without following it."""
    data = {"csrf_token": token, **(body or {})} if method != "GET" else None
    response = browser.client.open(address, method=method, data=data)
    status = response.status_code
    response.close()
    return status


def own_values(app: Flask, people: Cast) -> dict[str, dict[str, int | None]]:
    """Return what each role fills in of its own: the unit that the person leads, or works in."""
    found: dict[str, dict[str, int | None]] = {VISITOR: {"own_unit": people.strandheim}}
    with app.app_context():
        for role, name in ROLES.items():
            viewer = cast.viewer(people.ids[name])
            led = [unit.unit_id for unit in viewer.led]
            found[role] = {"own_unit": led[0] if led else viewer.home_unit_id}
        db.session.remove()
    return found


def fill_buckets() -> None:
    """Let the pages without a session take in one more: the table asks who may, not how often."""
    for bucket in (code_pages.SENDINGS, code_pages.OPENINGS):
        bucket.left = float(bucket.capacity)
