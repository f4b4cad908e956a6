"""What each step does: state, story, notices, audit, and where the case goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, ending, handle, measures
from intranet.deviations.models import CorrectiveAction, Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_action_for
from intranet.deviations.queries.tasks import list_tasks_for
from intranet.deviations.severity import Category, Severity
from intranet.deviations.workflow import ActionState, DeviationState
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from tests import cast
from tests.deviations.factories import WHAT, do, report


@pytest.fixture
def number(context: Flask, people: cast.Cast) -> int:
    return report(people.ingrid, people.strandheim, category=Category.PATIENT, answers=[])


def row(number: int) -> Deviation:
    db.session.expire_all()
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def told(event: str) -> set[int]:
    return set(
        db.session.execute(select(Notice.recipient_id).where(Notice.event == event)).scalars()
    )


def audited() -> list[str]:
    return list(
        db.session.execute(select(AuditEntry.event).order_by(AuditEntry.sequence)).scalars()
    )


def add_action(people: cast.Cast, number: int, responsible: int) -> int:
    action = do(
        people.mona,
        number,
        measures.add_action,
        "Kjøpe ny matte.",
        responsible,
        today() + timedelta(days=10),
    )
    return int(action.id)


def finish(person_id: int, action_id: int, note: str = "Kjøpt og lagt ut.") -> None:
    with transaction():
        viewer = cast.viewer(person_id)
        action, case = get_action_for(viewer, action_id)
        measures.finish_action(action, case, note, actor=viewer)


def test_a_report_reaches_the_leader_with_notice_mail_task_and_audit(
    number: int, people: cast.Cast
) -> None:
    assert told("deviation.reported") == {people.mona}
    mail = db.session.execute(select(OutboxMessage)).scalar_one()
    assert WHAT not in mail.subject + mail.body
    assert [task.url for task in list_tasks_for(cast.viewer(people.mona))] == [f"/avvik/{number}"]
    assert "deviation.reported" in audited()
    entry = db.session.execute(
        select(AuditEntry).where(AuditEntry.event == "deviation.reported")
    ).scalar_one()
    assert "Bruker skled" not in entry.details


def test_a_report_in_a_vacant_ward_goes_one_level_up(context: Flask, people: cast.Cast) -> None:
    assert row(report(people.ingrid, people.ward)).handler_id == people.mona


def test_stand_in_receives_the_deviation_while_the_leader_is_away(
    context: Flask, people: cast.Cast
) -> None:
    with transaction():
        cast.away(people.henrik, people.siri, today(), today())
    number = report(people.nils, people.home_care)
    assert row(number).handler_id == people.henrik
    assert told("deviation.reported") == {people.siri}
    task = list_tasks_for(cast.viewer(people.siri))[0]
    assert task.on_behalf_of == "Henrik Haug"
    do(people.siri, number, handle.acknowledge_deviation)
    entry = db.session.execute(
        select(AuditEntry).where(AuditEntry.event == "deviation.acknowledged")
    ).scalar_one()
    assert (entry.actor_id, entry.on_behalf_of) == (people.siri, people.henrik)


def test_a_case_about_the_chief_with_no_recipient_named_is_kept_and_stands_unassigned(
    context: Flask, people: cast.Cast
) -> None:
    """D15: never a refused report."""
    made = row(report(people.ingrid, people.strandheim, concerned=[people.ragnhild]))
    assert made.handler_id is None
    assert made.line_unit_id is None
    assert told("deviation.reported") == set()


def test_critical_tells_the_heads_of_sector_and_municipality_at_once_but_not_the_concerned(
    context: Flask, people: cast.Cast
) -> None:
    critical = {"category": Category.PATIENT, "answers": ["patient.lasting"]}
    report(people.ingrid, people.strandheim, **critical)
    assert told("deviation.critical") == {people.kaja, people.ragnhild}
    report(people.tor, people.school, concerned=[people.olav], **critical)
    assert told("deviation.critical") == {people.kaja, people.ragnhild}


def test_copies_go_to_the_roles_of_the_table(context: Flask, people: cast.Cast) -> None:
    report(people.ingrid, people.ward, category=Category.STAFF)
    report(people.tor, people.school, category=Category.PRIVACY)
    assert told("deviation.copied") == {people.vera, people.petter}


def test_acknowledging_tells_the_reporter_and_starts_the_next_deadline(
    number: int, people: cast.Cast
) -> None:
    before = row(number).due_on
    do(people.mona, number, handle.acknowledge_deviation)
    after = row(number)
    assert after.state == DeviationState.ACKNOWLEDGED
    assert after.deadline_kind == "decide"
    assert after.due_on is not None
    assert before is not None
    assert after.due_on > before
    assert told("deviation.news") == {people.ingrid}


def test_the_reporter_and_the_copied_may_not_take_the_handlers_steps(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-22."""
    number = report(people.ingrid, people.strandheim, category=Category.STAFF)
    for person in (people.ingrid, people.vera, people.kari, people.ragnhild):
        with pytest.raises(NotAllowed):
            do(person, number, handle.acknowledge_deviation)
    assert row(number).state == DeviationState.REPORTED


