"""The written plan for the environment of a pupil or a child: made, kept, closed, printed."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.deviations.actions import clocks, ending, handle, types
from intranet.deviations.actions.plans import FAULTS, open_plans, print_plan, save_plan
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import ClockState
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.plans import (
    MOST_MEASURES,
    PlanContent,
    PlanFault,
    PlanMeasure,
    plan_fault,
)
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.clocks import find_details
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.queries.plans import find_plan, find_plan_clock
from intranet.deviations.types import Kind
from intranet.deviations.words import event_words
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report

LogIn = Callable[[int], Browser]
PROBLEM = "Eleven Hemmelig Navnesen blir stengt ute i friminuttene."
VIEW = "«Jeg vil ha noen å være sammen med.»"
DAY = date(2099, 5, 4)


def content(**changes: Any) -> PlanContent:
    """A whole plan; `changes` replace parts."""
    values: dict[str, Any] = {
        "problem": PROBLEM,
        "child_view": VIEW,
        "measures": [PlanMeasure("Fast voksen ute i friminuttet", "Kontaktlærer", DAY)],
        "evaluate_on": DAY,
    }
    return PlanContent(**{**values, **changes})


def begun(people: cast.Cast, kind: Kind = Kind.SCHOOL) -> int:
    """A case at the school that Rita, its leader, has acknowledged."""
    number = report(people.tor, people.school)
    do(people.rita, number, handle.acknowledge_deviation)
    do(people.rita, number, types.choose_kind, kind)
    return number


def case_id(number: int) -> int:
    found = db.session.scalar(select(Deviation.id).where(Deviation.number == number))
    assert found is not None
    return found


def plan_clock(number: int) -> StatutoryClock:
    clock = find_plan_clock(case_id(number))
    assert clock is not None
    return clock


def events(name: str) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == name)))


@pytest.mark.parametrize(
    ("changes", "is_first", "fault"),
    [
        ({}, True, None),
        ({"problem": " "}, True, PlanFault.NO_PROBLEM),
        ({"child_view": ""}, True, PlanFault.NO_CHILD_VIEW),
        ({"measures": []}, True, PlanFault.NO_MEASURE),
        ({"measures": [PlanMeasure("Samtale", "", DAY)]}, True, PlanFault.HALF_MEASURE),
        (
            {"measures": [PlanMeasure("Samtale", "Rektor", DAY)] * (MOST_MEASURES + 1)},
            True,
            PlanFault.TOO_MANY,
        ),
        ({"evaluate_on": date(2020, 1, 1)}, True, PlanFault.EVALUATED_BEFORE),
        ({}, False, PlanFault.NO_CHANGE_NOTE),
        ({"change_note": "Ny kontaktlærer."}, False, None),
    ],
)
def test_a_plan_says_all_that_the_law_asks(
    changes: dict[str, Any], is_first: bool, fault: PlanFault | None
) -> None:
    assert plan_fault(content(**changes), is_first=is_first, today=date(2026, 11, 26)) == fault
    assert fault is None or fault in FAULTS


@pytest.mark.parametrize("kind", [Kind.SCHOOL, Kind.NURSERY])
def test_making_the_plan_meets_its_clock_and_tells_nothing_of_what_it_says(
    context: Flask, people: cast.Cast, kind: Kind
) -> None:
    number = begun(people, kind)
    do(people.rita, number, save_plan, content(), based_on=0)
    clock = plan_clock(number)
    assert (clock.state, clock.settled_by) == (ClockState.MET, people.rita)
    entry = db.session.scalars(
        select(DeviationEntry).where(DeviationEntry.code == "plan_made")
    ).one()
    assert event_words(entry.code, entry.params) == "laget den skriftlige planen, versjon 1"
    assert (entry.text, entry.is_public) == ("", False)
    stories = db.session.scalars(select(DeviationEntry.text)).all()
    trails = db.session.scalars(select(AuditEntry.details)).all()
    assert not any("Navnesen" in text or "være sammen" in text for text in [*stories, *trails])
    assert json.loads(events("deviation.plan_saved")[0])["version"] == 1


def test_a_change_is_a_new_version_and_the_first_stands(context: Flask, people: cast.Cast) -> None:
    number = begun(people)
    do(people.rita, number, save_plan, content(), based_on=0)
    with pytest.raises(InvalidInput):
        do(people.rita, number, save_plan, content(problem="Nytt."), based_on=1)
    changed = content(problem="Nytt.", change_note="Etter møte med foreldrene.")
    with pytest.raises(SomeoneElseWasFirst):
        do(people.rita, number, save_plan, changed, based_on=0)
    do(people.rita, number, save_plan, changed, based_on=1)
    newest, first = do(people.rita, number, open_plans)
    assert (newest.number, newest.problem, first.number, first.problem) == (2, "Nytt.", 1, PROBLEM)
    assert first.measures == [
        {"what": "Fast voksen ute i friminuttet", "who": "Kontaktlærer", "day": "2099-05-04"}
    ]


def test_a_plan_that_comes_too_late_says_why(context: Flask, people: cast.Cast) -> None:
    number = begun(people)
    with stopped_at(now() + timedelta(days=20)):
        with pytest.raises(InvalidInput) as refused:
            do(people.rita, number, save_plan, content(), based_on=0)
        assert refused.value.field == "late_reason"
        assert find_plan(case_id(number)) is None
        do(
            people.rita, number, save_plan, content(), based_on=0,
            late_reason="Undersøkelsen tok tid.",
        )  # fmt: skip
    clock = plan_clock(number)
    assert (clock.state, clock.reason) == (ClockState.MISSED, "Undersøkelsen tok tid.")
    assert clock.met_at is not None


def test_only_the_handler_reads_and_changes_and_each_reading_is_logged(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    do(people.rita, number, save_plan, content(), based_on=0)
    others = (people.tor, people.ragnhild, people.kari)
    for person in others:
        for act, args in ((open_plans, ()), (print_plan, (1,))):
            with pytest.raises(NotAllowed):
                do(person, number, act, *args)
        with pytest.raises(NotAllowed):
            do(person, number, save_plan, content(change_note="x"), based_on=1)
    assert events("deviation.plan_read") == []
    do(people.rita, number, print_plan, 1)
    assert len(events("deviation.plan_read")) == len(events("deviation.plan_printed")) == 1


def test_a_kind_without_a_plan_has_none(context: Flask, people: cast.Cast) -> None:
    number = begun(people, Kind.WORK_INJURY)
    for act, args in ((open_plans, ()), (print_plan, (1,))):
        with pytest.raises(NotAllowed):
            do(people.rita, number, act, *args)
    with pytest.raises(NotAllowed):
        do(people.rita, number, save_plan, content(), based_on=0)


def settle_all(people: cast.Cast, number: int) -> None:
    """Say of each open clock but that of the plan that it is done."""
    rows = db.session.scalars(
        select(StatutoryClock).where(
            StatutoryClock.deviation_id == case_id(number), StatutoryClock.phase != "plan"
        )
    )
    for key in [row.id for row in rows if row.is_open]:

        def settle(case: Case, key: int = key, **common: Any) -> None:
            clock = db.session.get_one(StatutoryClock, key)
            clocks.settle_clock(case, clock, clocks.Sent(now(), "Gjort."), **common)

        do(people.rita, number, settle)


def test_a_case_closes_with_a_plan_or_when_no_plan_is_needed(
    context: Flask, people: cast.Cast
) -> None:
    first, second = begun(people), begun(people)
    for number in (first, second):
        do(people.rita, number, types.save_answers, {"staff": "no"})
        settle_all(people, number)

        def by_hand(case: Case, number: int = number, **common: Any) -> None:
            clocks.settle_clock(
                case, plan_clock(number), clocks.Sent(now(), "Ligger i permen."), **common
            )

        with pytest.raises(NotPossibleNow, match="planen"):
            do(people.rita, number, by_hand)
        with pytest.raises(NotPossibleNow, match="skriftlige planen"):
            do(people.rita, number, ending.close_deviation, "Takk.")
    do(people.rita, first, save_plan, content(), based_on=0)

    def not_needed(case: Case, **common: Any) -> None:
        clocks.dismiss_clock(case, plan_clock(second), "Eleven har det bra, viste saken.", **common)

    do(people.rita, second, not_needed)
    for number in (first, second):
        do(people.rita, number, ending.close_deviation, "Takk for at du sa fra.")
    with pytest.raises(NotAllowed):
        do(people.rita, first, save_plan, content(change_note="x"), based_on=1)
    assert len(do(people.rita, first, open_plans)) == 1


def test_what_was_answered_before_plans_had_a_place_stands_and_counts(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    old = {"problem": "p", "measures": "m", "who_when": "w", "evaluated": "e"}
    details = find_details(case_id(number))
    assert details is not None
    details.answers = old
    db.session.commit()
    do(people.rita, number, types.save_answers, {"staff": "no"})
    assert details.answers == {**old, "staff": "no"}
    settle_all(people, number)
    with pytest.raises(NotPossibleNow) as refused:
        do(people.rita, number, ending.close_deviation, "Takk.")
    assert "skriftlige planen" not in str(refused.value.message)


def test_the_copy_of_the_case_says_that_there_is_a_plan_and_not_what(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    do(people.rita, number, save_plan, content(), based_on=0)
    copy = load_case_copy(*case_for(people.rita, number))
    assert [plan["version"] for plan in copy.data["plan_versions"]] == [1]
    assert any(part.key == "plan-1" for part in copy.parts)
    whole = json.dumps(copy.data) + " ".join(f"{part.heading} {part.text}" for part in copy.parts)
    assert "Navnesen" not in whole
    assert load_case_copy(*case_for(people.tor, number)).data["plan_versions"] == []


def test_the_page_makes_changes_and_prints_the_plan(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = begun(people)
        db.session.remove()
    base, rita = f"/avvik/{number}", log_in(people.rita)
    page = rita.get(base)
    page = rita.post(f"{base}/plan", page.form(f"{base}/plan"))
    fields = page.form(f"{base}/plan/lagre")
    assert fields["based_on"] == "0"
    typed = {**fields, "problem": PROBLEM, "child_view": VIEW, "evaluate_on": "2099-05-04"}
    refused = rita.post(f"{base}/plan/lagre", typed)
    assert refused.status == 422
    assert "Skriv minst ett tiltak" in refused.text
    assert PROBLEM in refused.source
    half = {**typed, "what_0": "Samtale med klassen"}
    assert rita.post(f"{base}/plan/lagre", half).status == 422
    more = rita.post(f"{base}/plan/lagre", {**half, "step": "more"})
    assert "what_4" in more.form(f"{base}/plan/lagre")
    assert "Samtale med klassen" in more.source
    whole = {**more.form(f"{base}/plan/lagre"), "who_0": "Rektor", "day_0": f"{today()}"}
    page = rita.post(f"{base}/plan/lagre", {**whole, "step": "save"})
    assert "Versjon 1 ble laget" in page.text
    assert "Navnesen" not in page.source
    assert "Gjort i tide" in page.text
    assert rita.post(f"{base}/plan/lagre", {**whole, "step": "save"}).status == 409
    page = rita.post(f"{base}/plan", page.form(f"{base}/plan"))
    assert "Navnesen" in page.find("//section[@id='newest']")[0].text_content()
    # The plan is read first; the form is there when it is to be changed.
    assert not page.find("//details[@id='new-version']/@open")
    made = rita.post(f"{base}/plan/1/pdf", page.form(f"{base}/plan/1/pdf"))
    pages = PdfReader(io.BytesIO(made.response.data)).pages
    text = " ".join(" ".join(each.extract_text() for each in pages).split())
    assert "Samtale med klassen" in text
    assert re.search(rf"Rektor, innen {today().day}\. \w+ {today().year}", text)
    assert "opplæringslova §§ 12-4 og 12-5" in text
    assert made.response.headers["Cache-Control"] == "no-store"
    assert rita.post(f"{base}/plan/9/pdf", {}).status == 404


def test_others_see_that_there_is_a_plan_and_get_no_button(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = begun(people)
        do(people.rita, number, save_plan, content(), based_on=0)
        db.session.remove()
    base = f"/avvik/{number}"
    kari, tor = log_in(people.kari), log_in(people.tor)
    assert "Bare den som behandler saken, leser planen." in kari.get(base).text
    assert not kari.get(base).find(f"//form[@action='{base}/plan']")
    assert not tor.get(base).find("//*[@id='plan']")
    for visitor in (kari, tor):
        for path in ("plan", "plan/lagre", "plan/1/pdf"):
            assert visitor.post(f"{base}/{path}", {}).status == 403
    assert log_in(people.ingrid).post(f"{base}/plan", {}).status == 404


def test_a_plan_is_evaluated_today_or_later(context: Flask, people: cast.Cast) -> None:
    number = begun(people)
    with pytest.raises(InvalidInput) as refused:
        do(
            people.rita, number, save_plan,
            content(evaluate_on=today() - timedelta(days=1)), based_on=0,
        )  # fmt: skip
    assert refused.value.field == "evaluate_on"
