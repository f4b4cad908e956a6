"""Proposed follow-up of employees: taken, changed, declined, demanded before closing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import add_working_days, stopped_at, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.deviations.actions import ending, handle, types
from intranet.deviations.actions import settings as setting_actions
from intranet.deviations.actions.follow_up import (
    decline_follow_up,
    take_all_follow_up,
    take_follow_up,
)
from intranet.deviations.follow_up import DEFAULT_FOLLOW_UP, due_on
from intranet.deviations.follow_up_models import (
    DeviationFollowUp,
    FollowUpState,
    FollowUpTemplate,
)
from intranet.deviations.models import CorrectiveAction, Deviation, DeviationEntry
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.queries.follow_up import get_follow_up, list_follow_up, list_templates
from intranet.deviations.types import Kind, TypeFault, type_faults
from intranet.deviations.words import event_words
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_desk import made

LogIn = Callable[[int], Browser]
WHY = "Ingen ble skadet, og den ansatte ønsket det ikke."
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)


def begun(people: cast.Cast, kind: Kind = Kind.VIOLENCE) -> int:
    """A case of the kind that the leader has acknowledged."""
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, types.choose_kind, kind)
    return number


def rows_of(number: int, kind: Kind = Kind.VIOLENCE) -> list[DeviationFollowUp]:
    deviation_id = db.session.scalar(select(Deviation.id).where(Deviation.number == number))
    assert deviation_id is not None
    return list_follow_up(deviation_id, kind)


def actions_of(number: int) -> list[CorrectiveAction]:
    return list(
        db.session.scalars(
            select(CorrectiveAction)
            .join(Deviation, Deviation.id == CorrectiveAction.deviation_id)
            .where(Deviation.number == number)
            .order_by(CorrectiveAction.id)
        )
    )


def step(
    person_id: int, number: int, act: Callable[..., object], place: int, *args: object
) -> None:
    """Take or decline the proposal at the place, as the person."""

    def run(case: Case, **common: object) -> None:
        act(case, get_follow_up(case.deviation.id, rows_of(number)[place].id), *args, **common)

    do(person_id, number, run)


@pytest.mark.parametrize("kind", [Kind.VIOLENCE, Kind.HARASSMENT])
def test_a_case_gets_the_list_of_its_kind_when_the_kind_is_chosen(
    context: Flask, people: cast.Cast, kind: Kind
) -> None:
    number = begun(people, kind)
    wanted = [dict(row.words) for row in DEFAULT_FOLLOW_UP if row.kind == kind]
    assert [row.words for row in rows_of(number, kind)] == wanted
    assert len(wanted) == 6


def test_a_proposal_of_the_reporters_gives_none_before_somebody_accepts(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.ingrid, number, types.choose_kind, Kind.VIOLENCE)
    assert rows_of(number) == []
    do(people.mona, number, types.choose_kind, Kind.VIOLENCE)
    assert len(rows_of(number)) == 6


def test_working_days_count_from_the_day_it_is_taken() -> None:
    friday = date(2026, 11, 27)
    assert due_on(0, friday) == friday
    assert due_on(2, friday) == date(2026, 12, 1)


def test_one_is_taken_with_the_handler_and_the_day_of_the_list(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    with stopped_at(FRIDAY):
        step(people.mona, number, take_follow_up, 1)
    [action] = actions_of(number)
    assert action.what == "Tilby samtale med bedriftshelsetjenesten"
    assert (action.responsible_id, action.due_on) == (people.mona, date(2026, 12, 1))
    row = rows_of(number)[1]
    assert (row.state, row.action_id, row.decided_by) == (
        FollowUpState.TAKEN,
        action.id,
        people.mona,
    )
    with pytest.raises(NotPossibleNow):
        step(people.mona, number, take_follow_up, 1)
    assert len(actions_of(number)) == 1


def test_all_that_wait_are_taken_at_once(context: Flask, people: cast.Cast) -> None:
    number = begun(people)
    step(people.mona, number, decline_follow_up, 3, WHY)
    do(people.mona, number, take_all_follow_up)
    assert len(actions_of(number)) == 5
    assert {action.responsible_id for action in actions_of(number)} == {people.mona}
    assert {row.state for row in rows_of(number)} == {FollowUpState.TAKEN, FollowUpState.DECLINED}
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, take_all_follow_up)


def test_declining_keeps_the_reason_in_the_story_and_not_in_the_audit(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    with pytest.raises(InvalidInput):
        step(people.mona, number, decline_follow_up, 3, " ")
    step(people.mona, number, decline_follow_up, 3, WHY)
    entry = db.session.scalars(
        select(DeviationEntry).where(DeviationEntry.code == "follow_up_declined")
    ).one()
    assert (entry.text, entry.is_public) == (WHY, False)
    assert "Vurder om forholdet skal meldes til politiet" in event_words(entry.code, entry.params)
    trail = db.session.scalars(
        select(AuditEntry.details).where(AuditEntry.event == "deviation.follow_up_declined")
    ).one()
    assert "skadet" not in trail
    assert json.loads(trail)["follow_up"] == rows_of(number)[3].template_id


def test_a_case_closes_only_when_each_is_taken_or_declined(
    context: Flask, people: cast.Cast
) -> None:
    """And the actions that were taken are done like others."""
    number = begun(people, Kind.HARASSMENT)
    faults = type_faults(
        Kind.HARASSMENT,
        {"support": "x", "examined": "x", "risk_changed": "x"},
        has_open_clocks=False,
        has_follow_up_waiting=True,
    )
    assert faults == [TypeFault.FOLLOW_UP_WAITS]
    with pytest.raises(NotPossibleNow, match="forslag til oppfølging"):
        do(people.mona, number, ending.close_deviation, "Takk.")
    rows = rows_of(number, Kind.HARASSMENT)
    for row in rows[1:]:
        row_id = row.id

        def decline(case: Case, row_id: int = row_id, **common: object) -> None:
            decline_follow_up(
                case,
                get_follow_up(case.deviation.id, row_id),
                WHY,
                **common,  # type: ignore[arg-type]
            )

        do(people.mona, number, decline)
    do(people.mona, number, take_all_follow_up)
    with pytest.raises(NotPossibleNow) as refused:
        do(people.mona, number, ending.close_deviation, "Takk.")
    assert "forslag til oppfølging" not in str(refused.value.message)


def test_only_the_handler_of_an_open_acknowledged_case_takes(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    for person in (people.kaja, people.kari, people.vera):
        with pytest.raises(NotAllowed):
            step(person, number, take_follow_up, 0)
        with pytest.raises(NotAllowed):
            step(person, number, decline_follow_up, 0, WHY)
    fresh = report(people.ingrid, people.strandheim)
    do(people.mona, fresh, types.choose_kind, Kind.VIOLENCE)
    with pytest.raises(NotPossibleNow):
        step(people.mona, fresh, take_follow_up, 0)
    assert rows_of(fresh)[0].state == FollowUpState.WAITS
    step(people.mona, fresh, decline_follow_up, 0, WHY)


def test_another_kind_leaves_what_was_proposed_for_the_first(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    do(people.mona, number, types.choose_kind, Kind.HARASSMENT)
    with pytest.raises(NotPossibleNow):
        step(people.mona, number, take_follow_up, 0)
    do(people.mona, number, types.choose_kind, Kind.VIOLENCE)
    assert len(rows_of(number)) == 6


def test_the_administrators_change_holds_for_new_cases(context: Flask, people: cast.Cast) -> None:
    old = begun(people)
    first = list_templates(Kind.VIOLENCE)[0]
    values = {
        "kind": Kind.VIOLENCE,
        "text_nb": "Ring den som ble utsatt",
        "text_nn": "Ring den som vart utsett",
        "text_en": "Call the person exposed",
        "days": 1,
        "position": 0,
        "is_active": True,
    }
    admin = cast.viewer(people.adam)
    setting_actions.change_follow_up(first, values, version=first.version, actor=admin)
    last = list_templates(Kind.VIOLENCE)[-1]
    setting_actions.change_follow_up(last, {"is_active": False}, version=last.version, actor=admin)
    setting_actions.add_follow_up({**values, "kind": Kind.WORK_INJURY}, actor=admin)
    db.session.commit()
    new, injury = begun(people), begun(people, Kind.WORK_INJURY)
    assert rows_of(old)[0].words["nb"] == "Snakk med den som ble utsatt, samme dag"
    assert (rows_of(new)[0].words["nb"], rows_of(new)[0].days) == ("Ring den som ble utsatt", 1)
    assert (len(rows_of(old)), len(rows_of(new))) == (6, 5)
    assert len(rows_of(injury, Kind.WORK_INJURY)) == 1
    with pytest.raises(NotAllowed):
        setting_actions.add_follow_up(values, actor=cast.viewer(people.mona))
    with pytest.raises(SomeoneElseWasFirst):
        setting_actions.change_follow_up(first, values, version=1, actor=admin)


def test_it_goes_out_with_the_case_but_not_to_the_reporter(
    context: Flask, people: cast.Cast
) -> None:
    number = begun(people)
    step(people.mona, number, decline_follow_up, 3, WHY)
    copy = load_case_copy(*case_for(people.mona, number))
    found = {part.heading: part.text for part in copy.parts if part.key.startswith("follow-")}
    assert found["Oppfølging: Vurder om forholdet skal meldes til politiet"] == f"Valgt bort\n{WHY}"
    assert [row["state"] for row in copy.data["follow_up"]].count("waits") == 5
    own = load_case_copy(*case_for(people.ingrid, number))
    assert own.data["follow_up"] == []


def test_the_case_page_takes_with_one_press_and_the_other_page_with_changes(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = begun(people)
        first, second, third, *_rest = [row.id for row in rows_of(number)]
        db.session.remove()
    base, mona = f"/avvik/{number}", log_in(people.mona)
    page = mona.get(base)
    card = page.find("//*[@id='follow-up']")[0].text_content()
    assert "Tilby samtale med bedriftshelsetjenesten" in card
    page = mona.post(f"{base}/oppfolging/{first}/ta", page.form(f"{base}/oppfolging/{first}/ta"))
    assert "Satt opp som tiltak" in page.text
    one = f"{base}/oppfolging/{second}"
    fields = mona.get(one).form(f"{one}/ta")
    assert fields["responsible"] == "Mona Dahl"
    refused = mona.post(f"{one}/ta", {**fields, "responsible": "Ukjent Person"})
    assert refused.status == 422
    assert "Ukjent Person" in refused.source
    past = f"{today() - timedelta(days=1)}"
    assert mona.post(f"{one}/ta", {**fields, "due_on": past}).status == 422
    later = add_working_days(today(), 5)
    mona.post(f"{one}/ta", {**fields, "responsible": "Jonas Berg", "due_on": f"{later}"})
    with app.app_context():
        action = actions_of(number)[-1]
        assert (action.responsible_id, action.due_on) == (people.jonas, later)
    two = f"{base}/oppfolging/{third}"
    held = mona.post(
        f"{two}/trengs-ikke",
        {**mona.get(two).form(f"{two}/trengs-ikke"), "reason": "Ring 91 23 45 67."},
    )
    assert held.status == 422
    page = mona.post(
        f"{two}/trengs-ikke", {**mona.get(two).form(f"{two}/trengs-ikke"), "reason": WHY}
    )
    assert WHY in page.text
    page = mona.post(f"{base}/oppfolging/alle", page.form(f"{base}/oppfolging/alle"))
    assert "3 tiltak er satt opp." in page.text
    assert not page.find(f"//form[@action='{base}/oppfolging/alle']")
    assert "alt tatt stilling" in mona.get(two).text
    kari, ingrid = log_in(people.kari), log_in(people.ingrid)
    assert "Valgt bort" in kari.get(base).text
    assert not kari.get(base).find(f"//form[contains(@action, '{base}/oppfolging')]")
    assert not ingrid.get(base).find("//*[@id='follow-up']")
    for visitor, status in ((kari, 403), (ingrid, 403), (log_in(people.tor), 404)):
        assert visitor.get(one).status == status


def test_a_proposal_of_another_case_is_not_found_in_this_one(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    other = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        number = begun(people)
        row = rows_of(number)[0].id
        db.session.remove()
    mona = log_in(people.mona)
    assert mona.get(f"/avvik/{other}/oppfolging/{row}").status == 404
    assert mona.post(f"/avvik/{other}/oppfolging/{row}/ta", {}).status == 404


def test_the_administrators_pages(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    room = "/administrasjon/avvik/oppfolging"
    adam = log_in(people.adam)
    page = adam.get(room)
    assert "Vold eller trusler mot ansatt" in page.text
    assert "Samme dag" in page.text
    with app.app_context():
        row = db.session.scalars(select(FollowUpTemplate).order_by(FollowUpTemplate.id)).first()
        assert row is not None
        one = f"{room}/{row.id}"
        db.session.remove()
    fields = adam.get(one).form()
    assert adam.post(one, {**fields, "days": "251"}).status == 422
    assert "4 arbeidsdager" in adam.post(one, {**fields, "days": "4"}).text
    assert adam.post(one, {**fields, "days": "5"}).status == 409
    new = {**adam.get(f"{room}/ny").form(), "kind": "school", "text_nb": "Nytt forslag her"}
    page = adam.post(f"{room}/ny", {**new, "text_nn": "Nytt framlegg", "text_en": "New one"})
    assert "Nytt forslag her" in page.text
    assert log_in(people.kari).get(room).status == 200
    assert log_in(people.kari).get(one).status == 403
    assert log_in(people.mona).get(room).status == 403
