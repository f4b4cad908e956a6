"""The chain: it grows without gaps, and every change, removal or swap shows."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text

from intranet.audit import chain, queries
from intranet.audit.actions import audit_key, payload_of, record
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry, AuditHead
from intranet.audit.words import EVENTS
from intranet.core.actor import SYSTEM
from intranet.core.clock import now, stopped_at
from intranet.core.transaction import transaction
from intranet.extensions import db
from tests.audit.tampering import tamper


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
    tamper(app, statement)
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
    tamper(app, "DELETE FROM audit_entry WHERE sequence > 3")
    tamper(app, f"UPDATE audit_head SET sequence = 3, digest = '{kept}'")
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    result = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    assert result.exit_code == 1
    assert "linje 5" in result.output


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


def _forge(app: Flask, key: bytes) -> None:
    """Change the second entry and compute every digest anew, as who has the database but no key."""
    with app.app_context():
        previous, digests = chain.START, {}
        for sequence, _digest, payload in queries._links():
            if sequence == 2:
                payload = {**payload, "actor_commitment": chain.commitment("s", "Noen andre")}
            previous = digests[sequence] = chain.digest(key, previous, payload)
        db.session.remove()
    tamper(
        app,
        "UPDATE audit_entry SET actor_name = 'Noen andre', actor_salt = 's' WHERE sequence = 2",
    )
    for sequence, digest in digests.items():
        tamper(app, f"UPDATE audit_entry SET digest = '{digest}' WHERE sequence = {sequence}")
    tamper(app, f"UPDATE audit_head SET digest = '{previous}'")


def test_whoever_computes_the_whole_chain_anew_needs_the_key(app: Flask) -> None:
    """AD-04: the key lies outside the database; with it the forgery would not show."""
    _append(app, 5)
    _forge(app, b"gjettet")
    with app.app_context():
        fault = queries.find_fault()
        assert fault is not None
        assert (fault.sequence, fault.kind) == (1, "changed")
        key = audit_key()
    _forge(app, key)
    with app.app_context():
        assert queries.find_fault() is None


def test_restored_older_backup_is_told_by_its_anchor(app: Flask, tmp_path: Path) -> None:
    """AD-13."""
    _append(app, 5)
    anchor = tmp_path / "anchor.txt"
    runner = app.test_cli_runner()
    runner.invoke(args=["audit", "anchor", str(anchor)])
    with app.app_context():
        kept = queries.find_digest(2)
    tamper(app, "DELETE FROM audit_entry WHERE sequence > 2")
    tamper(app, f"UPDATE audit_head SET sequence = 2, digest = '{kept}'")
    result = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    assert result.exit_code == 1
    assert "eldre enn siste anker, som er linje 5" in result.output


def test_clock_set_back_is_told_and_breaks_no_chain(app: Flask) -> None:
    """AD-12: the sequence decides; the hour that the autumn night has twice is no step back."""
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for moment in (night, night + timedelta(hours=1), night - timedelta(hours=1)):
        with stopped_at(moment):
            _append(app, 1)
    with app.app_context():
        assert queries.list_clock_steps() == [(2, timedelta(hours=2))]
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0
    assert "klokka ble stilt tilbake 2:00:00 etter linje 2" in result.output
    assert "hel, 3 linjer" in result.output


def test_chain_is_checked_as_a_stream(app: Flask) -> None:
    """AD-15: nine batches need no more memory than three."""
    peaks = []
    for more in (3 * queries.BATCH, 6 * queries.BATCH):
        _fill(app, more)
        tracemalloc.start()
        with app.app_context():
            assert queries.find_fault() is None
            db.session.remove()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def _fill(app: Flask, count: int) -> None:
    """Add so many entries with their digests in one transaction."""
    with app.app_context(), transaction():
        sequence, digest = queries.head()
        rows: list[dict[str, Any]] = []
        for number in range(sequence + 1, sequence + count + 1):
            row: dict[str, Any] = {
                "sequence": number, "happened_at": now(), "event": "login.succeeded",
                "actor_id": None, "actor_name": "", "on_behalf_of": None, "subject": "person",
                "subject_id": "1", "unit_id": None, "details": "{}",
                # As entries were written before names could be erased.
                "actor_salt": None, "actor_commitment": None,
            }  # fmt: skip
            digest = row["digest"] = chain.digest(audit_key(), digest, payload_of(row))
            rows.append(row)
        db.session.execute(insert(AuditEntry), rows)
        db.session.merge(AuditHead(id=1, sequence=rows[-1]["sequence"], digest=digest))
