"""The chain: it grows without gaps, and every change, removal or swap shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from intranet.audit import queries
from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.words import EVENTS
from intranet.core.actor import SYSTEM
from intranet.core.transaction import transaction
from intranet.extensions import db


def _append(app: Flask, count: int) -> None:
    for number in range(count):
        with app.app_context(), transaction():
            record(
                AuditEvent.LOGIN_SUCCEEDED,
                actor=SYSTEM,
                subject="person",
                subject_id=number,
                details={"år": number},
            )


def _tamper(app: Flask, statement: str) -> None:
    """Change rows as someone with the database password can, past the guard."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("audit_entry_no_update", "audit_entry_no_delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def test_untouched_chain_is_whole(app: Flask) -> None:
    _append(app, 5)
    with app.app_context():
        assert queries.find_fault() is None
        assert queries.head()[0] == 5


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE audit_entry SET actor_name = 'Noen' WHERE sequence = 3", 3),
        ("UPDATE audit_entry SET details = '{\"år\": 9}' WHERE sequence = 2", 2),
        ("DELETE FROM audit_entry WHERE sequence = 3", 3),
        ("DELETE FROM audit_entry WHERE sequence > 3", 4),
        ("UPDATE audit_entry SET sequence = 99 WHERE sequence = 1", 1),
    ],
)
def test_tampering_is_found_and_named(app: Flask, statement: str, sequence: int) -> None:
    """AD-01, AD-02."""
    _append(app, 5)
    _tamper(app, statement)
    with app.app_context():
        fault = queries.find_fault()
        assert fault is not None
        assert fault.sequence == sequence


def test_newest_rows_removed_with_their_head_are_found_through_the_anchor(
    app: Flask, tmp_path: Path
) -> None:
    """AD-03."""
    _append(app, 5)
    anchor = tmp_path / "anchor.txt"
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "anchor", str(anchor)]).exit_code == 0
    with app.app_context():
        kept = queries.find_digest(3)
    _tamper(app, "DELETE FROM audit_entry WHERE sequence > 3")
    _tamper(app, f"UPDATE audit_head SET sequence = 3, digest = '{kept}'")
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    result = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    assert result.exit_code == 1
    assert "entry 5" in result.output


def test_parallel_appends_leave_no_gap(app: Flask) -> None:
    """AD-05."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: _append(app, 5), range(8)))
    with app.app_context():
        assert queries.head()[0] == 40
        assert queries.find_fault() is None


def test_rolled_back_change_leaves_no_entry(app: Flask) -> None:
    """AD-06."""
    with app.app_context(), pytest.raises(RuntimeError), transaction():
        record(AuditEvent.LOGIN_SUCCEEDED, actor=SYSTEM, subject="person", subject_id=1)
        raise RuntimeError
    with app.app_context():
        assert queries.head()[0] == 0


def test_application_cannot_change_or_remove_entries(app: Flask) -> None:
    """AD-10."""
    _append(app, 1)
    for statement in ("UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry"):
        with app.app_context(), pytest.raises(Exception, match="audit"), db.engine.begin() as c:
            c.execute(text(statement))


def test_every_event_has_words_for_those_who_read_the_log() -> None:
    assert set(EVENTS) == set(AuditEvent)
