"""Whoever reported without a name asks with the code that the case becomes whistleblowing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.anonymous.models import AnonymousMessage
from intranet.audit.models import AuditEntry
from intranet.core.receipt_code import make_code, show_code
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.notifications.models import Notice
from intranet.whistleblowing.models import WhistleCase, WhistleEntry, WhistleOrigin, WhistleParty
from tests import cast
from tests.anonymous.conftest import WHAT, Nobody
from tests.browser import Browser, Page
from tests.whistleblowing.conftest import Whistleblower
from tests.whistleblowing.test_moving import move

Deliver = Callable[[], datetime]
LogIn = Callable[[int], Browser]
ADDRESS = "/varsling/folg/flytt"
REASON = "Lederen vet om det og har bedt oss tie."


@pytest.fixture
def reported(app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver) -> int:
    """The number of an anonymous report that is delivered to Mona."""
    nobody.report(people.strandheim)
    deliver()
    with app.app_context():
        number = db.session.execute(select(Deviation.number)).scalar_one()
        db.session.remove()
    return int(number)


def start(nobody: Nobody) -> Page:
    """Press the button on the page of the report."""
    fields = nobody.open().form(ADDRESS)
    return nobody.browser.post(ADDRESS, fields, token=False)


def ask(nobody: Nobody, page: Page | None = None, **more: object) -> Page:
    """Say why and send."""
    fields = (page or start(nobody)).form(ADDRESS) | {"reason": REASON, **more}
    return nobody.browser.post(ADDRESS, fields, token=False)


def count(app: Flask, table: type) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(table)).scalar_one()
        db.session.remove()
    return int(found)


def test_the_case_goes_to_the_recipients_with_the_next_delivery_and_the_code_leads_there(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn, reported: int
) -> None:
    """AN-10: asked, waited for, moved; what is written afterwards comes to the recipients too."""
    page = start(nobody)
    for words in (
        WHAT.partition(".")[0],
        "Hanne Holm",
        "ser det ikke lenger",
        "De får ikke vite hvem du er",
    ):
        assert words in page.text
    assert "Ønsket ditt er tatt vare på" in ask(nobody, page).text
    opened = nobody.open()
    assert "Du har bedt om at saken behandles som varsling" in opened.text
    assert "Be om varsling" not in opened.text
    nobody.add("Det har hendt igjen.")
    deliver()
    assert log_in(people.mona).get(f"/avvik/{reported}").status == 404
    assert count(app, Deviation) == 0
    assert "Denne koden hører til et varsel" in nobody.open().text
    followed = nobody.browser.post("/varsling/folg", {"code": nobody.code}, token=False)
    assert "ba om at avviket blir behandlet som varsling" in followed.text
    assert "Det har hendt igjen." in followed.text
    with app.app_context():
        case = db.session.execute(select(WhistleCase)).scalar_one()
        origin = db.session.get_one(WhistleOrigin, case.id)
        assert (case.reporter_id, origin.moved_by, origin.reason) == (None, None, REASON)
        case_id = case.id
        db.session.remove()
    seen = log_in(people.hanne).get(f"/varsling/sak/{case_id}")
    assert REASON in seen.text
    assert "Det har hendt igjen." in seen.text


def test_nothing_tells_the_line_of_it_before_the_delivery(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn, reported: int
) -> None:
    """AN-04, AN-05: no case, no notice, no audit, and the handler's page as it was."""
    mona = log_in(people.mona)
    before = (mona.get(f"/avvik/{reported}").text, count(app, Notice), count(app, AuditEntry))
    ask(nobody)
    after = (mona.get(f"/avvik/{reported}").text, count(app, Notice), count(app, AuditEntry))
    assert after == before
    assert count(app, WhistleCase) == 0
    deliver()
    with app.app_context():
        events = set(
            db.session.execute(
                select(AuditEntry.event, AuditEntry.actor_id).where(
                    AuditEntry.subject == "whistle_case"
                )
            ).all()
        )
        told = db.session.execute(
            select(Notice.recipient_id).where(Notice.event == "whistle.waits")
        ).scalars()
        assert {(event, actor) for event, actor in events} == {("whistle.received", None)}
        assert set(told) == {people.hanne, people.nils}
        db.session.remove()


def test_a_second_press_asks_once_and_later_it_is_said_where_the_case_is(
    app: Flask, nobody: Nobody, deliver: Deliver, reported: int
) -> None:
    """CC-04."""
    page = start(nobody)
    for _press in range(3):
        assert ask(nobody, page).status == 200
    assert ask(nobody, page, reason="Enda en grunn.").status == 200
    assert count(app, AnonymousMessage) == 1
    deliver()
    again = ask(nobody, page)
    assert again.status == 422
    assert "behandles allerede som varsling" in again.text
    assert count(app, AnonymousMessage) == 0


def test_what_cannot_be_asked_is_refused_and_the_text_stays(
    app: Flask, people: cast.Cast, nobody: Nobody, reported: int
) -> None:
    everybody = [str(people.hanne), str(people.nils)]
    for changes, words in (
        ({"reason": "  "}, "Skriv hvorfor dette er varsling."),
        ({"reason": "x" * 1001}, "for lang"),
        ({"reason": "Det gjelder 01010012356."}, "Fjern fødselsnummeret"),
        ({"without_ids": everybody}, "ingen i kommunen som kan ta imot"),
        ({"without_ids": "999"}, ""),
    ):
        page = ask(nobody, **changes)
        assert (page.status, page.text.count(words) > 0) == (422, True), changes
        assert str(changes.get("reason", REASON)).strip()[:900] in page.source
    assert count(app, AnonymousMessage) == 0


def test_a_recipient_who_is_left_out_never_sees_it(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn, reported: int
) -> None:
    ask(nobody, without_ids=[str(people.nils)])
    deliver()
    with app.app_context():
        [case_id] = db.session.execute(select(WhistleCase.id)).scalars().all()
        parties = db.session.execute(select(WhistleParty.person_id)).scalars().all()
        db.session.remove()
    assert parties == [people.nils]
    assert log_in(people.nils).get(f"/varsling/sak/{case_id}").status == 404


def test_when_the_leader_moved_it_meanwhile_the_reason_comes_as_a_message(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, reported: int
) -> None:
    ask(nobody)
    with app.app_context():
        move(people.mona, reported)
        db.session.remove()
    deliver()
    with app.app_context():
        texts = db.session.execute(
            select(WhistleEntry.text).where(WhistleEntry.code == "reply")
        ).scalars().all()  # fmt: skip
        db.session.remove()
    assert texts == [REASON]
    assert count(app, WhistleCase) == 1


def test_wrong_codes_codes_of_notices_and_reports_that_wait_open_nothing(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, whistleblower: Whistleblower
) -> None:
    """AN-10: the same answer to every wrong code."""
    nobody.report(people.strandheim)
    assert "Be om varsling" not in nobody.open().text
    whistleblower.send()
    answers = {}
    for name, code in (
        ("wrong", show_code(make_code())),
        ("garbled", "hei"),
        ("none", ""),
        ("waiting", nobody.code),
        ("notice", whistleblower.code),
    ):
        page = nobody.browser.post(ADDRESS, {"code": code, "step": "send"}, token=False)
        assert page.status == 422
        [fault] = page.find("//*[@id='error-summary']//li")
        answers[name] = str(fault.text_content()).strip()
    assert answers["wrong"] == answers["garbled"] == answers["none"]
    assert "ikke levert ennå" in answers["waiting"]
    assert "behandles allerede som varsling" in answers["notice"]
    assert count(app, AnonymousMessage) == 0
