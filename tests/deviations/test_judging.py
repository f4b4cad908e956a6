"""Risk, confidentiality and corrections: who may, who loses sight, and what is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.errors import InvalidInput, NotAllowed, NotFound
from intranet.deviations.actions import handle, judge
from intranet.deviations.models import Deviation, DeviationCopy, DeviationCorrection
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.queries.corrections import list_corrections_for
from intranet.deviations.queries.visibility import visible_to
from intranet.deviations.severity import Category
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.deviations.factories import WHAT, case_for, do, report
from tests.deviations.test_desk import LogIn

NAMED = "Bruker Ola Nordmann skled på vått gulv."
CLEAN = "En bruker skled på vått gulv."


def sees(person_id: int, number: int) -> bool:
    """By the predicate and by the SQL, which must agree."""
    viewer = cast.viewer(person_id)
    by_sql = (
        db.session.execute(
            select(Deviation.id).where(Deviation.number == number, visible_to(viewer))
        ).first()
        is not None
    )
    try:
        get_deviation_for(viewer, number)
    except NotFound:
        assert not by_sql
        return False
    assert by_sql
    return True


def test_a_confidential_case_leaves_advisers_and_copied_and_comes_back_when_it_is_open_again(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category=Category.STAFF)
    assert sees(people.vera, number)
    do(people.mona, number, judge.set_confidential, "Gjelder en konflikt.", is_confidential=True)
    assert not sees(people.vera, number)
    assert not sees(people.kari, number)
    for person in (people.ingrid, people.mona, people.kaja, people.ragnhild):
        assert sees(person, number)
    with pytest.raises(InvalidInput):
        do(people.mona, number, judge.set_confidential, "Igjen.", is_confidential=True)
    do(people.kaja, number, judge.set_confidential, "Saken er avklart.", is_confidential=False)
    assert sees(people.vera, number)
    assert sees(people.kari, number)
    events = db.session.execute(
        select(AuditEntry.details).where(AuditEntry.event == "deviation.confidentiality_changed")
    ).scalars()
    assert len([details for details in events if "konflikt" not in details]) == 2


def test_the_data_protection_officer_keeps_a_confidential_breach(
    context: Flask, people: cast.Cast
) -> None:
    """GDPR art. 38: involved in all issues of personal data."""
    number = report(people.tor, people.school, category=Category.PRIVACY)
    do(people.rita, number, judge.set_confidential, "Et barn.", is_confidential=True)
    assert sees(people.petter, number)


def test_a_confidential_case_is_copied_to_nobody_new_but_whom_the_law_involves(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, judge.set_confidential, "Gjelder en konflikt.", is_confidential=True)
    do(people.mona, number, handle.change_category, Category.STAFF)
    assert db.session.execute(select(DeviationCopy)).first() is None
    do(people.mona, number, handle.change_category, Category.PRIVACY)
    copied = db.session.execute(select(DeviationCopy.person_id)).scalars().all()
    assert copied == [people.petter]


def test_only_leaders_make_a_case_confidential_and_with_a_reason(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-22."""
    number = report(people.ingrid, people.strandheim, category=Category.STAFF)
    for person in (people.ingrid, people.vera, people.kari):
        with pytest.raises(NotAllowed):
            do(person, number, judge.set_confidential, "Fordi.", is_confidential=True)
    with pytest.raises(InvalidInput):
        do(people.mona, number, judge.set_confidential, " ", is_confidential=True)


