"""A notice of a crisis: two persons or one with a reason, on every page, by mail, and ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import today
from intranet.extensions import db
from intranet.news.policy import can_raise_crisis
from intranet.news.queries.crisis import list_who_approve
from intranet.notifications.channels import SmtpChannel
from intranet.notifications.delivery import deliver_waiting
from intranet.notifications.models import OutboxMessage
from tests import browser, cast
from tests.servers import smtp

LogIn = Callable[[int], browser.Browser]
PAGE = "/nyheter/krisemelding"
WORDS = "Strømmen er borte i hele sentrum"


def typed(**changes: str) -> dict[str, str]:
    return {"title": WORDS, "text": "Bruk nødtelefonen.", "step": "propose", **changes}


def _events(app: Flask) -> list[tuple[str, str, Any]]:
    with app.app_context():
        statement = select(AuditEntry.event, AuditEntry.actor_name, AuditEntry.details)
        rows = db.session.execute(statement.order_by(AuditEntry.sequence)).all()
        return [
            (row.event, row.actor_name, json.loads(row.details))
            for row in rows
            if row.event.startswith("crisis.")
        ]


def _mails(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_second_person_approves_and_every_page_says_it_until_it_is_ended(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    admin, chief, reader = (log_in(n) for n in (people.adam, people.ragnhild, people.tor))
    assert WORDS in admin.post(PAGE, typed(sends_mail="y")).text
    for page in ("/", "/nyheter", "/varsler"):
        assert not reader.get(page).find("//*[@id='crisis-title']"), page
    asked = [mail for mail in _mails(app) if mail.key.startswith("crisis.proposed")]
    assert [mail.recipient_id for mail in asked] == [people.ragnhild]
    # Whoever wrote it is not the second person.
    assert not admin.get(PAGE).find("//form[contains(@action, '/godkjenn')]")
    assert admin.post(f"{PAGE}/1/godkjenn").status == 403
    assert chief.post(f"{PAGE}/1/godkjenn").status == 200
    assert chief.post(f"{PAGE}/1/godkjenn").status == 409
    for page in ("/", "/nyheter", "/varsler", "/avvik", "/finnes-ikke"):
        assert WORDS in reader.get(page).text, page
    with smtp.running() as mailbox, app.app_context():
        deliver_waiting(SmtpChannel(mailbox.url))
        told = [mail for mail in mailbox.messages if mail["Subject"] == WORDS]
        assert len(told) == len(cast.PERSONS)
        assert all("Bruk nødtelefonen." in mail.get_content() for mail in told)
    assert admin.post(f"{PAGE}/1/avslutt").status == 200
    assert admin.post(f"{PAGE}/1/avslutt").status == 409
    assert WORDS not in reader.get("/").text
    assert [(event, actor) for event, actor, _details in _events(app)] == [
        ("crisis.proposed", "Adam Aas"),
        ("crisis.started", "Ragnhild Rådal"),
        ("crisis.ended", "Adam Aas"),
    ]


def test_one_person_alone_must_say_why_and_the_reason_is_kept(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    admin = log_in(people.adam)
    refused = admin.post(PAGE, typed(step="alone"))
    assert refused.status == 422
    assert "Skriv hvorfor" in refused.text
    assert refused.find("//textarea[@name='text']")[0].text.strip() == "Bruk nødtelefonen."
    assert _events(app) == []
    alone = typed(
        step="alone", alone_reason="Natt, ingen svarer.", send_key=refused.form()["send_key"]
    )
    for _twice in range(2):
        assert admin.post(PAGE, alone).status == 200
    assert WORDS in log_in(people.tor).get("/").text
    ((event, _actor, details),) = _events(app)
    assert event == "crisis.started"
    assert details["reason"] == "Natt, ingen svarer."
    # No mail unless it was chosen.
    assert _mails(app) == []


def test_new_notice_takes_the_place_of_the_one_that_stands(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    admin = log_in(people.adam)
    for title in ("Første", "Andre"):
        admin.post(PAGE, typed(title=title, step="alone", alone_reason="Natt"))
    (shown,) = log_in(people.tor).get("/").find("//*[@id='crisis-title']")
    assert "Andre" in shown.text_content()
    assert [event for event, _actor, _details in _events(app)] == [
        "crisis.started", "crisis.ended", "crisis.started",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["tor", "eva", "kaja"])
def test_others_can_neither_write_approve_nor_end(
    name: str, app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    log_in(people.adam).post(PAGE, typed())
    person = log_in(people.ids[name])
    assert person.get(PAGE).status == 403
    for address in (PAGE, f"{PAGE}/1/godkjenn", f"{PAGE}/1/avslutt"):
        assert person.post(address, typed()).status == 403
    assert [event for event, _actor, _details in _events(app)] == ["crisis.proposed"]


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": "x" * 121}, {"text": ""}, {"text": "x" * 601}]
)
def test_notice_with_a_fault_comes_back(
    changes: dict[str, str], app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-05, IN-07"""
    page = log_in(people.adam).post(PAGE, typed(**changes))
    assert page.status == 422
    assert page.find("//div[@data-error-summary]")
    assert _events(app) == []


def test_who_is_asked_to_approve_is_who_may(app: Flask, people: cast.Cast) -> None:
    with app.app_context():
        cast.away(people.ragnhild, people.siri, today(), today())
        db.session.commit()
        asked = set(list_who_approve())
        may = {people.ids[n] for n in cast.PERSONS if can_raise_crisis(cast.viewer(people.ids[n]))}
        assert people.siri in may
        assert asked == may


def test_script_in_a_notice_is_harmless(people: cast.Cast, log_in: LogIn) -> None:
    """IN-01"""
    script = "<script>alert(1)</script>"
    log_in(people.adam).post(
        PAGE, typed(title=script, text=script, step="alone", alone_reason=script)
    )
    assert not log_in(people.tor).get("/").find("//section[@class='crisis']//script")
    assert not log_in(people.adam).get(PAGE).find("//main//script")
