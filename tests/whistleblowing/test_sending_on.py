"""What is no whistleblowing is offered the right route, and goes there only with consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.anonymous.models import AnonymousReport
from intranet.audit.queries import list_events
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.deviations.models import Deviation, DeviationConcerned, DeviationEntry
from intranet.extensions import db
from intranet.notifications.models import Notice
from intranet.whistleblowing.actions.offer import Proposal, answer_by_name, offer_to_send_on
from intranet.whistleblowing.actions.steps import (
    appoint_investigator,
    assess_case,
    confirm_case,
    exclude_person,
)
from intranet.whistleblowing.models import WhistleCase, WhistleEntry, WhistleOffer
from intranet.whistleblowing.queries.cases import get_own_case_for
from tests import cast
from tests.anonymous.conftest import Nobody
from tests.browser import Browser
from tests.deviations.factories import report
from tests.whistleblowing.conftest import Whistleblower
from tests.whistleblowing.factories import make_case, take
from tests.whistleblowing.test_moving import move

LogIn = Callable[[int], Browser]
Deliver = Callable[[], datetime]
TEXT = "Vaktlistene kommer for sent."


def proposal(people: cast.Cast, **changes: Any) -> Proposal:
    values = {"text": TEXT, "unit_id": people.strandheim, "happened_on": today()}
    return Proposal(**{**values, **changes})


def not_whistleblowing(people: cast.Cast, case_id: str) -> str:
    """Let Hanne find that it is none."""
    take(people.hanne, case_id, confirm_case)
    take(people.hanne, case_id, assess_case, "Det er et avvik.", is_whistleblowing=False)
    return case_id


def sent_case(people: cast.Cast) -> str:
    case_id = db.session.execute(select(WhistleCase.id)).scalar_one()
    return not_whistleblowing(people, case_id)


def test_only_recipients_offer_it_and_only_what_is_no_whistleblowing(
    context: Flask, people: cast.Cast
) -> None:
    case_id = make_case()
    take(people.hanne, case_id, confirm_case)
    with pytest.raises(NotPossibleNow):
        take(people.hanne, case_id, offer_to_send_on, proposal(people))
    take(people.hanne, case_id, assess_case, "Ja.", is_whistleblowing=True)
    with pytest.raises(NotPossibleNow):
        take(people.hanne, case_id, offer_to_send_on, proposal(people))
    take(people.hanne, case_id, appoint_investigator, people.eva, "x")
    with pytest.raises(NotAllowed):
        take(people.eva, case_id, offer_to_send_on, proposal(people))


def test_next_step_is_to_ask_and_then_to_close_when_it_is_no_whistleblowing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        case_id = not_whistleblowing(people, make_case())
        db.session.remove()
    hanne = log_in(people.hanne)
    page = hanne.get(f"/varsling/sak/{case_id}")
    assert page.find("//section[@id='next']//details[@id='step-offer']")
    assert "Når saken er ferdig undersøkt" not in page.text
    address = f"/varsling/sak/{case_id}/tilby"
    fields = page.form(address) | {
        "text": TEXT,
        "unit_id": str(people.strandheim),
        "happened_on": f"{today():%Y-%m-%d}",
    }
    asked = hanne.post(address, fields)
    assert "Venter på svar" in asked.text
    assert "Vent på svaret før dere avslutter saken." in asked.text
    assert not asked.find("//details[@id='step-offer']")
    address = f"/varsling/sak/{case_id}/avslutt"
    closed = hanne.post(address, asked.form(address) | {"conclusion": "Meldt som avvik."})
    steps = closed.find("//ol[@class='steps']/li/@class")
    assert steps == ["steps__item steps__item--done"] * 4


def test_what_cannot_be_sent_is_refused_and_nobody_is_asked_twice(
    context: Flask, people: cast.Cast
) -> None:
    case_id = not_whistleblowing(people, make_case())
    for field, value in [
        ("text", " "), ("text", "Født 01019000083 her."),
        ("happened_on", today() + timedelta(days=1)),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            take(people.hanne, case_id, offer_to_send_on, proposal(people, **{field: value}))
        assert refused.value.field == field
    take(people.hanne, case_id, offer_to_send_on, proposal(people))
    with pytest.raises(NotPossibleNow):
        take(people.nils, case_id, offer_to_send_on, proposal(people))


def test_with_a_yes_it_comes_as_an_anonymous_deviation_that_the_same_code_follows(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, nobody: Nobody, deliver: Deliver
) -> None:
    """aml § 2 A-1 third paragraph: the right route, and the line learns nothing of the sender."""
    whistleblower.send(contact="Ingrid Solheim", unit_id=people.strandheim)
    deliver()
    with app.app_context():
        case_id = sent_case(people)
        take(people.hanne, case_id, exclude_person, people.mona)
        take(people.hanne, case_id, offer_to_send_on, proposal(people))
        assert db.session.execute(select(Deviation)).all() == []
        db.session.remove()
    page = whistleblower.open()
    assert TEXT in page.text
    address = "/varsling/folg/videre"
    unanswered = whistleblower.browser.post(address, page.form(address), token=False)
    assert unanswered.status == 422
    fields = page.form(address) | {"answer": "yes"}
    held = whistleblower.browser.post(address, fields, token=False)
    assert held.status == 200
    assert "Svaret ditt er tatt vare på" in held.text
    again = whistleblower.browser.post(address, fields | {"answer": "no"}, token=False)
    assert again.status == 200
    with app.app_context():
        assert db.session.execute(select(Deviation)).all() == []
        assert db.session.execute(select(WhistleOffer.is_accepted)).scalar_one() is None
        db.session.remove()
    deliver()
    with app.app_context():
        row = db.session.execute(select(Deviation)).scalar_one()
        assert (row.what, row.is_anonymous, row.reporter_id) == (TEXT, True, None)
        concerned = db.session.execute(select(DeviationConcerned.person_id)).scalars().all()
        assert concerned == [people.mona]
        assert row.handler_id == people.kaja
        assert db.session.execute(select(WhistleOffer.is_accepted)).scalar_one() is True
        # No table says that the two belong together, and no row of the deviation names anybody.
        reports = db.session.execute(select(AnonymousReport.id, AnonymousReport.room)).all()
        assert len(reports) == 2
        story = db.session.execute(select(DeviationEntry.author_id)).scalars().all()
        assert set(story) == {None}
        shown = [each.event for each in list_events()]
        assert not [each for each in shown if "offer" in each]
        db.session.remove()
    nobody.code = whistleblower.code
    opened = nobody.open()
    assert TEXT.rstrip(".") in opened.text
    # It comes from there; sent back, the code could lead to one of the two only.
    assert "Be om varsling" not in opened.text
    nobody.add("Det gjelder uke 42.")
    deliver()
    with app.app_context():
        said = db.session.execute(select(DeviationEntry.text)).scalars().all()
        assert "Det gjelder uke 42." in said
        told = db.session.execute(select(WhistleEntry.text)).scalars().all()
        assert "Det gjelder uke 42." not in told
        db.session.remove()
    assert whistleblower.open().status == 200


def test_with_a_no_nothing_is_sent_and_the_recipients_may_ask_with_another_text(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    whistleblower.send()
    deliver()
    with app.app_context():
        case_id = sent_case(people)
        take(people.hanne, case_id, offer_to_send_on, proposal(people))
        db.session.remove()
    address = "/varsling/folg/videre"
    fields = whistleblower.open().form(address) | {"answer": "no"}
    whistleblower.browser.post(address, fields, token=False)
    deliver()
    with app.app_context():
        assert db.session.execute(select(Deviation)).all() == []
        assert db.session.execute(select(WhistleOffer.is_accepted)).scalar_one() is False
        take(people.hanne, case_id, offer_to_send_on, proposal(people, text="Mindre."))
        db.session.remove()
    assert "Mindre." in whistleblower.open().text


def test_who_reported_it_by_name_says_yes_and_the_line_gets_no_name(
    app: Flask, people: cast.Cast, log_in: LogIn, deliver: Deliver
) -> None:
    with app.app_context():
        case_id = not_whistleblowing(people, move(people.kaja, report(people.ingrid, people.ward)))
        take(people.hanne, case_id, offer_to_send_on, proposal(people))
        db.session.remove()
    ingrid, base = log_in(people.ingrid), f"/varsling/min/{case_id}"
    page = ingrid.get(base)
    assert TEXT in page.text
    assert ingrid.post(f"{base}/videre", page.form(f"{base}/videre")).status == 422
    done = ingrid.post(f"{base}/videre", page.form(f"{base}/videre") | {"answer": "yes"})
    assert "har fått svaret ditt" in done.text
    again = ingrid.post(f"{base}/videre", page.form(f"{base}/videre") | {"answer": "no"})
    assert again.status == 409
    with app.app_context():
        assert db.session.execute(select(Deviation)).all() == []
        db.session.remove()
    deliver()
    with app.app_context():
        row = db.session.execute(select(Deviation)).scalar_one()
        assert (row.is_anonymous, row.reporter_id, row.what) == (True, None, TEXT)
        told = db.session.execute(
            select(Notice.recipient_id).where(Notice.url == f"/avvik/{row.number}")
        ).scalars()
        assert people.ingrid not in set(told)
        with pytest.raises(NotPossibleNow):
            answer_by_name(
                get_own_case_for(cast.viewer(people.ingrid), case_id),
                is_accepted=True,
                actor=cast.viewer(people.ingrid),
            )
        db.session.remove()


def test_recipients_page_offers_it_and_shows_the_answer(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        case_id = not_whistleblowing(people, make_case(unit_id=people.strandheim))
        db.session.remove()
    hanne, base = log_in(people.hanne), f"/varsling/sak/{case_id}"
    address = f"{base}/tilby"
    fields = hanne.get(base).form(address)
    assert fields["text"].strip().startswith("Innkjøp")
    refused = hanne.post(address, fields | {"text": "Kort.", "happened_on": ""})
    assert refused.status == 422
    assert "Kort." in refused.source
    done = hanne.post(address, fields | {"text": TEXT, "happened_on": today().isoformat()})
    assert done.status == 200
    assert "Venter på svar" in done.text
    assert not done.find(f"//form[@action='{address}']")


def test_an_offer_that_nobody_answers_sends_nothing(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    whistleblower.send()
    deliver()
    with app.app_context():
        take(people.hanne, sent_case(people), offer_to_send_on, proposal(people))
        db.session.remove()
    whistleblower.add("Jeg tenker på det.")
    deliver()
    with app.app_context():
        assert db.session.execute(select(Deviation)).all() == []
        assert db.session.execute(select(WhistleOffer.is_accepted)).scalar_one() is None
        db.session.remove()