def test_a_corrected_text_is_found_no_more_and_the_original_is_kept_for_the_entitled(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, what=NAMED)
    do(people.mona, number, judge.correct_text, "what", CLEAN, "Navnet er tatt bort.")
    do(people.mona, number, judge.correct_text, "what", CLEAN + " På badet.", "Stedet mangler.")
    row = db.session.execute(select(Deviation)).scalar_one()
    assert "nordmann" not in row.text_key
    assert row.what == CLEAN + " På badet."
    for person in (people.ingrid, people.mona, people.kaja, people.ragnhild):
        case, viewer = case_for(person, number)
        newest, oldest = list_corrections_for(viewer, case)
        assert (oldest.before, oldest.after) == (NAMED, CLEAN)
        assert (newest.before, newest.after) == (CLEAN, row.what)
    case, viewer = case_for(people.kari, number)
    with pytest.raises(NotAllowed):
        list_corrections_for(viewer, case)
    told = db.session.execute(
        select(Notice.recipient_id).where(Notice.event == "deviation.news")
    ).scalars()
    assert set(told) == {people.ingrid}
    trail = db.session.execute(select(AuditEntry.details)).scalars()
    assert not any("Nordmann" in details for details in trail)


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("what", "", "Fordi."),
        ("what", WHAT, "Fordi."),
        ("what", CLEAN, " "),
        ("answer", CLEAN, "Fordi."),
        ("handler_id", "1", "Fordi."),
    ],
)
def test_a_correction_that_says_nothing_or_of_what_nobody_reported_is_refused(
    context: Flask, people: cast.Cast, field: str, text: str, reason: str
) -> None:
    number = report(people.ingrid, people.strandheim)
    with pytest.raises(InvalidInput):
        do(people.mona, number, judge.correct_text, field, text, reason)
    assert db.session.execute(select(DeviationCorrection)).first() is None


def test_nobody_but_the_handler_corrects(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.strandheim)
    for person in (people.ingrid, people.kaja, people.kari):
        with pytest.raises(NotAllowed):
            do(person, number, judge.correct_text, "what", CLEAN, "Fordi.")


def test_the_pages_correct_a_text_and_compare_the_versions(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim, what=NAMED)
        db.session.remove()
    url = f"/avvik/{number}/rettelser"
    mona, kari = log_in(people.mona), log_in(people.kari)
    assert url in mona.get(f"/avvik/{number}").links()
    form = mona.get(url).form(f"{url}/what")
    assert form["text"].strip() == NAMED
    refused = mona.post(f"{url}/what", {**form, "text": "Ny tekst her.", "reason": ""})
    assert refused.status == 422
    assert "Ny tekst her." in refused.source
    page = mona.post(f"{url}/what", {**form, "text": CLEAN, "reason": "Navnet er tatt bort."})
    assert page.find("//del[contains(., 'Nordmann')]")
    assert mona.post(f"{url}/what", {**form, "text": "Gammel.", "reason": "x"}).status == 409
    assert "Rettet" in kari.get(f"/avvik/{number}").text
    assert "Nordmann" not in kari.get(f"/avvik/{number}").source
    assert kari.get(url).status == 403
    assert log_in(people.tor).get(url).status == 404
    assert "Nordmann" in log_in(people.ingrid).get(url).source


def test_the_risk_is_shown_with_words_and_letters_to_all_but_the_reporter(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    base, mona = f"/avvik/{number}", log_in(people.mona)
    form = mona.get(base).form(f"{base}/risiko")
    for wrong in ({}, {"consequence": "6", "probability": "1"}, {"consequence": "4"}):
        assert mona.post(f"{base}/risiko", {**form, **wrong}).status == 422
    page = mona.post(f"{base}/risiko", {**form, "consequence": "4", "probability": "4"})
    assert "Høy risiko" in page.text
    here = page.find("//td[@aria-current='true']")
    assert [cell.text_content().split()[0] for cell in here] == ["H"]
    assert len(page.find("//table[contains(@class, 'risk-matrix')]//td")) == 25
    assert "vurderte risikoen: Høy risiko" in page.text
    assert "risiko" not in log_in(people.ingrid).get(base).text.casefold()


def test_the_page_makes_a_case_confidential_and_open_again(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    base, mona = f"/avvik/{number}", log_in(people.mona)
    url = f"{base}/fortrolig"
    page = mona.post(url, {**mona.get(base).form(url), "reason": "Gjelder en konflikt."})
    assert "gjorde saken fortrolig" in page.text
    assert "Opphev at saken er fortrolig" in page.text
    assert log_in(people.kari).get(base).status == 404
    mona.post(url, {**page.form(url), "reason": "Avklart."})
    assert log_in(people.kari).get(base).status == 200
