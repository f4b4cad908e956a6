"""Kinds that category and ticks propose: when clocks start, and what a person answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.deviations.actions import ending, handle, proposals, questions, types
from intranet.deviations.actions.anonymous import report_anonymously
from intranet.deviations.categories import CategorySettings
from intranet.deviations.clock_models import DeviationDetails, KindProposal, StatutoryClock
from intranet.deviations.clocks import ClockState
from intranet.deviations.defaults import DEFAULT_CATEGORIES
from intranet.deviations.models import (
    Deviation,
    DeviationCategory,
    DeviationCopy,
    DeviationEntry,
    DeviationQuestion,
)
from intranet.deviations.proposals import Meaning, Source, list_meanings, read_proposal
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, make_report, report
from tests.deviations.test_desk import made

LogIn = Callable[[int], Browser]
HOUR = timedelta(hours=1)
NO_BREACH = "Mappa hadde bare maler, ingen opplysninger om noen."


def row_of(number: int) -> Deviation:
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def details_of(number: int) -> DeviationDetails | None:
    return db.session.get(DeviationDetails, row_of(number).id)


def proposal_of(number: int) -> KindProposal | None:
    return db.session.get(KindProposal, row_of(number).id)


def clocks_of(number: int) -> dict[str, StatutoryClock]:
    rows = db.session.scalars(
        select(StatutoryClock).where(StatutoryClock.deviation_id == row_of(number).id)
    )
    return {f"{row.key}.{row.phase}": row for row in rows}


@pytest.mark.parametrize(
    ("category", "ticks", "kind", "source"),
    [
        ("staff", [], None, None),
        ("staff", ["could", "before"], None, None),
        ("staff", ["treatment"], "work_injury", Source.TICK),
        ("staff", ["treatment", "lasting"], "work_injury.serious", Source.TICK),
        ("patient", ["lasting"], "care_event.harm", Source.TICK),
        ("child", ["lasting"], None, None),
        ("violence", [], "violence", Source.CATEGORY),
        ("violence", ["before"], "violence", Source.CATEGORY),
        ("violence", ["struck", "hurt"], "violence.injured", Source.TICK),
        ("privacy", ["sensitive"], "data_breach", Source.CATEGORY),
        ("privacy", ["leaked"], "data_breach", Source.TICK),
        ("other", ["danger"], None, None),
        (None, [], None, None),
        ("gone", ["lasting"], None, None),
    ],
)
def test_what_the_products_own_categories_propose(
    category: str | None, ticks: list[str], kind: str | None, source: Source | None
) -> None:
    answers = [f"{category}.{tick}" for tick in ticks]
    found = read_proposal(DEFAULT_CATEGORIES, category, answers)
    assert (found and str(found.meaning), found and found.source) == (kind, source)


def test_each_meaning_is_read_as_it_is_written_and_nothing_else_is() -> None:
    for meaning in list_meanings():
        assert Meaning.read(str(meaning)) == meaning
    for text in (None, "", "ordinary", "volcano", "ordinary.serious"):
        assert Meaning.read(text) is None
    # A question of consent is never answered by a tick.
    assert Meaning.read("work_injury.consent") == Meaning(Kind.WORK_INJURY)
    assert read_proposal(CategorySettings(), "staff", ["staff.lasting"]) is None


def test_a_tick_starts_the_clock_at_the_report_and_tells_the_handler_at_once(
    context: Flask, people: cast.Cast
) -> None:
    number = report(
        people.ingrid, people.strandheim, category="privacy", answers=["privacy.leaked"]
    )
    details = details_of(number)
    assert details is not None
    assert (details.kind, details.is_proposed) == (Kind.DATA_BREACH, True)
    [clock] = clocks_of(number).values()
    assert clock.started_at == row_of(number).reported_at
    assert clock.due_at == row_of(number).reported_at + 72 * HOUR
    told = db.session.execute(select(Notice.recipient_id, Notice.event)).all()
    assert (people.mona, "deviation.clock_started") in told
    # One notice of the clock is enough; why it runs stands on top of the case.
    assert (people.mona, "deviation.kind_proposed") not in told
    copied = db.session.scalars(select(DeviationCopy.person_id)).all()
    assert copied == [people.petter]


def test_a_serious_injury_that_is_ticked_starts_the_call_at_once(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category="staff", answers=["staff.lasting"])
    assert set(clocks_of(number)) == {
        "work_accident.call",
        "work_accident.confirmation",
        "nav_injury.report",
    }
    details = details_of(number)
    assert details is not None
    assert details.answers == {"serious": "yes"}


def test_a_category_asks_and_starts_nothing_until_the_answer_which_counts_from_the_report(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category="privacy", answers=[])
    assert details_of(number) is None
    assert clocks_of(number) == {}
    told = db.session.execute(select(Notice.recipient_id, Notice.event)).all()
    assert (people.mona, "deviation.kind_proposed") in told
    with stopped_at(now() + 5 * HOUR):
        do(people.mona, number, proposals.accept_kind)
    [clock] = clocks_of(number).values()
    assert clock.due_at == row_of(number).reported_at + 72 * HOUR
    proposal = proposal_of(number)
    assert proposal is not None
    assert (proposal.outcome, proposal.decided_by) == (Kind.DATA_BREACH, people.mona)
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, proposals.accept_kind)


def test_no_keeps_the_reason_and_ends_the_clocks_with_it(context: Flask, people: cast.Cast) -> None:
    number = report(
        people.ingrid, people.strandheim, category="privacy", answers=["privacy.leaked"]
    )
    with pytest.raises(InvalidInput):
        do(people.mona, number, proposals.decline_kind, " ")
    do(people.mona, number, proposals.decline_kind, NO_BREACH)
    [clock] = clocks_of(number).values()
    assert (clock.state, clock.reason, clock.next_due_at) == (
        ClockState.NOT_APPLICABLE,
        NO_BREACH,
        None,
    )
    proposal, details = proposal_of(number), details_of(number)
    assert proposal is not None
    assert details is not None
    assert (proposal.outcome, proposal.reason) == (Kind.ORDINARY, NO_BREACH)
    assert (details.kind, details.is_proposed) == (Kind.ORDINARY, False)
    entry = db.session.scalars(
        select(DeviationEntry).where(DeviationEntry.code == "kind_declined")
    ).one()
    assert (entry.text, entry.is_public) == (NO_BREACH, False)
    trail = db.session.scalars(
        select(AuditEntry.details).where(AuditEntry.event == "deviation.kind_declined")
    ).one()
    assert json.loads(trail)["kind"] == "data_breach"
    assert "maler" not in trail
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, ending.close_deviation, "Takk. Ingen opplysninger var synlige.")


@pytest.mark.parametrize("answers", [[], ["privacy.leaked"]])
def test_a_case_does_not_end_before_somebody_has_answered_but_may_be_withdrawn_without_clocks(
    context: Flask, people: cast.Cast, answers: list[str]
) -> None:
    first, second = [
        report(people.ingrid, people.strandheim, category="privacy", answers=answers)
        for _n in range(2)
    ]
    with pytest.raises(NotPossibleNow):
        do(people.mona, first, ending.reject_deviation, "Ikke et avvik.")
    do(people.mona, first, handle.acknowledge_deviation)
    with pytest.raises(NotPossibleNow):
        do(people.mona, first, ending.close_deviation, "Takk.")
    if answers:
        with pytest.raises(NotPossibleNow):
            do(people.ingrid, second, ending.withdraw_deviation)
    else:
        do(people.ingrid, second, ending.withdraw_deviation)


def test_only_the_handler_and_those_above_answer(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.strandheim, category="violence", answers=[])
    for person in (people.ingrid, people.kari, people.vera):
        with pytest.raises(NotAllowed):
            do(person, number, proposals.accept_kind)
        with pytest.raises(NotAllowed):
            do(person, number, proposals.decline_kind, "Nei.")
    do(people.kaja, number, proposals.accept_kind)
    details = details_of(number)
    assert details is not None
    assert details.kind == Kind.VIOLENCE


def test_answers_that_come_later_turn_the_question_into_a_proposal(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category="violence")
    assert clocks_of(number) == {}
    case, viewer = case_for(people.ingrid, number)
    version = case.deviation.version
    with transaction():
        case, viewer = case_for(people.ingrid, number)
        questions.answer_questions(
            case, "violence", ["violence.hurt"], actor=viewer, version=version
        )
    proposal = proposal_of(number)
    assert proposal is not None
    assert (proposal.source, proposal.because) == (Source.TICK, ["violence.hurt"])
    assert set(clocks_of(number)) == {"violence.talk", "violence.follow_up"}


def test_a_new_category_asks_anew_but_never_what_was_answered(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category="privacy", answers=[])
    do(people.mona, number, proposals.decline_kind, NO_BREACH)
    do(people.mona, number, handle.change_category, "violence")
    proposal = proposal_of(number)
    assert proposal is not None
    assert (proposal.kind, proposal.outcome) == (Kind.VIOLENCE, None)
    do(people.mona, number, types.choose_kind, Kind.WORK_INJURY)
    assert proposal.outcome == Kind.WORK_INJURY
    do(people.mona, number, handle.change_category, "privacy")
    assert (proposal.kind, proposal.outcome) == (Kind.VIOLENCE, Kind.WORK_INJURY)


def test_ordinary_is_not_chosen_past_a_proposal_without_a_reason(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim, category="violence", answers=[])
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, types.choose_kind, Kind.ORDINARY)


def test_what_the_reporter_proposes_in_words_is_declined_with_a_reason_that_is_kept(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.ingrid, number, types.choose_kind, Kind.WORK_INJURY)
    do(people.mona, number, proposals.decline_kind, "Ingen ble skadet.")
    proposal = proposal_of(number)
    assert proposal is not None
    assert (proposal.source, proposal.outcome) == (Source.REPORTER, Kind.ORDINARY)
    assert {clock.state for clock in clocks_of(number).values()} == {ClockState.NOT_APPLICABLE}


def test_an_anonymous_report_proposes_too(context: Flask, people: cast.Cast) -> None:
    with transaction():
        number = report_anonymously(
            make_report(people.strandheim, category="violence", answers=["violence.hurt"])
        ).number
    assert set(clocks_of(number)) == {"violence.talk", "violence.follow_up"}
    do(people.mona, number, proposals.accept_kind)
    details = details_of(number)
    assert details is not None
    assert details.answers == {"injured": "yes"}


def test_the_top_of_the_case_asks_and_one_press_answers(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(
        app, people.ingrid, people.strandheim, category="privacy", answers=["privacy.sensitive"]
    )
    base, mona = f"/avvik/{number}", log_in(people.mona)
    page = mona.get(base)
    asked = page.find("//*[@id='proposal']")[0].text_content()
    assert "Er dette «Brudd på personopplysningssikkerheten»?" in asked
    assert "Personvern og IT" in asked
    assert "72 timer" in asked
    assert not log_in(people.kari).get(base).find("//*[@id='proposal']")
    assert not log_in(people.ingrid).get(base).find("//*[@id='proposal']")
    stale = {**page.form(f"{base}/hendelse/ja"), "kind": "violence"}
    assert mona.post(f"{base}/hendelse/ja", stale).status == 409
    page = mona.post(f"{base}/hendelse/ja", page.form(f"{base}/hendelse/ja"))
    assert "Meld bruddet" in page.text
    assert not page.find("//*[@id='proposal']")
    assert log_in(people.tor).post(f"{base}/hendelse/ja", {}).status == 404


def test_the_page_says_no_with_a_reason_and_shows_a_refusal_with_what_was_typed(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(
        app, people.ingrid, people.strandheim, category="staff", answers=["staff.treatment"]
    )
    base, mona = f"/avvik/{number}", log_in(people.mona)
    page = mona.get(base)
    assert "Fristene løper allerede" in page.text
    fields = page.form(f"{base}/hendelse/nei")
    held = mona.post(f"{base}/hendelse/nei", {**fields, "reason": "Ring 91 23 45 67."})
    assert held.status == 422
    assert "Ring 91 23 45 67." in held.source
    assert mona.post(f"{base}/hendelse/nei", {**fields, "reason": ""}).status == 422
    page = mona.post(f"{base}/hendelse/nei", {**fields, "reason": "Bare et plaster."})
    assert "svarte at det ikke er «Arbeidsskade», men et vanlig avvik" in page.text
    assert "Bare et plaster." in page.text
    assert "Bare et plaster." not in log_in(people.ingrid).get(base).text
    assert mona.get(f"{base}/hendelse/nei").status == 409


def test_the_administrator_sets_what_a_category_and_a_tick_propose(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam = log_in(people.adam)
    with app.app_context():
        child = db.session.scalars(
            select(DeviationCategory).where(DeviationCategory.key == "child")
        ).one()
        asked = db.session.scalars(
            select(DeviationQuestion).where(
                DeviationQuestion.category_id == child.id, DeviationQuestion.key == "could"
            )
        ).one()
        room = f"/administrasjon/avvik/typer/{child.id}"
        one = f"{room}/sporsmal/{asked.id}"
        db.session.remove()
    fields = adam.get(f"{room}/rediger").form()
    assert adam.post(f"{room}/rediger", {**fields, "proposes": "volcano"}).status == 422
    page = adam.post(f"{room}/rediger", {**fields, "proposes": "school"})
    assert "Skolemiljø" in page.text
    page = adam.post(one, {**adam.get(one).form(), "proposes": "intervention"})
    assert "Foreslår: Fysisk inngrep i skolen" in page.text
    first = made(app, people.tor, people.school, category="child", answers=[])
    second = made(app, people.tor, people.school, category="child", answers=["child.could"])
    with app.app_context():
        asked_of, told = proposal_of(first), details_of(second)
        assert asked_of is not None
        assert told is not None
        assert (asked_of.kind, told.kind) == (Kind.SCHOOL, Kind.INTERVENTION)
    with app.app_context():
        trail = db.session.scalars(
            select(AuditEntry.details).where(AuditEntry.event == "deviation_setting.changed")
        ).all()
        assert any('"proposes": "school"' in each for each in trail)
