"""The questions after the receipt: optional, once, and only before anybody has judged the case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from intranet.audit.models import AuditEntry
from intranet.core.actor import Role
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.deviations.models import CopyRule
from intranet.deviations.severity import Category, Severity
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do
from tests.deviations.test_pages import made

LogIn = Callable[[int], Browser]
GRAVE = {"category": "patient", "answers_patient": ["patient.lasting"]}


def severity_of(app: Flask, person: int, number: int) -> Severity:
    with app.app_context():
        found = case_for(person, number)[0].deviation.severity
        db.session.remove()
    return found


def test_answers_make_the_case_critical_and_tell_the_management(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    assert address in ingrid.get(f"/avvik/{number}/kvittering").links()
    page = ingrid.post(address, {**ingrid.get(address).form(), **GRAVE})
    assert "Takk" in page.text
    assert severity_of(app, people.mona, number) == Severity.CRITICAL
    assert log_in(people.ragnhild).get(f"/avvik/{number}").status == 200
    assert "ritisk" in log_in(people.ragnhild).get("/varsler").text
    with app.app_context():
        entry = db.session.query(AuditEntry).order_by(AuditEntry.sequence.desc())
        assert any(
            row.actor_id == people.ingrid
            and "severity_after" in str(row.details)
            and "critical" in str(row.details)
            for row in entry.limit(8)
        )


def test_nothing_ticked_in_a_category_is_low(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    ingrid.post(address, {**ingrid.get(address).form(), "category": "staff"})
    assert severity_of(app, people.mona, number) == Severity.LOW


def test_the_type_is_marked_as_needed_and_asked_for(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    page = ingrid.get(address)
    (tag,) = page.find("//fieldset[@id='category']/legend/span/text()")
    assert tag == "Må fylles ut"
    refused = ingrid.post(address, page.form())
    assert refused.status == 422
    assert "Velg en type." in refused.text


def test_they_are_asked_once(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    form = ingrid.get(address).form()
    ingrid.post(address, {**form, **GRAVE})
    again = ingrid.post(address, {**form, "category": "other"})
    assert again.status == 409
    assert severity_of(app, people.mona, number) == Severity.CRITICAL
    assert address not in ingrid.get(f"/avvik/{number}/kvittering").links()


@pytest.mark.parametrize("step", ["acknowledged", "judged"])
def test_the_answers_come_too_late_when_somebody_has_taken_it_up(
    app: Flask, people: cast.Cast, log_in: LogIn, step: str
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    form = ingrid.get(address).form()
    with app.app_context():
        if step == "acknowledged":
            do(people.mona, number, handle.acknowledge_deviation)
        else:
            do(people.mona, number, handle.change_severity, Severity.HIGH, "Sett på stedet.")
        db.session.remove()
    before = severity_of(app, people.mona, number)
    assert ingrid.post(address, {**form, **GRAVE}).status == 409
    assert severity_of(app, people.mona, number) == before


def test_only_the_reporter_is_asked(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people.ingrid, people.strandheim)
    address = f"/avvik/{number}/sporsmal"
    form = log_in(people.ingrid).get(address).form()
    assert log_in(people.mona).post(address, {**form, **GRAVE}).status == 403
    assert log_in(people.tor).post(address, {**form, **GRAVE}).status == 404
    assert severity_of(app, people.mona, number) == Severity.MEDIUM


def test_what_was_answered_in_the_form_is_not_asked_again(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(
        app, people.ingrid, people.strandheim, category=Category.PATIENT, answers=["patient.could"]
    )
    address = f"/avvik/{number}/sporsmal"
    assert address not in log_in(people.ingrid).get(f"/avvik/{number}/kvittering").links()


def test_who_had_a_copy_already_gets_no_second_one(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        with transaction():
            db.session.add(CopyRule(category=None, least_rank=0, role=Role.SAFETY_REPRESENTATIVE))
            db.session.add(
                CopyRule(category=Category.STAFF, least_rank=0, role=Role.SAFETY_REPRESENTATIVE)
            )
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    page = ingrid.post(address, {**ingrid.get(address).form(), "category": "staff"})
    assert "Takk" in page.text
    with app.app_context():
        assert list(case_for(people.mona, number)[0].copied) == [people.vera]


def test_no_category_asks_for_one(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/sporsmal"
    page = ingrid.post(address, ingrid.get(address).form())
    assert page.status == 422
    assert "Velg en type." in page.text
