"""Sending with a code, delivery, and talking with the code, without anybody being known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from intranet.anonymous.models import AnonymousFile, AnonymousMessage, AnonymousReport
from intranet.audit.models import AuditEntry
from intranet.core.models import StoredFile
from intranet.core.receipt_code import make_code, show_code
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.people.models import RoleGrant
from intranet.whistleblowing.actions import steps, talk
from intranet.whistleblowing.models import WhistleCase, WhistleEntry, WhistleParty
from tests import cast
from tests.anonymous.conftest import upload
from tests.browser import Browser
from tests.core import hostile
from tests.whistleblowing.conftest import Whistleblower
from tests.whistleblowing.factories import WHAT, take

Deliver = Callable[[], datetime]
LogIn = Callable[[int], Browser]


def count(app: Flask, table: type) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(table)).scalar_one()
        db.session.remove()
    return int(found)


def case_id_of(app: Flask) -> str:
    with app.app_context():
        found = db.session.execute(select(WhistleCase.id)).scalar_one()
        db.session.remove()
    return str(found)


def test_guide_is_open_to_all_and_names_the_recipients(
    whistleblower: Whistleblower,
) -> None:
    page = whistleblower.browser.get("/varsling")
    assert page.status == 200
    for words in ("Hanne Holm", "Nils Næss", "Arbeidstilsynet", "Gjengjeldelse er forbudt"):
        assert words in page.text
    assert "/varsling/ny" in page.links()
    assert "/varsling" in whistleblower.browser.get("/logg-inn").links()


def test_wrong_code_keeps_the_same_code_and_costs_nothing(
    app: Flask, whistleblower: Whistleblower
) -> None:
    start = whistleblower.start()
    page = whistleblower.type_code(start, show_code(make_code()))
    assert page.status == 422
    assert "Koden er ikke skrevet likt" in page.text
    assert whistleblower.code in page.text
    assert page.find("//textarea") == []
    assert whistleblower.fill(whistleblower.type_code(page)).status == 200
    assert count(app, AnonymousReport) == 1


def test_nothing_is_sent_without_typing_the_code(app: Flask, whistleblower: Whistleblower) -> None:
    start = whistleblower.start().form("/varsling/ny")
    fields = {**start, "step": "send", "what": WHAT}
    page = whistleblower.browser.post("/varsling/ny", fields, token=False)
    assert page.status in (409, 422)
    assert count(app, AnonymousReport) == 0


def test_notice_is_kept_without_anybody_and_delivered_later(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    page = whistleblower.send(
        unit_id=str(people.strandheim), categories=["corruption", "authority"], happened="i vår"
    )
    assert page.response.request.path == "/varsling/ny/sendt"
    assert (count(app, AnonymousReport), count(app, WhistleCase)) == (1, 0)
    assert "ikke levert ennå" in whistleblower.open().text
    deliver()
    assert (count(app, WhistleCase), count(app, Deviation)) == (1, 0)
    with app.app_context():
        whistle = db.session.execute(select(WhistleCase)).scalar_one()
        assert (whistle.what, whistle.happened, whistle.contact) == (WHAT, "i vår", "")
        assert whistle.unit_id == people.strandheim
        assert whistle.categories == ["corruption", "authority"]
        assert db.session.execute(select(AnonymousReport.content)).scalar_one() is None
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.event == "whistle.received")
        ).scalar_one()
        assert (entry.actor_id, entry.unit_id, entry.details) == (None, None, "{}")
        db.session.remove()
    assert "ingen har bekreftet det ennå" in whistleblower.open().text


def test_somebody_logged_in_leaves_no_name_either(
    app: Flask, people: cast.Cast, log_in: LogIn, deliver: Deliver
) -> None:
    browser = log_in(people.ingrid)
    sender = Whistleblower(browser)
    assert sender.send().status == 200
    assert "Ingrid" not in browser.get("/varsling/ny").source
    deliver()
    with app.app_context():
        entries = db.session.execute(select(WhistleEntry.author_id)).scalars().all()
        actors = db.session.execute(
            select(AuditEntry.actor_id).where(AuditEntry.event.like("whistle.%"))
        ).scalars()
        assert list(entries) == [None]
        assert set(actors) == {None}
        db.session.remove()
    assert log_in(people.ingrid).get(f"/varsling/sak/{case_id_of(app)}").status == 404


def test_only_what_it_is_about_must_be_written(app: Flask, whistleblower: Whistleblower) -> None:
    form = whistleblower.type_code(whistleblower.start())
    page = whistleblower.fill(form, what=" ", contact="Ring meg")
    assert page.status == 422
    assert "Skriv hva det gjelder." in page.text
    assert "Ring meg" in page.source
    page = whistleblower.fill(page, what="Fødselsnummer 01010750160 står her")
    assert page.status == 422
    assert "Fjern fødselsnummeret" in page.text
    assert count(app, AnonymousReport) == 0
    assert whistleblower.fill(page).status == 200


@pytest.mark.parametrize("way", ["ticked", "named"])
def test_recipient_whom_it_concerns_never_sees_it(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver,
    log_in: LogIn, way: str,
) -> None:  # fmt: skip
    more = {"without_ids": str(people.nils)} if way == "ticked" else {"concerns": "nils næss"}
    whistleblower.send(**more)
    deliver()
    with app.app_context():
        excluded = db.session.execute(select(WhistleParty.person_id)).scalars().all()
        assert list(excluded) == [people.nils]
        db.session.remove()
    address = f"/varsling/sak/{case_id_of(app)}"
    assert log_in(people.nils).get(address).status == 404
    assert log_in(people.hanne).get(address).status == 200


def test_somebody_must_be_left_to_receive_it(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower
) -> None:
    page = whistleblower.send(without_ids=[str(people.nils), str(people.hanne)])
    assert page.status == 422
    assert WHAT in page.source
    assert "ingen i kommunen som kan ta imot" in page.text
    with app.app_context():
        db.session.execute(delete(RoleGrant))
        db.session.commit()
        db.session.remove()
    page = whistleblower.browser.get("/varsling/ny")
    assert page.status == 409
    assert "ikke valgt mottakere" in page.text
    assert count(app, AnonymousReport) == 0


def test_the_two_talk_and_notes_and_names_stay_inside(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver, log_in: LogIn
) -> None:
    whistleblower.send()
    deliver()
    case_id = case_id_of(app)
    with app.app_context():
        take(people.hanne, case_id, steps.confirm_case)
        take(people.hanne, case_id, talk.write_message, "Når skjedde det?")
        take(people.hanne, case_id, talk.write_note, "Vi spør regnskap.")
        take(people.hanne, case_id, steps.exclude_person, people.tor)
        db.session.remove()
    page = whistleblower.open()
    assert "Når skjedde det?" in page.text
    for hidden in ("Vi spør regnskap", "Hanne", "Tor Tveit"):
        assert hidden not in page.source
    whistleblower.add("Det var i mars.")
    whistleblower.add("De tok vaktene mine.", "gjengjeldelse")
    assert count(app, AnonymousMessage) == 2
    inside = log_in(people.hanne)
    assert "Det var i mars." not in inside.get(f"/varsling/sak/{case_id}").text
    deliver()
    page = log_in(people.hanne).get(f"/varsling/sak/{case_id}")
    assert "Det var i mars." in page.text
    assert "meldte om gjengjeldelse" in page.text
    assert count(app, AnonymousMessage) == 0


def test_what_is_said_twice_with_one_press_stands_once(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver, log_in: LogIn
) -> None:
    """CC-04: of recipients, to the whistleblower and among themselves, and of the whistleblower,
    also when the first is delivered."""
    whistleblower.send()
    deliver()
    address = f"/varsling/sak/{case_id_of(app)}"
    hanne = log_in(people.hanne)
    page = hanne.get(address).form(f"{address}/melding")
    for more in ({}, {}, {"is_internal": "y"}, {"is_internal": "y"}, {"text": "Og hvor?"}):
        sent = page | {"text": "Når skjedde det?"} | more
        assert hanne.post(f"{address}/melding", sent).status == 200
    opened = whistleblower.open()
    for _turn in range(2):
        for where, text in (("svar", "I mai."), ("gjengjeldelse", "Jeg mistet vaktene.")):
            path = f"/varsling/folg/{where}"
            fields = opened.form(path) | {"text": text}
            assert whistleblower.browser.post(path, fields, token=False).status == 200
        deliver()
    with app.app_context():
        rows = db.session.execute(
            select(WhistleEntry.code, WhistleEntry.text).where(WhistleEntry.text != "")
        ).all()
        db.session.remove()
    assert sorted(map(tuple, rows)) == [
        ("message", "Når skjedde det?"),
        ("message", "Og hvor?"),
        ("note", "Når skjedde det?"),
        ("reply", "I mai."),
        ("retaliation", "Jeg mistet vaktene."),
    ]


def test_files_lose_their_traces_and_come_with_the_case(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver, log_in: LogIn
) -> None:
    form = whistleblower.type_code(whistleblower.start())
    whistleblower.fill(form, files=upload(hostile.jpeg(), "IMG_Ola.jpg"))
    assert count(app, AnonymousFile) == 1
    deliver()
    assert count(app, AnonymousFile) == 0
    with app.app_context():
        stored = db.session.execute(select(StoredFile.name, StoredFile.created_by)).one()
        assert tuple(stored) == ("fil-1.jpg", None)
        db.session.remove()
    inside = log_in(people.hanne)
    page = inside.get(f"/varsling/sak/{case_id_of(app)}")
    [address] = page.find("//a[contains(@href, '/fil/')]/@href")
    with inside.client.get(address) as answer:
        assert answer.status_code == 200
        assert b"SPOR" not in answer.data
    [own] = whistleblower.open().find("//form[contains(@action, '/folg/fil/')]/@action")
    got = whistleblower.browser.post(own, {"code": whistleblower.code}, token=False, inspect=False)
    assert got.response.mimetype == "image/jpeg"
    other = {"code": show_code(make_code())}
    assert whistleblower.browser.post(own, other, token=False, inspect=False).status == 404


def test_codes_of_the_two_rooms_do_not_open_each_other(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    whistleblower.send()
    deliver()
    page = whistleblower.browser.post("/anonymt", {"code": whistleblower.code}, token=False)
    assert page.status == 422
    assert "Bruk den på siden for varsling" in page.text
    assert WHAT not in page.source
    wrong = {"code": show_code(make_code())}
    assert whistleblower.browser.post("/varsling/folg", wrong, token=False).status == 422