def test_forwarding_moves_the_case_and_keeps_the_deadline(number: int, people: cast.Cast) -> None:
    before = row(number).due_on
    do(people.mona, number, handle.forward_deviation, people.home_care, "Gjelder hjemmetjenesten.")
    after = row(number)
    assert (after.handler_id, after.due_on) == (people.henrik, before)
    assert people.henrik in told("deviation.assigned")
    with pytest.raises(NotAllowed):
        do(people.mona, number, handle.acknowledge_deviation)


def test_a_case_is_never_forwarded_to_whom_it_concerns_nor_below_them_nor_to_the_reporter(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-09, AZ-23."""
    about_olav = report(people.ingrid, people.strandheim, concerned=[people.olav])
    by_henrik = report(people.henrik, people.strandheim)
    for number, unit in (
        (about_olav, people.education),
        (about_olav, people.school),
        (by_henrik, people.home_care),
    ):
        with pytest.raises(InvalidInput):
            do(people.mona, number, handle.forward_deviation, unit, "Prøver.")


def test_lifting_climbs_from_leader_to_sector_to_chief_and_no_further(
    number: int, people: cast.Cast
) -> None:
    do(people.mona, number, handle.lift_deviation, "Dette er over min fullmakt.")
    assert row(number).handler_id == people.kaja
    do(people.kaja, number, handle.lift_deviation, "Over min også.")
    assert row(number).handler_id == people.ragnhild
    with pytest.raises(NotPossibleNow):
        do(people.ragnhild, number, handle.lift_deviation, "Og nå?")


def test_a_reason_is_demanded(number: int, people: cast.Cast) -> None:
    for action, arguments in (
        (handle.lift_deviation, (" ",)),
        (handle.forward_deviation, (people.school, "")),
        (ending.reject_deviation, ("\n",)),
        (handle.change_severity, (Severity.HIGH, "")),
    ):
        with pytest.raises(InvalidInput):
            do(people.mona, number, action, *arguments)


def test_a_graver_severity_shortens_the_deadline_and_tells_upwards(
    number: int, people: cast.Cast
) -> None:
    before = row(number).due_on
    do(people.mona, number, handle.change_severity, Severity.CRITICAL, "Brukeren er innlagt.")
    after = row(number)
    assert after.due_on is not None
    assert before is not None
    assert after.due_on < before
    assert told("deviation.critical") == {people.kaja, people.ragnhild}


def test_a_new_category_copies_the_role_that_belongs_to_it(number: int, people: cast.Cast) -> None:
    do(people.mona, number, handle.change_category, Category.STAFF)
    assert told("deviation.copied") == {people.vera}


def test_a_case_is_closed_only_with_an_answer_and_settled_actions(
    number: int, people: cast.Cast
) -> None:
    do(people.mona, number, handle.acknowledge_deviation)
    action_id = add_action(people, number, people.jonas)
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, ending.close_deviation, "Ferdig.")
    finish(people.jonas, action_id)
    with pytest.raises(InvalidInput):
        do(people.mona, number, ending.close_deviation, "  ")
    do(people.mona, number, ending.close_deviation, "Vi har kjøpt ny matte.")
    after = row(number)
    assert (after.state, after.due_on, after.next_due_at) == (DeviationState.CLOSED, None, None)


def test_a_grave_case_is_evaluated_before_it_is_closed(context: Flask, people: cast.Cast) -> None:
    number = report(
        people.ingrid,
        people.strandheim,
        category=Category.PATIENT,
        answers=["patient.treatment"],
    )
    do(people.mona, number, handle.acknowledge_deviation)
    finish(people.jonas, add_action(people, number, people.jonas))
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, ending.close_deviation, "Ferdig.")
    do(people.mona, number, ending.plan_evaluation, today() + timedelta(days=30))
    assert row(number).due_on == today() + timedelta(days=30)
    do(people.mona, number, ending.evaluate_deviation, "Ingen fall siden.")
    do(people.mona, number, ending.close_deviation, "Tiltakene virker.")
    assert row(number).state == DeviationState.CLOSED


def test_the_responsible_finishes_the_action_but_may_not_drop_it(
    number: int, people: cast.Cast
) -> None:
    do(people.mona, number, handle.acknowledge_deviation)
    action_id = add_action(people, number, people.jonas)
    assert told("deviation.action_assigned") == {people.jonas}
    with pytest.raises(NotAllowed), transaction():
        viewer = cast.viewer(people.jonas)
        action, case = get_action_for(viewer, action_id)
        measures.drop_action(action, case, "Gidder ikke.", actor=viewer)
    finish(people.jonas, action_id)
    with pytest.raises(NotPossibleNow):
        finish(people.jonas, action_id)
    assert db.session.get_one(CorrectiveAction, action_id).state == ActionState.DONE


def test_whom_the_case_concerns_gets_no_action_in_it(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.strandheim, concerned=[people.jonas])
    do(people.mona, number, handle.acknowledge_deviation)
    with pytest.raises(InvalidInput):
        add_action(people, number, people.jonas)


def test_the_reporter_withdraws_until_it_is_acknowledged(number: int, people: cast.Cast) -> None:
    other = report(people.ingrid, people.strandheim)
    do(people.ingrid, number, ending.withdraw_deviation)
    assert row(number).state == DeviationState.WITHDRAWN
    do(people.mona, other, handle.acknowledge_deviation)
    with pytest.raises(NotPossibleNow):
        do(people.ingrid, other, ending.withdraw_deviation)


def test_not_solved_opens_the_case_one_level_up_and_only_once(
    number: int, people: cast.Cast
) -> None:
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, ending.close_deviation, "Ferdig.")
    do(people.ingrid, number, ending.say_not_solved, "Gulvet er fortsatt vått.")
    after = row(number)
    assert (after.state, after.handler_id) == (DeviationState.IN_PROGRESS, people.kaja)
    do(people.kaja, number, ending.close_deviation, "Nå er det lagt nytt gulv.")
    with pytest.raises(NotPossibleNow):
        do(people.ingrid, number, ending.say_not_solved, "Nei.")


def test_a_rejected_case_is_told_one_level_up_where_it_can_be_reopened(
    number: int, people: cast.Cast
) -> None:
    do(people.mona, number, ending.reject_deviation, "Ikke et avvik.")
    assert told("deviation.rejected") == {people.kaja}
    with pytest.raises(NotAllowed):
        do(people.ingrid, number, ending.reopen_deviation, "Jo.")
    do(people.kaja, number, ending.reopen_deviation, "Dette er et avvik.")
    assert row(number).state == DeviationState.IN_PROGRESS


def test_the_reporter_writes_also_after_the_case_is_closed(number: int, people: cast.Cast) -> None:
    """CC-05."""
    do(people.mona, number, handle.acknowledge_deviation)
    version = row(number).version
    do(people.ingrid, number, dialogue.send_reply, "En ting til.")
    do(people.mona, number, ending.close_deviation, "Ferdig.", version=version)
    do(people.ingrid, number, dialogue.send_reply, "Takk!")
    texts = set(db.session.execute(select(DeviationEntry.text)).scalars())
    assert {"En ting til.", "Ferdig.", "Takk!"} <= texts


def test_a_step_from_an_old_page_is_refused(number: int, people: cast.Cast) -> None:
    """CC-02, CC-06."""
    version = row(number).version
    do(people.mona, number, handle.lift_deviation, "Over min fullmakt.", version=version)
    with pytest.raises(SomeoneElseWasFirst):
        do(
            people.kaja,
            number,
            handle.forward_deviation,
            people.home_care,
            "Feil sted.",
            version=version,
        )
    assert row(number).handler_id == people.kaja


def test_when_the_stand_in_is_found_to_be_concerned_the_case_leaves_the_leader_too(
    context: Flask, people: cast.Cast
) -> None:
    with transaction():
        cast.away(people.henrik, people.siri, today(), today())
    number = report(people.nils, people.home_care)
    do(people.nils, number, handle.add_concerned, people.siri)
    assert row(number).handler_id == people.kaja


def test_no_notice_reaches_the_concerned_whatever_happens(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-09: over the whole life of a case about the leader."""
    with transaction():
        cast.away(people.mona, people.eva, today(), today())
    number = report(
        people.ingrid,
        people.strandheim,
        concerned=[people.mona],
        category=Category.STAFF,
        answers=["staff.lasting"],
    )
    do(people.kaja, number, handle.acknowledge_deviation)
    do(people.kaja, number, dialogue.send_message, "Takk.")
    do(people.ingrid, number, dialogue.send_reply, "Bare hyggelig.")
    do(people.kaja, number, handle.change_category, Category.PRIVACY)
    do(people.kaja, number, handle.lift_deviation, "Alvorlig.")
    reached = set(db.session.execute(select(Notice.recipient_id)).scalars())
    assert not reached & {people.mona, people.eva}
    assert {people.kaja, people.ragnhild, people.ingrid, people.vera} <= reached
