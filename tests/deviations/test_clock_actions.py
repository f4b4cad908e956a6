"""Statutory clocks at work on cases: started, met, missed, corrected, dismissed, and climbing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import OSLO, stopped_at
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.deviations import jobs
from intranet.deviations.actions import clocks as acts
from intranet.deviations.actions import ending, handle, merge, types
from intranet.deviations.actions.clocks import Sent
from intranet.deviations.clock_models import ClockDefinition, DeviationDetails, StatutoryClock
from intranet.deviations.clocks import ClockState, Limit
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_case
from intranet.deviations.queries.clocks import get_clock, worked_by
from intranet.deviations.queries.visibility import visible_to
from intranet.deviations.type_policy import waits_for
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from tests import cast
from tests.deviations.factories import case_for, do, report


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


FRIDAY = oslo(2026, 10, 16, 15, 30)


def clocks_of(number: int) -> dict[str, StatutoryClock]:
    db.session.rollback()
    rows = db.session.execute(
        select(StatutoryClock)
        .join(Deviation, Deviation.id == StatutoryClock.deviation_id)
        .where(Deviation.number == number)
    ).scalars()
    return {f"{row.key}.{row.phase}": row for row in rows}


def work(person_id: int, number: int, name: str, act: Callable[..., None], *args: object) -> None:
    clock_id = clocks_of(number)[name].id
    with transaction():
        case, viewer = case_for(person_id, number)
        act(case, get_clock(case.deviation.id, clock_id), *args, actor=viewer)


def answer(person_id: int, number: int, **answers: str) -> None:
    do(person_id, number, types.save_answers, answers)


def story(number: int, *codes: str) -> list[str]:
    db.session.rollback()
    rows = db.session.execute(
        select(DeviationEntry.code)
        .join(Deviation, Deviation.id == DeviationEntry.deviation_id)
        .where(Deviation.number == number, DeviationEntry.code.in_(codes))
        .order_by(DeviationEntry.id)
    )
    return list(rows.scalars())


def told(event: str) -> list[int]:
    db.session.rollback()
    rows = db.session.execute(
        select(Notice.recipient_id).where(Notice.event == event).order_by(Notice.id)
    )
    return list(rows.scalars())


def run_at(*moments: datetime) -> None:
    for moment in moments:
        with stopped_at(moment):
            jobs.signal_clocks()


@pytest.fixture
def breach(context: Flask, people: cast.Cast) -> int:
    """A breach that Ingrid reported on a Friday afternoon and Mona recognised ten minutes later."""
    with stopped_at(FRIDAY):
        number = report(people.ingrid, people.strandheim)
    with stopped_at(FRIDAY + timedelta(minutes=10)):
        do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
    return number


def test_the_clock_starts_when_it_was_reported_and_says_what_goes_to_whom(
    breach: int, people: cast.Cast
) -> None:
    clock = clocks_of(breach)["data_breach.authority"]
    assert (clock.started_at, clock.due_at) == (FRIDAY, FRIDAY + timedelta(hours=72))
    assert (clock.recipient, clock.law) == ("Datatilsynet", "personvernforordningen artikkel 33")
    assert clock.state == ClockState.RUNNING
    assert story(breach, "kind_chosen", "copied", "clock_started") == [
        "kind_chosen",
        "copied",
        "clock_started",
    ]
    assert people.petter in told("deviation.copied")


def test_reminders_then_missed_then_leader_sector_and_chief_each_once(
    breach: int, people: cast.Cast
) -> None:
    """The leader, then the kommunalsjef, then the chief executive; every quarter of an hour."""
    run_at(*[FRIDAY + timedelta(minutes=15 * n) for n in range(4 * 96)])
    codes = story(breach, "clock_reminded", "clock_missed", "clock_climbed", "clock_overdue")
    assert codes == [
        "clock_reminded",
        "clock_reminded",
        "clock_missed",
        "clock_climbed",
        "clock_climbed",
    ]
    reminded = told("deviation.clock_reminded")
    assert sorted(reminded) == sorted([people.mona, people.petter] * 2)
    climbed = told("deviation.clock_climbed")
    assert climbed.count(people.kaja) == climbed.count(people.ragnhild) == 1
    clock = clocks_of(breach)["data_breach.authority"]
    assert (clock.state, clock.met_at, clock.next_due_at) == (ClockState.MISSED, None, None)


def test_three_days_down_and_run_twice_gives_one_signal_at_a_time(
    breach: int, people: cast.Cast
) -> None:
    back = FRIDAY + timedelta(hours=75)
    run_at(back, back, back)
    assert story(breach, "clock_reminded", "clock_missed", "clock_climbed") == [
        "clock_missed",
        "clock_reminded",
    ]
    run_at(back + timedelta(minutes=59))
    assert told("deviation.clock_climbed") == []
    run_at(back + timedelta(hours=1), back + timedelta(hours=1))
    assert told("deviation.clock_climbed").count(people.kaja) == 1
    assert people.ragnhild not in told("deviation.clock_climbed")


def test_met_in_time_stops_the_clock_and_keeps_what_was_sent(
    breach: int, people: cast.Cast
) -> None:
    at = FRIDAY + timedelta(hours=20)
    with stopped_at(at):
        work(
            people.mona, breach, "data_breach.authority", acts.settle_clock,
            Sent(at, "Meldt i Altinn.", "26/01234"),
        )  # fmt: skip
    clock = clocks_of(breach)["data_breach.authority"]
    assert (clock.state, clock.met_at, clock.reference) == (ClockState.MET, at, "26/01234")
    run_at(*[FRIDAY + timedelta(hours=n) for n in range(20, 100)])
    assert story(breach, "clock_reminded", "clock_missed", "clock_climbed") == []
    with pytest.raises(NotPossibleNow), stopped_at(at):
        work(people.mona, breach, "data_breach.authority", acts.settle_clock, Sent(at, "Igjen."))


def test_too_late_demands_the_reason_and_stays_missed(breach: int, people: cast.Cast) -> None:
    late = FRIDAY + timedelta(hours=73)
    run_at(late)
    with stopped_at(late):
        with pytest.raises(InvalidInput) as refused:
            work(
                people.mona,
                breach,
                "data_breach.authority",
                acts.settle_clock,
                Sent(late, "Sendt."),
            )
        assert refused.value.field == "reason"
        work(
            people.mona, breach, "data_breach.authority", acts.settle_clock,
            Sent(late, "Sendt.", reason="Vi trodde først at lista var kryptert."),
        )  # fmt: skip
    clock = clocks_of(breach)["data_breach.authority"]
    assert (clock.state, clock.met_at, clock.is_open) == (ClockState.MISSED, late, False)


def test_a_call_made_in_time_and_written_down_later_was_in_time(
    context: Flask, people: cast.Cast
) -> None:
    with stopped_at(FRIDAY):
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, types.choose_kind, Kind.WORK_INJURY)
        answer(people.mona, number, serious="yes")
    run_at(FRIDAY + timedelta(hours=2))
    assert clocks_of(number)["work_accident.call"].state == ClockState.MISSED
    with stopped_at(FRIDAY + timedelta(hours=3)):
        work(
            people.mona, number, "work_accident.call", acts.settle_clock,
            Sent(FRIDAY + timedelta(minutes=12), "Ringte Arbeidstilsynet og politiet."),
        )  # fmt: skip
    assert clocks_of(number)["work_accident.call"].state == ClockState.MET


@pytest.mark.parametrize(
    ("hours", "note", "field"), [(5, "Sendt.", "day"), (-9, "Sendt.", "day"), (0, "", "note")]
)
def test_a_moment_that_cannot_be_and_an_empty_note_are_refused(
    breach: int, people: cast.Cast, hours: int, note: str, field: str
) -> None:
    at = FRIDAY + timedelta(hours=1)
    with stopped_at(at), pytest.raises(InvalidInput) as refused:
        sent = Sent(at + timedelta(hours=hours), note)
        work(people.mona, breach, "data_breach.authority", acts.settle_clock, sent)
    assert refused.value.field == field


def test_awareness_is_corrected_with_a_reason_and_the_first_moment_is_kept(
    breach: int, people: cast.Cast
) -> None:
    earlier = FRIDAY - timedelta(minutes=45)
    with stopped_at(FRIDAY + timedelta(hours=1)):
        with pytest.raises(InvalidInput):
            work(people.mona, breach, "data_breach.authority", acts.correct_start, earlier, " ")
        with pytest.raises(InvalidInput):
            work(
                people.mona, breach, "data_breach.authority", acts.correct_start,
                FRIDAY - timedelta(hours=5), "Før det skjedde.",
            )  # fmt: skip
        work(
            people.mona, breach, "data_breach.authority", acts.correct_start, earlier,
            "Vakta så det allerede da.",
        )  # fmt: skip
    clock = clocks_of(breach)["data_breach.authority"]
    assert clock.original_started_at == FRIDAY
    assert (clock.started_at, clock.due_at) == (earlier, earlier + timedelta(hours=72))
    assert story(breach, "clock_corrected") == ["clock_corrected"]


def test_a_breach_is_left_unreported_only_when_the_risk_is_unlikely_and_with_a_reason(
    breach: int, people: cast.Cast
) -> None:
    with stopped_at(FRIDAY + timedelta(hours=1)):
        with pytest.raises(NotPossibleNow):
            work(people.mona, breach, "data_breach.authority", acts.dismiss_clock, "Liten sak.")
        answer(people.mona, breach, risk="unlikely")
        with pytest.raises(InvalidInput):
            work(people.mona, breach, "data_breach.authority", acts.dismiss_clock, "  ")
        work(
            people.mona, breach, "data_breach.authority", acts.dismiss_clock, "Lista var kryptert."
        )
    clock = clocks_of(breach)["data_breach.authority"]
    assert (clock.state, clock.reason) == (ClockState.NOT_APPLICABLE, "Lista var kryptert.")


def test_a_case_does_not_close_while_a_clock_runs_or_an_answer_is_missing(
    breach: int, people: cast.Cast
) -> None:
    at = FRIDAY + timedelta(hours=1)
    with stopped_at(at):
        do(people.mona, breach, handle.acknowledge_deviation)
        for act in (ending.close_deviation, ending.reject_deviation):
            with pytest.raises(NotPossibleNow, match="En frist etter loven er ikke avgjort"):
                do(people.mona, breach, act, "Takk for meldingen.")
        work(people.mona, breach, "data_breach.authority", acts.settle_clock, Sent(at, "Meldt."))
        with pytest.raises(NotPossibleNow, match="Svar på spørsmålene"):
            do(people.mona, breach, ending.close_deviation, "Takk for meldingen.")
        answer(
            people.mona, breach, facts="Lista lå åpent.", risk="likely", effects="Uro.",
            remedies="Lista er slettet.",
        )  # fmt: skip
        do(people.mona, breach, ending.close_deviation, "Takk for meldingen.")


def test_the_report_is_counted_anew_when_the_message_is_sent(
    context: Flask, people: cast.Cast
) -> None:
    aware = oslo(2026, 9, 10, 9)
    with stopped_at(aware):
        number = report(people.ingrid, people.strandheim, happened_at=oslo(2026, 9, 8, 9))
        do(people.mona, number, types.choose_kind, Kind.CARE_EVENT)
        assert clocks_of(number) == {}
        answer(people.mona, number, harm="yes", unexpected="yes")
    found = clocks_of(number)
    assert found["care_event.message"].due_at == oslo(2026, 9, 17, 23, 59)
    assert found["care_event.meeting"].due_at == oslo(2026, 9, 18, 23, 59)
    assert found["care_event.report"].due_at == oslo(2026, 12, 10, 23, 59)
    sent = oslo(2026, 9, 14, 12)
    with stopped_at(sent):
        work(people.mona, number, "care_event.message", acts.settle_clock, Sent(sent, "Meldt."))
    assert clocks_of(number)["care_event.report"].due_at == oslo(2026, 12, 14, 23, 59)


def test_correcting_over_the_change_of_law_takes_the_law_of_that_day(
    context: Flask, people: cast.Cast
) -> None:
    with stopped_at(oslo(2026, 7, 1, 9)):
        number = report(people.ingrid, people.strandheim, happened_at=oslo(2026, 6, 29, 9))
        do(people.mona, number, types.choose_kind, Kind.CARE_EVENT)
        answer(people.mona, number, harm="yes", unexpected="yes")
        work(
            people.mona, number, "care_event.message", acts.correct_start,
            oslo(2026, 6, 30, 20), "Vakta visste det kvelden før.",
        )  # fmt: skip
    found = clocks_of(number)
    assert found["care_event.message"].limit == Limit.AT_ONCE
    assert found["care_event.message"].state == ClockState.MISSED
    assert found["care_event.report"].state == ClockState.NOT_APPLICABLE


def test_a_reporters_proposal_starts_the_clocks_and_the_handler_takes_a_stand(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.ingrid, number, types.choose_kind, Kind.DATA_BREACH)
    assert "data_breach.authority" in clocks_of(number)
    assert people.mona in told("deviation.kind_proposed")
    with pytest.raises(NotPossibleNow):
        do(people.ingrid, number, types.choose_kind, Kind.VIOLENCE)
    do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
    row = db.session.execute(select(DeviationDetails)).scalar_one()
    assert not row.is_proposed


def test_only_those_whose_work_it_is_may_settle(breach: int, people: cast.Cast) -> None:
    now = FRIDAY + timedelta(hours=1)
    for person in (people.ingrid, people.kari):
        with pytest.raises(NotAllowed), stopped_at(now):
            work(person, breach, "data_breach.authority", acts.settle_clock, Sent(now, "Sendt."))
    with stopped_at(now):
        work(people.petter, breach, "data_breach.authority", acts.settle_clock, Sent(now, "Sendt."))
    assert clocks_of(breach)["data_breach.authority"].settled_by == people.petter


def test_two_who_answer_at_once_do_not_overwrite_each_other(breach: int, people: cast.Cast) -> None:
    do(people.mona, breach, types.save_answers, {"facts": "Første."}, version=1)
    with pytest.raises(SomeoneElseWasFirst):
        do(people.mona, breach, types.save_answers, {"facts": "Andre."}, version=1)


def test_medical_facts_need_consent_and_opening_the_closed_text_is_logged(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, types.choose_kind, Kind.WORK_INJURY)
    with pytest.raises(NotPossibleNow, match="samtykket"):
        do(people.mona, number, types.write_hidden, "Brudd i håndleddet.")
    answer(people.mona, number, consent="yes")
    do(people.mona, number, types.write_hidden, "Brudd i håndleddet.")
    for person in (people.ingrid, people.kaja, people.kari, people.vera):
        with pytest.raises(NotAllowed):
            do(person, number, types.open_hidden)
    assert do(people.mona, number, types.open_hidden) == "Brudd i håndleddet."
    events = list(db.session.execute(select(AuditEntry.event, AuditEntry.actor_id)).all())
    assert ("deviation.hidden_read", people.mona) in [tuple(row) for row in events]


def test_stop_of_work_does_not_close_without_the_leaders_answer(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.vera, people.strandheim)
    do(people.vera, number, types.choose_kind, Kind.STOP_OF_WORK)
    do(people.mona, number, types.choose_kind, Kind.STOP_OF_WORK)
    do(people.mona, number, handle.acknowledge_deviation)
    clock = clocks_of(number)["stop_of_work.answer"]
    work(
        people.mona,
        number,
        "stop_of_work.answer",
        acts.settle_clock,
        Sent(clock.started_at + timedelta(seconds=0), "Svart."),
    )
    answer(people.mona, number, danger="Løs rekkverk.")
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, ending.close_deviation, "Takk.")
    answer(people.mona, number, danger="Løs rekkverk.", leader_answer="Rekkverket er festet.")
    do(people.mona, number, ending.close_deviation, "Takk.")


def test_the_concerned_leader_hears_nothing_of_the_clocks(
    context: Flask, people: cast.Cast
) -> None:
    with stopped_at(FRIDAY):
        number = report(people.ingrid, people.strandheim, concerned=[people.mona])
        do(people.kaja, number, types.choose_kind, Kind.SCHOOL)
        answer(people.kaja, number, staff="yes")
    run_at(*[FRIDAY + timedelta(hours=n) for n in range(24 * 14)])
    for event in ("deviation.clock_started", "deviation.clock_reminded", "deviation.clock_climbed"):
        assert told(event), event
        assert people.mona not in told(event)


def test_mail_about_clocks_carries_nothing_sensitive(breach: int) -> None:
    run_at(*[FRIDAY + timedelta(hours=n) for n in range(90)])
    db.session.rollback()
    subjects = list(db.session.execute(select(OutboxMessage.subject, OutboxMessage.body)).all())
    assert len(subjects) > 4
    for subject, body in subjects:
        text = f"{subject} {body}".casefold()
        assert not any(word in text for word in ("personopp", "brudd", "datatilsyn", "skled"))


def test_the_administrators_table_replaces_the_rules(context: Flask, people: cast.Cast) -> None:
    with transaction():
        db.session.add(
            ClockDefinition(
                key="data_breach",
                phase="authority",
                kind=Kind.DATA_BREACH,
                law="Intern regel",
                limit=Limit.HOURS,
                amount=48,
                recipient="Personvernombudet",
                valid_from=date(2020, 1, 1),
            )  # fmt: skip
        )
    with stopped_at(FRIDAY):
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
    assert clocks_of(number)["data_breach.authority"].due_at == FRIDAY + timedelta(hours=48)


def test_whose_tasks_the_clocks_are_is_the_same_by_predicate_and_by_sql(
    breach: int, context: Flask, people: cast.Cast
) -> None:
    school = report(people.tor, people.school)
    do(people.rita, school, types.choose_kind, Kind.DATA_BREACH)
    injury = report(people.nils, people.home_care)
    do(people.henrik, injury, types.choose_kind, Kind.WORK_INJURY)
    about = report(people.ingrid, people.strandheim, concerned=[people.petter])
    do(people.mona, about, types.choose_kind, Kind.DATA_BREACH)
    by_officer = report(people.petter, people.school)
    do(people.rita, by_officer, types.choose_kind, Kind.DATA_BREACH)
    seen = 0
    for name in [
        "ragnhild",
        "kaja",
        "mona",
        "ingrid",
        "vera",
        "henrik",
        "siri",
        "rita",
        "kari",
        "petter",
        "adam",
    ]:
        viewer = cast.viewer(getattr(people, name))
        rows = set(db.session.execute(select(Deviation.id).where(worked_by(viewer))).scalars())
        visible = set(db.session.execute(select(Deviation.id).where(visible_to(viewer))).scalars())
        assert rows <= visible
        for row in db.session.execute(select(DeviationDetails)).scalars().all():
            case = get_case(row.deviation_id)
            roles = {person: role for person, (_name, role) in case.copied.items()}
            by_rule = waits_for(viewer, case.access, Kind(row.kind), roles)
            assert by_rule == (row.deviation_id in rows), (name, case.deviation.number)
            seen += by_rule
    assert seen >= 7


def test_a_case_whose_clock_runs_does_not_vanish_into_another(
    breach: int, people: cast.Cast
) -> None:
    other = report(people.jonas, people.strandheim)
    do(people.mona, other, handle.acknowledge_deviation)
    with pytest.raises(NotPossibleNow, match="En frist etter loven"), transaction():
        case, viewer = case_for(people.mona, breach)
        main, _viewer = case_for(people.mona, other)
        merge.merge_deviation(case, main, actor=viewer)
