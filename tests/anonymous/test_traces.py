"""Nothing ties a report to a person or a moment: database, files, logs, mails, audit (AN)."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import DateTime, inspect, select, text
from sqlalchemy.exc import OperationalError

from intranet.anonymous import models
from intranet.anonymous.actions import deliver as delivering
from intranet.anonymous.actions import send
from intranet.anonymous.jobs import follow_plan
from intranet.anonymous.models import AnonymousFile, AnonymousReport
from intranet.anonymous.queries import find_plan
from intranet.audit.models import AuditEntry
from intranet.core.clock import OSLO
from intranet.core.settings import get_settings
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.extensions import db
from intranet.login.models import LoginSession
from intranet.notifications.models import Notice, OutboxMessage
from tests import cast
from tests.anonymous.conftest import AFTERNOON, Nobody, plain, upload
from tests.browser import Browser
from tests.core import hostile

Clock = Callable[[datetime], None]
Deliver = Callable[[], datetime]
LogIn = Callable[[int], Browser]

AGENT = "Kjennetegn-Agent-9981"
ADDRESS = "203.0.113.77"
CANARY = "Kanarifugl-4711-i-trappa"


def everything(app: Flask) -> dict[str, str]:
    """All rows of all tables as text, by table."""
    with app.app_context():
        found = {}
        for name in inspect(db.engine).get_table_names():
            rows = db.session.execute(text(f'select * from "{name}"')).all()
            found[name] = "\n".join(repr(tuple(row)) for row in rows)
        db.session.remove()
    return found


def on_disk(app: Flask) -> bytes:
    """Every byte of the instance: database, its log, uploads, index."""
    with app.app_context():
        folder = get_settings().instance_dir
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def known_visitor(log_in: LogIn, person_id: int) -> Nobody:
    """Somebody who is logged in and reports without a name in the same browser."""
    nobody = Nobody(log_in(person_id))
    nobody.browser.client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    return nobody


def test_logged_in_browser_leaves_nothing_of_itself(
    app: Flask,
    at: Clock,
    people: cast.Cast,
    log_in: LogIn,
    deliver: Deliver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """AN-01, AN-06."""
    at(AFTERNOON)
    visitor = known_visitor(log_in, people.tor)
    cookie = visitor.browser.client.get_cookie("okt")
    before = everything(app)
    at(AFTERNOON + timedelta(minutes=10))
    with caplog.at_level(logging.DEBUG):
        sent = visitor.report(people.strandheim, what=CANARY)
        visitor.open()
        visitor.add("Mer om det samme.")
    assert sent.heading == "Meldingen er tatt vare på"
    after = everything(app)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"anonymous_report", "anonymous_message"}
    assert visitor.browser.client.get_cookie("okt") == cookie
    spoken = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    deliver()
    rows = "\n".join(everything(app).values())
    stored = on_disk(app)
    for trace in (AGENT, ADDRESS, plain(visitor.code), str(cookie.decoded_value if cookie else "")):
        assert trace
        assert trace not in rows
        assert trace.encode() not in stored
        assert trace not in spoken
    assert CANARY not in spoken
    assert "intranet.request" not in spoken
    # What the delivery made names nobody but those who are told.
    with app.app_context():
        for table, column in (
            (AuditEntry, "actor_id"), (DeviationEntry, "author_id"), (Deviation, "reporter_id"),
        ):  # fmt: skip
            assert people.tor not in db.session.execute(select(getattr(table, column))).scalars()
        told = set(db.session.execute(select(Notice.recipient_id)).scalars())
        assert told == {people.mona}
        db.session.remove()


def test_anonymous_sending_asks_for_no_person(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    """AN-02: neither the report, nor the way back to it, nor an answer."""
    visitor = known_visitor(log_in, people.tor)
    start = visitor.start()
    form = visitor.type_code(start)
    pages = [
        start,
        form,
        visitor.fill(form, people.strandheim, files=upload(hostile.jpeg(), "a.jpg")),
        visitor.open(),
        visitor.add("Mer."),
        visitor.open("0" * 24),
    ]
    statements = [each.lower() for page in pages for each in page.queries]
    assert statements
    for table in ("person", "login_", "membership", "role_grant", "stand_in", "notice", "audit"):
        assert [each for each in statements if f" {table}" in each] == [], table


def test_last_use_of_the_session_stays(
    app: Flask, at: Clock, people: cast.Cast, log_in: LogIn
) -> None:
    """AN-06: also when an ordinary page would have moved it."""
    at(AFTERNOON)
    visitor = known_visitor(log_in, people.tor)

    def seen() -> datetime:
        with app.app_context():
            moment = db.session.execute(select(LoginSession.seen_at)).scalar_one()
            db.session.remove()
        return moment

    first = seen()
    at(AFTERNOON + timedelta(minutes=20))
    visitor.report(people.strandheim)
    assert seen() == first
    visitor.browser.get("/varsler")
    assert seen() != first


def test_tables_hold_days_and_random_keys_only(app: Flask) -> None:
    """AN-04, AN-05."""
    for table in (models.AnonymousReport, models.AnonymousMessage, models.AnonymousFile):
        columns = table.__table__.columns
        assert not [c.name for c in columns if isinstance(c.type, DateTime)]
        assert not [c.name for c in columns if "impl" in vars(c.type) and c.name.endswith("_at")]
        assert {c.name for c in columns if c.name.endswith(("_at", "_by"))} == set()
        [key] = table.__table__.primary_key.columns
        assert key.type.python_type is str
    keys = [models.random_key() for _n in range(500)]
    assert len(set(keys)) == 500
    assert keys != sorted(keys)


def test_sqlite_counts_no_rows(app: Flask, database: str) -> None:
    """AN-04: the row number would be the order of coming."""
    if database != "sqlite":
        pytest.skip("only SQLite numbers its rows")
    with app.app_context():
        for name in ("anonymous_report", "anonymous_message", "anonymous_file"):
            with pytest.raises(OperationalError, match="rowid"):
                db.session.execute(text(f"select rowid from {name}"))
            db.session.rollback()
        db.session.remove()


def test_log_of_writes_is_emptied_at_once(
    app: Flask, people: cast.Cast, nobody: Nobody, database: str
) -> None:
    """AN-01, AN-04: SQLite's log holds who wrote before and after."""
    if database != "sqlite":
        pytest.skip("only SQLite has it")
    nobody.report(people.strandheim)
    with app.app_context():
        wal = Path(f"{db.engine.url.database}-wal")
    assert not wal.exists() or wal.stat().st_size == 0


