"""Sends each role to each route, and puts the database back after what was done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, text
from werkzeug.routing import Rule

from intranet.extensions import db
from tests.browser import Browser
from tests.cast import Cast
from tests.security.world import ROLES, VISITOR, Values, World

# The audit is never changed, not even by a test.
NEVER_PUT_BACK = ("audit_entry", "audit_head")
DONE = frozenset({200, 201, 202, 204, 301, 302, 303})


class Snapshot:
    """All rows of a small database, to be put back."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            tables = db.metadata.sorted_tables
            self.tables = [table for table in tables if table.name not in NEVER_PUT_BACK]
            with db.engine.connect() as connection:
                self.rows = {
                    table.name: [dict(row._mapping) for row in connection.execute(table.select())]
                    for table in self.tables
                }
                self.marks = {table.name: _mark(connection, table.name) for table in self.tables}

    def put_back(self) -> None:
        """Make every table what it was; those that nothing was done to are left alone."""
        with self.app.app_context(), db.engine.connect() as connection:
            changed = [
                table
                for table in self.tables
                if _mark(connection, table.name) != self.marks[table.name]
            ]
            connection.rollback()
            if not changed:
                return
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

    def digest(self) -> dict[str, list[Any]]:
        """Return what is in the tables now, for comparing."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                table.name: sorted(str(tuple(row)) for row in connection.execute(table.select()))
                for table in self.tables
            }


def _mark(connection: Connection, name: str) -> list[str]:
    """Return what the table holds, as the driver gives it."""
    return sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"')))


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
    if "article_id" in rule.arguments:
        return "article"
    if "vacancy_id" in rule.arguments:
        return "vacancy"
    if "case_id" in rule.arguments:
        return "whistle"
    if "number" in rule.arguments:
        return "document" if rule.endpoint.startswith("library.") else "case"
    return ""


def addresses(app: Flask, rule: Rule, world: World) -> dict[str, str]:
    """Return the address of the rule for each state of its object."""
    states: dict[str, Values] = world.kinds.get(kind_of(rule), {"any": {}})
    found = {}
    for state, values in states.items():
        given = {**world.single, **values}
        missing = rule.arguments - given.keys()
        assert not missing, f"{rule.rule}: give {missing} a value in tests/security/world.py"
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            found[state] = adapter.build(
                rule.endpoint, {name: given[name] for name in rule.arguments}
            )
    return found


def ask(browser: Browser, token: str, method: str, address: str) -> int:
    """Return the status of one request, without following it."""
    data = {"csrf_token": token} if method != "GET" else None
    response = browser.client.open(address, method=method, data=data)
    status = response.status_code
    response.close()
    return status
