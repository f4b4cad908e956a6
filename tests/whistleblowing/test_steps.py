"""Each step, who may not take it, and when it cannot be taken; checks and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.core.clock import add_working_days, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from intranet.whistleblowing.actions import steps, talk
from intranet.whistleblowing.jobs import remind_of_deadlines
from intranet.whistleblowing.models import WhistleCase, WhistleCheck, WhistleEntry
from intranet.whistleblowing.queries.tasks import list_tasks_for
from intranet.whistleblowing.workflow import WhistleState, add_months
from tests import cast
from tests.browser import Browser
from tests.whistleblowing.factories import make_case, take

LogIn = Callable[[int], Browser]
Clock = Callable[[datetime], None]
TUESDAY = datetime(2026, 10, 13, 7, 0, tzinfo=UTC)


def row(case_id: str) -> WhistleCase:
    db.session.expire_all()
    return db.session.get_one(WhistleCase, case_id)


def assessed(people: cast.Cast, *, is_it: bool = True) -> str:
    case_id = make_case()
    take(people.hanne, case_id, steps.confirm_case)
    take(people.hanne, case_id, steps.assess_case, "Forklart.", is_whistleblowing=is_it)
    return case_id


def closed(people: cast.Cast) -> str:
    case_id = assessed(people)
    take(people.hanne, case_id, steps.close_case, "Undersøkt.")
    return case_id


def test_the_way_from_received_to_closed(context: Flask, people: cast.Cast, at: Clock) -> None:
    at(TUESDAY)
    case_id = make_case()
    assert (row(case_id).state, row(case_id).due_on) == (
        WhistleState.RECEIVED, add_working_days(today(), 5),
    )  # fmt: skip
    take(people.hanne, case_id, steps.confirm_case)
    assert (row(case_id).state, row(case_id).due_on) == (
        WhistleState.CONFIRMED, add_working_days(today(), 10),
    )  # fmt: skip
    take(people.nils, case_id, steps.assess_case, "Det er varsling.", is_whistleblowing=True)
    assert (row(case_id).state, row(case_id).due_on) == (WhistleState.ASSESSED, None)
    take(people.hanne, case_id, steps.appoint_investigator, people.eva, "Kan faget.")
    assert row(case_id).state == WhistleState.INVESTIGATING
    take(people.eva, case_id, talk.write_note, "Har snakket med to.")
    take(people.eva, case_id, talk.write_message, "Når skjedde det?")
    take(people.hanne, case_id, steps.close_case, "Innkjøpet er stanset.")
    whistle = row(case_id)
    assert (whistle.state, whistle.conclusion) == (WhistleState.CLOSED, "Innkjøpet er stanset.")
    assert whistle.closed_on == today()


def test_what_the_state_does_not_allow_is_refused(context: Flask, people: cast.Cast) -> None:
    new = make_case()
    for step, args, more in [
        (steps.assess_case, ("x",), {"is_whistleblowing": True}),
        (steps.appoint_investigator, (people.eva, "x"), {}),
        (steps.close_case, ("x",), {}),
        (steps.do_check, (1, "x"), {}),
    ]:
        with pytest.raises(NotPossibleNow):
            take(people.hanne, new, step, *args, **more)
    none_of_it = assessed(people, is_it=False)
    with pytest.raises(NotPossibleNow):
        take(people.hanne, none_of_it, steps.appoint_investigator, people.eva, "x")
    take(people.hanne, none_of_it, steps.close_case, "Sendt til leder.")
    with pytest.raises(NotPossibleNow):
        take(people.hanne, none_of_it, steps.name_reader, people.eva, "x")
    with pytest.raises(NotPossibleNow):
        take(people.hanne, none_of_it, steps.confirm_case)


def test_investigator_and_reader_do_not_decide(context: Flask, people: cast.Cast) -> None:
    case_id = assessed(people)
    take(people.hanne, case_id, steps.appoint_investigator, people.eva, "x")
    take(people.hanne, case_id, steps.name_reader, people.jonas, "x")
    for who in (people.eva, people.jonas):
        for step, args in [
            (steps.close_case, ("x",)),
            (steps.name_reader, (people.tor, "x")),
            (steps.exclude_person, (people.hanne,)),
        ]:
            with pytest.raises(NotAllowed):
                take(who, case_id, step, *args)
    for step in (talk.write_note, talk.write_message):
        with pytest.raises(NotAllowed):
            take(people.jonas, case_id, step, "x")


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_words_are_demanded(context: Flask, people: cast.Cast, blank: str) -> None:
    case_id = make_case()
    take(people.hanne, case_id, steps.confirm_case)
    calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (steps.assess_case, (blank,), {"is_whistleblowing": True}),
        (talk.write_note, (blank,), {}),
        (talk.write_message, (blank,), {}),
        (steps.name_reader, (people.tor, blank), {}),
    ]
    for step, args, more in calls:
        with pytest.raises(InvalidInput):
            take(people.hanne, case_id, step, *args, **more)
    take(people.hanne, case_id, steps.assess_case, "Ja.", is_whistleblowing=True)
    with pytest.raises(InvalidInput) as refused:
        take(people.hanne, case_id, steps.close_case, blank)
    assert refused.value.field == "conclusion"
    assert row(case_id).state == WhistleState.ASSESSED


def test_whom_it_concerns_is_not_let_in_and_the_last_recipient_is_not_shut_out(
    context: Flask, people: cast.Cast
) -> None:
    case_id = assessed(people)
    take(people.hanne, case_id, steps.exclude_person, people.tor)
    for step in (steps.appoint_investigator, steps.name_reader):
        with pytest.raises(InvalidInput):
            take(people.hanne, case_id, step, people.tor, "x")
    take(people.hanne, case_id, steps.exclude_person, people.nils)
    with pytest.raises(InvalidInput):
        take(people.hanne, case_id, steps.exclude_person, people.hanne)


def test_who_saw_an_older_page_does_not_overwrite(context: Flask, people: cast.Cast) -> None:
    case_id = make_case()
    version = row(case_id).version
    take(people.hanne, case_id, steps.confirm_case, version=version)
    with pytest.raises(SomeoneElseWasFirst):
        take(people.nils, case_id, steps.assess_case, "x", is_whistleblowing=True, version=version)


def test_pages_take_each_step_and_keep_what_was_refused(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        case_id = make_case()
        db.session.remove()
    hanne, base = log_in(people.hanne), f"/varsling/sak/{case_id}"

    def send(step: str, **fields: str) -> Any:
        return hanne.post(f"{base}/{step}", hanne.get(base).form(f"{base}/{step}") | fields)

    assert send("bekreft").status == 200
    page = send("vurder", explanation="En lang forklaring.")
    assert page.status == 422
    assert "En lang forklaring." in page.source
    assert "Velg ett av svarene." in page.text
    assert send("vurder", explanation="Ja.", is_whistleblowing="yes").status == 200
    page = send("undersoker", person="Finnes Ikke", reason="Faget")
    assert page.status == 422
    assert "Finnes Ikke" in page.source
    assert send("undersoker", person="eva", reason="Faget").status == 200
    assert send("leser", person="jonas", reason="Skal svare").status == 200
    assert send("gjelder", person="tor").status == 200
    assert send("melding", text="Når var det?").status == 200
    assert send("melding", text="Bare oss.", is_internal="y").status == 200
    page = send("avslutt", conclusion="")
    assert page.status == 422
    assert "Skriv konklusjonen" in page.text
    page = send("avslutt", conclusion="Rettet opp.")
    assert page.status == 200
    assert "Rettet opp." in page.text
    assert "Tor Tveit" in page.text
    with app.app_context():
        assert row(case_id).state == WhistleState.CLOSED
        codes = db.session.execute(select(WhistleEntry.code, WhistleEntry.is_public)).all()
        db.session.remove()
    assert {code for code, is_public in codes if not is_public} == {
        "appoint", "name_reader", "exclude", "note",
    }  # fmt: skip


def test_retaliation_is_asked_for_after_1_3_6_and_12_months(
    app: Flask, people: cast.Cast, at: Clock, log_in: LogIn
) -> None:
    at(TUESDAY)
    with app.app_context():
        case_id = closed(people)
        rows = db.session.execute(
            select(WhistleCheck.months, WhistleCheck.due_on).order_by(WhistleCheck.months)
        ).all()
        assert [tuple(each) for each in rows] == [
            (1, date(2026, 11, 13)), (3, date(2027, 1, 13)), (6, date(2027, 4, 13)),
            (12, date(2027, 10, 13)),
        ]  # fmt: skip
        with pytest.raises(NotPossibleNow):
            take(people.hanne, case_id, steps.do_check, 1, "For tidlig.")
        assert list_tasks_for(cast.viewer(people.hanne)) == []
        db.session.remove()
    at(TUESDAY + timedelta(days=31))
    with app.app_context():
        assert len(list_tasks_for(cast.viewer(people.hanne))) == 1
        db.session.remove()
    hanne, base = log_in(people.hanne), f"/varsling/sak/{case_id}"
    form = hanne.get(base).form(f"{base}/oppfolging/1")
    assert hanne.post(f"{base}/oppfolging/1", form | {"note": " "}).status == 422
    assert hanne.post(f"{base}/oppfolging/1", form | {"note": "Ingen ting."}).status == 200
    assert hanne.post(f"{base}/oppfolging/1", form | {"note": "En gang til."}).status == 409
    assert hanne.post(f"{base}/oppfolging/3", form | {"note": "For tidlig."}).status == 409
    assert hanne.post(f"{base}/oppfolging/7", form | {"note": "Finnes ikke."}).status == 409
    with app.app_context():
        check = db.session.get_one(WhistleCheck, (case_id, 1))
        assert (check.note, check.done_by) == ("Ingen ting.", people.hanne)
        assert list_tasks_for(cast.viewer(people.hanne)) == []
        db.session.remove()


def _notices() -> int:
    db.session.expire_all()
    count = db.session.execute(select(func.count()).select_from(Notice)).scalar_one()
    mails = db.session.execute(select(func.count()).select_from(OutboxMessage)).scalar_one()
    assert count == mails
    return int(count)


def test_reminders_come_once_on_their_day(context: Flask, people: cast.Cast, at: Clock) -> None:
    at(TUESDAY)
    case_id = make_case(without_ids=[people.nils])
    assert _notices() == 1
    remind_of_deadlines()
    assert _notices() == 1
    at(TUESDAY + timedelta(days=7))
    remind_of_deadlines()
    remind_of_deadlines()
    assert _notices() == 2
    take(people.hanne, case_id, steps.confirm_case)
    take(people.hanne, case_id, steps.assess_case, "Ja.", is_whistleblowing=True)
    take(people.hanne, case_id, steps.close_case, "Rettet.")
    at(TUESDAY + timedelta(days=7 + 31))
    remind_of_deadlines()
    remind_of_deadlines()
    assert _notices() == 3
    told = set(db.session.execute(select(Notice.recipient_id)).scalars())
    assert told == {people.hanne}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 11, 5), 3, date(2027, 2, 5)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
    ],
)
def test_months_end_where_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