def test_waiting_rows_bear_one_transaction_number(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, database: str
) -> None:
    """AN-04: PostgreSQL's xmin would stand between those of the neighbours."""
    if database != "postgresql":
        pytest.skip("only PostgreSQL has it")
    for _number in range(4):
        nobody.report(people.strandheim)
    with app.app_context():
        query = text("select distinct xmin::text from anonymous_report")
        assert len(db.session.execute(query).all()) == 4
        follow_plan()
        assert len(db.session.execute(query).all()) == 1
        db.session.remove()


def test_order_of_cases_is_not_the_order_of_coming(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """AN-04, AD-16: ids, numbers, story, audit, notices and mails, all from one moment."""
    at(AFTERNOON)
    for number in range(9):
        at(AFTERNOON + timedelta(minutes=7 * number))
        nobody.report(people.strandheim, what=f"Sak nummer {number}")
    moment = deliver()
    with app.app_context():
        rows = db.session.execute(select(Deviation).order_by(Deviation.id)).scalars().all()
        order = [row.what for row in rows]
        assert sorted(order) == [f"Sak nummer {number}" for number in range(9)]
        # One chance in 362,880 that it is the same by luck.
        assert order != sorted(order)
        assert {row.reported_at for row in rows} == {moment}
        assert {row.created_at for row in rows} == {moment}
        for table, column in (
            (AuditEntry, "happened_at"),
            (DeviationEntry, "at"),
            (Notice, "created_at"),
            (OutboxMessage, "created_at"),
        ):
            times = set(db.session.execute(select(getattr(table, column))).scalars())
            assert times == {moment}, table
        db.session.remove()


def test_day_of_the_event_has_no_hour_and_no_trace_of_the_sending(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """AN-05: the moment of writing is nowhere in the database, whatever the format."""
    at(AFTERNOON)
    nobody.report(people.strandheim, day="2026-10-11")
    at(AFTERNOON + timedelta(hours=1))
    moment = deliver()
    with app.app_context():
        deviation = db.session.execute(select(Deviation)).scalar_one()
        local = deviation.happened_at.astimezone(OSLO)
        assert (str(local.date()), local.hour, local.minute) == ("2026-10-11", 0, 0)
        assert deviation.running_since == moment
        db.session.remove()
    rows = "\n".join(everything(app).values())
    for shape in ("12:34:56", "14:34:56", "12, 34, 56", "14.34", str(int(AFTERNOON.timestamp()))):
        assert shape not in rows


def test_delivered_report_is_gone_from_where_it_waited(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, database: str
) -> None:
    """AN-04, AN-19: rows, freed pages and the log of writes."""
    form = nobody.type_code(nobody.start())
    nobody.fill(
        form,
        people.strandheim,
        immediate_action=CANARY,
        files=upload(hostile.jpeg((700, 500)), "a.jpg"),
    )
    waiting = b'"immediate_action": '
    if database == "sqlite":
        assert waiting in on_disk(app)
    with app.app_context():
        data = db.session.execute(select(AnonymousFile.data)).scalar_one()
        db.session.remove()
    deliver()
    rows = everything(app)
    assert CANARY not in rows["anonymous_report"]
    assert rows["anonymous_file"] == rows["anonymous_message"] == ""
    if database == "sqlite":
        with app.app_context():
            database_bytes = Path(str(db.engine.url.database)).read_bytes()
        assert waiting not in database_bytes
        assert data[100:400] not in database_bytes


def test_files_are_on_disk_first_when_they_are_delivered(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """AN-04: no file, no folder and no moment of either before the delivery."""
    with app.app_context():
        folder = get_settings().files_dir
    folder.mkdir(exist_ok=True)

    def shape() -> dict[str, float]:
        return {str(path): path.stat().st_mtime for path in [folder, *folder.rglob("*")]}

    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (1, 1))
    before = shape()
    form = nobody.type_code(nobody.start())
    nobody.fill(form, people.strandheim, files=upload(hostile.jpeg(), "a.jpg"))
    assert shape() == before
    deliver()
    assert len([name for name in shape() if name not in before]) >= 1


def test_what_is_written_after_closing_waits_for_the_next_delivery(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody
) -> None:
    """AN-04: nobody is still at the screen when the leader is told."""
    at(AFTERNOON)
    with app.app_context():
        follow_plan()
        plan = find_plan()
        assert plan is not None
        closes_at = plan.closes_at
        db.session.remove()
    nobody.report(people.strandheim, what="Før")
    # The clock comes late: the delivery waits with it.
    late = closes_at + timedelta(hours=5)
    at(late)
    with app.app_context():
        follow_plan()
        plan = find_plan()
        assert plan is not None
        delivers_at = plan.delivers_at
        db.session.remove()
    assert delivers_at >= late + timedelta(hours=2)
    nobody.report(people.strandheim, what="Etter")
    for moment, expected in (
        (delivers_at - timedelta(seconds=1), []),
        (delivers_at, ["Før"]),
        (delivers_at + timedelta(minutes=5), ["Før"]),
    ):
        at(moment)
        with app.app_context():
            follow_plan()
            assert list(db.session.execute(select(Deviation.what)).scalars()) == expected
            db.session.remove()


def test_one_that_cannot_be_delivered_keeps_no_other_back(
    app: Flask,
    people: cast.Cast,
    nobody: Nobody,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """CF-18, AN-13: and what it held is in no log."""
    for number in range(3):
        nobody.report(people.strandheim, what=f"{CANARY} {number}")
    real = delivering.report_anonymously

    def fail(report: Any) -> Any:
        if report.what.endswith(" 1"):
            raise ValueError(report.what)
        return real(report)

    monkeypatch.setattr(delivering, "report_anonymously", fail)
    deliver()
    assert CANARY not in caplog.text
    assert "ValueError" in caplog.text
    with app.app_context():
        left = (
            db.session.execute(
                select(AnonymousReport).where(AnonymousReport.deviation_id.is_(None))
            )
            .scalars()
            .all()
        )
        assert [row.content["what"] for row in left if row.content] == [f"{CANARY} 1"]
        db.session.remove()
    monkeypatch.setattr(delivering, "report_anonymously", real)
    deliver()
    with app.app_context():
        assert len(db.session.execute(select(Deviation.id)).all()) == 3
        db.session.remove()


def test_crash_while_sending_gives_the_text_back_and_logs_nothing(
    app: Flask,
    people: cast.Cast,
    nobody: Nobody,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """AN-13."""
    form = nobody.type_code(nobody.start())

    def fail(*_args: Any) -> None:
        raise RuntimeError(f"disk full while writing {CANARY}")

    monkeypatch.setattr(send, "send_report", fail)
    with caplog.at_level(logging.DEBUG):
        page = nobody.fill(form, people.strandheim, what=CANARY)
    assert page.status == 500
    assert CANARY in page.source
    assert plain(nobody.code) not in page.source
    assert CANARY not in caplog.text
    assert [record for record in caplog.records if record.name.startswith("intranet")] == []


def test_mail_says_nothing_of_the_reporter(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """EM-13, EM-03."""
    nobody.report(people.strandheim, what=CANARY)
    deliver()
    rows = everything(app)
    assert rows["outbox_message"]
    for word in (CANARY, "nonym", plain(nobody.code)):
        assert word not in rows["outbox_message"]


def test_audit_page_shows_only_the_delivery(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """AN-16, AD-16: before it there is nothing to see, and nothing that could be joined."""
    at(AFTERNOON)
    nobody.report(people.strandheim)
    assert everything(app)["audit_entry"] == ""
    moment = deliver()
    with app.app_context():
        entries = db.session.execute(select(AuditEntry)).scalars().all()
        assert {entry.happened_at for entry in entries} == {moment}
        assert {entry.actor_id for entry in entries} == {None}
        db.session.remove()


def test_copies_and_lists_of_the_case_tell_no_moment_of_the_sending(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, at: Clock, log_in: LogIn
) -> None:
    """AN-15, AN-05: page, desk, data and the copy for others, for all who may read the case."""
    at(AFTERNOON)
    nobody.report(people.strandheim)
    delivered = deliver()
    local = AFTERNOON.astimezone(OSLO)
    assert delivered.strftime("%H:%M") not in (f"{AFTERNOON:%H:%M}", f"{local:%H:%M}")
    with app.app_context():
        number = db.session.execute(select(Deviation.number)).scalar_one()
        db.session.remove()
    for person in (people.mona, people.kaja, people.kari):
        browser = log_in(person)
        sources = [
            browser.get(f"/avvik/{number}").source,
            browser.get("/avvik").source,
            browser.get(f"/avvik/{number}/kopi").source,
            browser.post(f"/avvik/{number}/kopi/json", inspect=False).source,
        ]
        assert str(number) in sources[3] or number_in_words(number) in sources[3]
        for moment in (f"{AFTERNOON:%H:%M}", f"{local:%H:%M}", f"{local:%H.%M}"):
            assert not [source for source in sources if moment in source], moment


def number_in_words(number: int) -> str:
    """Return the number as the copies write it."""
    return f"{str(number)[:4]}-{str(number)[5:]}"
