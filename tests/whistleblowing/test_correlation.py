"""Nothing ties a notice to a person or a moment, in this room as in that of reports (AN)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import DateTime, select, text
from sqlalchemy.exc import OperationalError

from intranet.anonymous import code_pages
from intranet.anonymous.jobs import follow_plan
from intranet.anonymous.models import AnonymousReport
from intranet.audit.models import AuditEntry
from intranet.audit.queries import list_events
from intranet.core.receipt_code import hash_code, make_code, read_code, show_code
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from intranet.whistleblowing.actions import send as sending
from intranet.whistleblowing.actions import steps
from intranet.whistleblowing.models import WhistleCase, WhistleEntry
from tests import cast
from tests.anonymous.conftest import AFTERNOON, plain, upload
from tests.anonymous.test_traces import ADDRESS, AGENT, CANARY, everything, on_disk
from tests.browser import Browser
from tests.core import hostile
from tests.whistleblowing.conftest import Whistleblower
from tests.whistleblowing.factories import WHAT, take

Clock = Callable[[datetime], None]
Deliver = Callable[[], datetime]
LogIn = Callable[[int], Browser]


def known(log_in: LogIn, person_id: int) -> Whistleblower:
    """Somebody who is logged in and sends a notice in the same browser."""
    sender = Whistleblower(log_in(person_id))
    sender.browser.client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    return sender


def case_id() -> str:
    return str(db.session.execute(select(WhistleCase.id)).scalar_one())


def test_logged_in_browser_leaves_nothing_of_itself(
    app: Flask, at: Clock, people: cast.Cast, log_in: LogIn, deliver: Deliver,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """AN-01, AN-06."""
    at(AFTERNOON)
    sender = known(log_in, people.tor)
    cookie = sender.browser.client.get_cookie("okt")
    before = everything(app)
    at(AFTERNOON + timedelta(minutes=20))
    with caplog.at_level(logging.DEBUG):
        assert sender.send(what=CANARY).status == 200
        sender.open()
        sender.add("Mer om det samme.")
        sender.add("Jeg mistet vaktene.", "gjengjeldelse")
    after = everything(app)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"anonymous_report", "anonymous_message"}
    assert sender.browser.client.get_cookie("okt") == cookie
    spoken = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    deliver()
    rows, stored = "\n".join(everything(app).values()), on_disk(app)
    for trace in (AGENT, ADDRESS, plain(sender.code), str(cookie.decoded_value if cookie else "")):
        assert trace
        assert trace not in rows
        assert trace.encode() not in stored
        assert trace not in spoken
    assert CANARY not in spoken
    assert "intranet.request" not in spoken


def test_a_known_browser_asks_just_what_a_stranger_asks(
    app: Flask, people: cast.Cast, log_in: LogIn, whistleblower: Whistleblower
) -> None:
    """AN-02: the recipients are read, and nothing of whoever sends."""

    def asked(sender: Whistleblower) -> list[str]:
        start = sender.start()
        form = sender.type_code(start)
        pages = [start, form, sender.fill(form), sender.open(), sender.add("Mer.")]
        return [statement.lower() for page in pages for statement in page.queries]

    asked(Whistleblower(Browser(app)))
    by_stranger = asked(whistleblower)
    assert asked(known(log_in, people.tor)) == by_stranger
    for table in ("login_", "membership", "notice", "audit"):
        assert [each for each in by_stranger if f" {table}" in each] == [], table


def test_case_counts_no_rows_and_holds_days_only(app: Flask, database: str) -> None:
    """AN-04, AN-05."""
    columns = WhistleCase.__table__.columns
    assert not [each.name for each in columns if isinstance(each.type, DateTime)]
    assert not [each.name for each in columns if each.name.endswith("_at")]
    assert not [c.name for c in WhistleEntry.__table__.columns if c.name.endswith("_at")]
    if database == "sqlite":
        with app.app_context():
            with pytest.raises(OperationalError, match="rowid"):
                db.session.execute(text("select rowid from whistle_case"))
            db.session.remove()


def test_order_of_cases_is_not_the_order_of_coming(
    app: Flask, at: Clock, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    """AN-04, AN-05, AD-16: numbers, story, audit, notices and mails, all from one moment."""
    for number in range(9):
        at(AFTERNOON + timedelta(minutes=7 * number))
        whistleblower.send(what=f"Varsel nummer {number}")
    moment = deliver()
    with app.app_context():
        rows = db.session.execute(select(WhistleCase).order_by(WhistleCase.number)).scalars().all()
        order = [row.what for row in rows]
        assert sorted(order) == [f"Varsel nummer {number}" for number in range(9)]
        # One chance in 362,880 that it is the same by luck.
        assert order != sorted(order)
        for table, column in (
            (AuditEntry, "happened_at"), (Notice, "created_at"), (OutboxMessage, "created_at"),
        ):  # fmt: skip
            times = set(db.session.execute(select(getattr(table, column))).scalars())
            assert times == {moment}, table
        db.session.remove()
    written = "\n".join(everything(app).values())
    for shape in ("12:34:56", "14:34:56", "12, 34, 56", str(int(AFTERNOON.timestamp()))):
        assert shape not in written


def test_waiting_rows_bear_one_transaction_number(
    app: Flask, whistleblower: Whistleblower, database: str
) -> None:
    """AN-04: with those of reports, so that the room does not show either."""
    if database != "postgresql":
        pytest.skip("only PostgreSQL has it")
    for _number in range(3):
        whistleblower.send()
    with app.app_context():
        query = text("select distinct xmin::text from anonymous_report")
        assert len(db.session.execute(query).all()) == 3
        follow_plan()
        assert len(db.session.execute(query).all()) == 1
        db.session.remove()


def test_file_that_cannot_be_cleaned_is_refused_and_the_text_stays(
    app: Flask, whistleblower: Whistleblower
) -> None:
    """AN-08."""
    form = whistleblower.type_code(whistleblower.start())
    page = whistleblower.fill(form, files=upload(b"PK\x03\x04rest", "notat.docx"))
    assert page.status == 422
    assert WHAT in page.source
    assert everything(app)["anonymous_report"] == ""


def test_code_is_stored_as_a_hash_and_stands_in_no_address(
    app: Flask, whistleblower: Whistleblower
) -> None:
    """AN-09."""
    done = whistleblower.send()
    assert plain(whistleblower.code) not in done.response.request.url
    assert whistleblower.code not in done.source
    with app.app_context():
        stored = db.session.execute(select(AnonymousReport.code_hash)).scalar_one()
        db.session.remove()
    assert stored == hash_code(read_code(whistleblower.code) or "")
    assert plain(whistleblower.code) not in "\n".join(everything(app).values())


def test_code_works_when_the_case_is_closed_and_all_wrong_codes_get_one_answer(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    """AN-10."""
    whistleblower.send()
    deliver()
    with app.app_context():
        key = case_id()
        take(people.hanne, key, steps.confirm_case)
        take(people.hanne, key, steps.assess_case, "Ja.", is_whistleblowing=True)
        take(people.hanne, key, steps.close_case, "Undersøkt.")
        db.session.remove()
    assert "Undersøkt." in whistleblower.open().text
    assert whistleblower.add("Det skjer igjen.").status == 200

    def answer(code: str) -> str:
        page = whistleblower.browser.post("/varsling/folg", {"code": code}, token=False)
        return f"{page.status} {page.source.replace(code, '')}"

    assert answer(show_code(make_code())) == answer(show_code(make_code())) == answer("0" * 24)


def test_sending_is_limited_for_all_together_and_keeps_the_text(
    app: Flask, whistleblower: Whistleblower
) -> None:
    """AN-11."""
    form = whistleblower.type_code(whistleblower.start())
    code_pages.SENDINGS.left = 0
    page = whistleblower.fill(form)
    assert page.status == 409
    assert WHAT in page.source


def test_crash_while_sending_gives_the_text_back_and_logs_nothing(
    app: Flask, whistleblower: Whistleblower, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """AN-13."""
    form = whistleblower.type_code(whistleblower.start())

    def fail(*_args: Any) -> None:
        raise RuntimeError(f"disk full while writing {CANARY}")

    monkeypatch.setattr(sending, "send_notice", fail)
    with caplog.at_level(logging.DEBUG):
        page = whistleblower.fill(form, what=CANARY)
    assert page.status == 500
    assert CANARY in page.source
    assert plain(whistleblower.code) not in page.source
    assert CANARY not in caplog.text


def test_who_says_their_name_later_says_it_to_the_case_and_nowhere_else(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver, log_in: LogIn
) -> None:
    """AN-14, AN-18."""
    name = "Ingrid fra nattevakten"
    whistleblower.send(contact=name)
    deliver()
    whistleblower.add(f"Jeg er {name}.")
    deliver()
    tables = [table for table, rows in everything(app).items() if name in rows]
    assert sorted(tables) == ["whistle_case", "whistle_entry"]
    hanne = log_in(people.hanne)
    with app.app_context():
        key = case_id()
        db.session.remove()
    assert name in hanne.get(f"/varsling/sak/{key}").text
    for address in ("/varsling/saker", "/mine-oppgaver", "/varsler", "/"):
        assert name not in hanne.get(address).source, address


def test_no_page_counts_a_notice_and_the_audit_joins_nothing(
    app: Flask, at: Clock, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    """AN-15, AN-16: before the delivery there is nothing to see, and after it only its moment."""
    at(AFTERNOON)
    whistleblower.send(unit_id=str(people.strandheim))
    assert everything(app)["audit_entry"] == ""
    moment = deliver()
    with app.app_context():
        rows = list_events()
        assert {row.happened_at for row in rows} == {moment}
        assert {(row.actor_name, row.subject_id, row.unit_id) for row in rows} == {("", "", None)}
        assert db.session.execute(select(Deviation)).all() == []
        db.session.remove()


def test_nothing_but_what_it_is_about_is_asked_for(whistleblower: Whistleblower) -> None:
    """AN-17: no field asks who writes, and the one for a name says that it may stay empty."""
    page = whistleblower.type_code(whistleblower.start())
    assert len(page.find("//main//*[@required]")) <= 1
    assert "Du kan la dette stå tomt" in page.text


def test_delivered_notice_is_gone_from_where_it_waited(
    app: Flask, whistleblower: Whistleblower, deliver: Deliver, database: str
) -> None:
    """AN-07, AN-19: rows, freed pages and the log of writes."""
    form = whistleblower.type_code(whistleblower.start())
    whistleblower.fill(form, happened=CANARY, files=upload(hostile.jpeg((700, 500)), "IMG_Ola.jpg"))
    waiting = b'"happened": '
    if database == "sqlite":
        assert waiting in on_disk(app)
    deliver()
    rows = everything(app)
    assert CANARY not in rows["anonymous_report"]
    assert rows["anonymous_file"] == ""
    assert "IMG_Ola" not in "\n".join(rows.values())
    if database == "sqlite":
        with app.app_context():
            file = Path(str(db.engine.url.database))
        assert waiting not in file.read_bytes()


@pytest.mark.parametrize("address", ["/varsling", "/varsling/ny"])
def test_pages_say_what_cannot_be_hidden(whistleblower: Whistleblower, address: str) -> None:
    """AN-20."""
    page = whistleblower.browser.get(address)
    assert "PC-en eller nettet på jobben kan huske" in page.text


def test_pages_set_no_cookie_and_tell_no_other_site(whistleblower: Whistleblower) -> None:
    """AN-03, AN-12; the journeys look at requests, storage and the processes' logs."""
    for address in ("/varsling", "/varsling/rutine", "/varsling/ny", "/varsling/folg"):
        headers = whistleblower.browser.get(address).response.headers
        assert "Set-Cookie" not in headers, address
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
