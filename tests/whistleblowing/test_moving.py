"""A deviation that becomes whistleblowing: who may, what goes along, and that nothing is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.anonymous.models import AnonymousMessage, AnonymousReport
from intranet.audit.models import AuditEntry
from intranet.audit.queries import find_fault, list_events
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotFound, SomeoneElseWasFirst
from intranet.core.files import receive_upload
from intranet.core.models import StoredFile
from intranet.deviations.actions import dialogue, ending, handle, links, measures, merge
from intranet.deviations.actions.types import choose_kind
from intranet.deviations.models import Deviation, DeviationEntry, DeviationLink
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.types import Kind
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from intranet.whistleblowing.actions.clocks import settle_clock
from intranet.whistleblowing.actions.move import move_deviation
from intranet.whistleblowing.actions.steps import (
    appoint_investigator,
    assess_case,
    confirm_case,
    exclude_person,
)
from intranet.whistleblowing.actions.talk import write_message
from intranet.whistleblowing.jobs import remind_of_clocks
from intranet.whistleblowing.models import (
    WhistleCase,
    WhistleClock,
    WhistleEntry,
    WhistleFile,
    WhistleOrigin,
    WhistleParty,
)
from intranet.whistleblowing.queries.cases import get_case, get_case_for, list_cases_for
from intranet.whistleblowing.queries.tasks import list_tasks_for
from tests import cast
from tests.anonymous.conftest import Nobody
from tests.browser import Browser
from tests.deviations.factories import do, report
from tests.whistleblowing.factories import take

LogIn = Callable[[int], Browser]
Clock = Callable[[datetime], None]
MORNING = datetime.fromisoformat("2026-10-13T07:00:00+00:00")
REASON = "Det handler om trusler fra en leder."


def move(person_id: int, number: int, reason: str = REASON, **more: Any) -> str:
    """Let the person move the deviation; return the key of the case."""
    case_id: str = do(person_id, number, _move, reason, **more)
    return case_id


def _move(case: Any, reason: str, *, actor: Any, **more: Any) -> str:
    return move_deviation(case, reason, actor=actor, **more).id


def full_case(people: cast.Cast) -> int:
    """A deviation with all that may hang on one."""
    number = report(people.ingrid, people.ward, what="Lederen truer oss på vakt.")
    other = report(people.jonas, people.ward, what="En annen sak.")
    do(people.ingrid, number, dialogue.attach_file, receive_upload(io.BytesIO(b"x"), "bevis.txt"))
    for each in (number, other):
        do(people.mona, each, handle.acknowledge_deviation)
    do(people.mona, number, dialogue.send_message, "Når var det?")
    do(people.ingrid, number, dialogue.send_reply, "I går kveld.")
    do(people.mona, number, dialogue.write_note, "Snakk med alle.")
    do(
        people.mona, number, measures.add_action, "Flytt vaktene.", people.jonas,
        today() + timedelta(days=7),
    )  # fmt: skip
    do(people.mona, number, _link, other)
    return number


def _link(case: Any, other: int, *, actor: Any) -> None:
    links.link_deviations(case, get_deviation_for(actor, other), actor=actor)


def _numbers(found: Any) -> set[int]:
    return set(db.session.execute(found).scalars())


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("ingrid", True), ("mona", True), ("kaja", True), ("ragnhild", True),
        ("kari", False), ("vera", False),
    ],
)  # fmt: skip
def test_reporter_handler_and_line_may_move_it_and_the_copied_and_advisers_may_not(
    context: Flask, people: cast.Cast, who: str, may: bool
) -> None:
    number = report(people.ingrid, people.ward)
    if who == "vera":
        number = report(people.ingrid, people.ward, category="staff", answers=["staff.harmed"])
    if may:
        assert move(people.ids[who], number)
    else:
        with pytest.raises((NotAllowed, NotFound)):
            move(people.ids[who], number)
        assert number in _numbers(select(Deviation.number))


def test_reason_and_a_fresh_page_are_demanded(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.ward)
    with pytest.raises(InvalidInput) as refused:
        move(people.mona, number, "  ")
    assert refused.value.field == "reason"
    with pytest.raises(SomeoneElseWasFirst):
        move(people.mona, number, version=99)
    assert db.session.execute(select(WhistleCase)).all() == []


def test_everything_goes_along_and_nothing_is_left(context: Flask, people: cast.Cast) -> None:
    number = full_case(people)
    deviation_id = db.session.execute(
        select(Deviation.id).where(Deviation.number == number)
    ).scalar_one()
    stored = db.session.execute(select(StoredFile.id)).scalar_one()
    case_id = move(people.mona, number)
    db.session.expire_all()
    case = get_case(case_id)
    assert case.whistle.what == "Lederen truer oss på vakt."
    assert case.whistle.reporter_id == people.ingrid
    entries = db.session.execute(
        select(WhistleEntry).where(WhistleEntry.case_id == case_id).order_by(WhistleEntry.id)
    ).scalars().all()  # fmt: skip
    assert [each.text for each in entries if each.text] == [
        "Når var det?", "I går kveld.", "Snakk med alle.", "Flytt vaktene.",
    ]  # fmt: skip
    assert [each.is_public for each in entries if each.text] == [True, True, False, False]
    assert [each.is_from_whistleblower for each in entries if each.text] == [
        False,
        True,
        False,
        False,
    ]
    assert entries[-1].code == "move"
    assert db.session.execute(select(WhistleFile.stored_file_id)).scalar_one() == stored
    origin = db.session.get_one(WhistleOrigin, case_id)
    assert (origin.number, origin.moved_by, origin.reason) == (number, people.mona, REASON)
    assert "Flytt vaktene." in str(origin.parts)
    assert [row["text"] for row in origin.rows["deviation_entry"] if row["text"]] == [
        "Når var det?", "I går kveld.", "Snakk med alle.", "Flytt vaktene.",
    ]  # fmt: skip
    assert len(origin.rows["corrective_action"]) == len(origin.rows["deviation_link"]) == 1
    # Not a row of any table of deviations points there any more.
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "deviation":
                assert deviation_id not in _numbers(select(key.parent)), table.name
    assert number not in _numbers(select(Deviation.number))


def test_the_other_case_forgets_that_they_were_linked(context: Flask, people: cast.Cast) -> None:
    full_case(people)
    first, other = sorted(_numbers(select(Deviation.number)))
    move(people.mona, first)
    assert db.session.execute(select(DeviationLink)).all() == []
    codes = _numbers(select(DeviationEntry.code).join(Deviation).where(Deviation.number == other))
    assert codes == {"reported", "rerouted", "acknowledge"}
    assert "2026-0001" not in str(db.session.execute(select(DeviationEntry.params)).all())


def test_what_followed_it_is_handled_by_itself_again(context: Flask, people: cast.Cast) -> None:
    main = report(people.ingrid, people.ward)
    duplicate = report(people.jonas, people.ward)
    for each in (main, duplicate):
        do(people.mona, each, handle.acknowledge_deviation)
    do(people.mona, duplicate, _merge, main)
    move(people.mona, main)
    row = db.session.execute(select(Deviation)).scalar_one()
    assert (row.number, row.state) == (duplicate, DeviationState.ACKNOWLEDGED)
    assert row.duplicate_of_id is None
    assert row.due_on is not None
    told = db.session.execute(
        select(Notice.title).where(Notice.recipient_id == people.jonas)
    ).scalars()
    assert not any("slått sammen" in title for title in told)


def _merge(case: Any, main: int, *, actor: Any) -> None:
    merge.merge_deviation(case, get_deviation_for(actor, main), actor=actor)


def test_notices_and_mails_are_withdrawn_from_all_but_the_reporter(
    context: Flask, people: cast.Cast
) -> None:
    number = full_case(people)
    about = f"/avvik/{number}"
    before = _numbers(select(Notice.recipient_id).where(Notice.url == about))
    assert {people.ingrid, people.mona} <= before
    case_id = move(people.kaja, number)
    for table in (Notice, OutboxMessage):
        left = db.session.execute(
            select(table.recipient_id, table.url).where(table.key.contains("deviation:1:"))
        ).all()
        assert {row.recipient_id for row in left} == {people.ingrid}
        told = db.session.execute(
            select(table.recipient_id, table.url).where(table.url.contains("/varsling/"))
        ).all()
        assert {tuple(row) for row in told} == {
            (people.hanne, f"/varsling/sak/{case_id}"),
            (people.nils, f"/varsling/sak/{case_id}"),
            (people.ingrid, f"/varsling/min/{case_id}"),
        }


def test_audit_page_forgets_it_and_the_chain_does_not(context: Flask, people: cast.Cast) -> None:
    """AZ-27, AD-01."""
    full_case(people)
    move(people.mona, 202600001)
    shown = [row for row in list_events() if row.event.startswith("deviation.")]
    assert {row.subject_id for row in shown} == {"2"}
    assert not any("202600001" in row.details or '"other": 1' in row.details for row in shown)
    kept = db.session.execute(
        select(AuditEntry.event).where(AuditEntry.subject_id == "1")
    ).scalars().all()  # fmt: skip
    assert "deviation.reported" in kept
    assert find_fault() is None


def test_for_the_line_it_is_gone_and_its_reporter_is_led_to_their_own_page(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = full_case(people)
        case_id = move(people.mona, number)
        action = f"/avvik/tiltak/{1}"
        db.session.remove()
    for who in ("mona", "kaja", "ragnhild", "kari", "vera", "adam", "petter", "jonas"):
        browser = log_in(people.ids[who])
        assert browser.get(f"/avvik/{number}").status == 404, who
        assert browser.get(action).status == 404, who
        assert browser.get(f"/varsling/min/{case_id}").status == 404, who
        assert browser.get(f"/varsling/sak/{case_id}").status == 404, who
    ingrid = log_in(people.ingrid)
    page = ingrid.get(f"/avvik/{number}")
    assert page.heading == "Avviket ditt er nå et varsel"
    assert "Når var det?" in page.text
    assert "I går kveld." in page.text
    assert "Snakk med alle." not in page.text
    assert f"/varsling/min/{case_id}" in ingrid.get("/avvik/mine").links()
    assert ingrid.get(f"/varsling/sak/{case_id}").status == 404


def test_reporter_and_recipients_go_on_talking(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        case_id = move(people.mona, full_case(people))
        take(people.hanne, case_id, confirm_case)
        take(people.hanne, case_id, write_message, "Kan vi treffe deg?")
        file_id = db.session.execute(select(WhistleFile.id)).scalar_one()
        db.session.remove()
    base = f"/varsling/min/{case_id}"
    ingrid = log_in(people.ingrid)
    page = ingrid.get(base)
    assert "Kan vi treffe deg?" in page.text
    assert "Hanne" not in page.text
    assert ingrid.get(f"{base}/fil/{file_id}", inspect=False).status == 200
    assert ingrid.post(f"{base}/svar", page.form(f"{base}/svar") | {"text": " "}).status == 422
    again = f"{base}/gjengjeldelse"
    # CC-04: pressed twice, said once.
    for _press in range(2):
        written = {f"{base}/svar": "Ja.", again: "Jeg mistet vaktene."}
        for path, text in written.items():
            assert ingrid.post(path, page.form(path) | {"text": text}).status == 200
    with app.app_context():
        said = db.session.execute(
            select(WhistleEntry.text)
            .where(
                WhistleEntry.author_id == people.ingrid,
                WhistleEntry.code.in_(("reply", "retaliation")),
            )
            .order_by(WhistleEntry.id)
        ).scalars().all()  # fmt: skip
        db.session.remove()
    assert said == ["Ja.", "Jeg mistet vaktene."]
    seen = log_in(people.hanne).get(f"/varsling/sak/{case_id}")
    for text in ("Ja.", "Jeg mistet vaktene.", "Ingrid Solheim", REASON, "Flytt vaktene."):
        assert text in seen.text
    with app.app_context():
        told = db.session.execute(
            select(Notice.title).where(
                Notice.recipient_id == people.ingrid, Notice.event == "whistle.answered"
            )
        ).scalars().all()  # fmt: skip
        db.session.remove()
    assert told == ["Noe venter på deg i portalen"] * 3


def test_page_says_what_follows_and_keeps_what_was_refused(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.ward)
        db.session.remove()
    mona, address = log_in(people.mona), f"/varsling/flytt/{number}"
    assert address in mona.get(f"/avvik/{number}").links()
    page = mona.get(address)
    assert "Du kan ikke åpne saken mer" in page.text
    refused = mona.post(address, page.form(address) | {"reason": ""})
    assert refused.status == 422
    stale = mona.post(address, page.form(address) | {"reason": REASON, "version": "99"})
    assert stale.status == 409
    assert REASON in stale.source
    done = mona.post(address, page.form(address) | {"reason": REASON})
    assert done.status == 200
    assert "flyttet til varsling" in done.text
    assert mona.post(address, page.form(address) | {"reason": REASON}).status == 404
    assert log_in(people.kari).get(address).status == 404


def test_reporter_who_asks_for_it_sees_at_once_what_became_of_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.ward)
        db.session.remove()
    ingrid, address = log_in(people.ingrid), f"/varsling/flytt/{number}"
    page = ingrid.get(address)
    assert "Du finner saken igjen" in page.text
    done = ingrid.post(address, page.form(address) | {"reason": REASON})
    assert done.heading == "Avviket ditt er nå et varsel"
    assert "ba om at avviket blir behandlet som varsling" in done.text


def test_whom_the_deviation_concerned_receives_nothing(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.ward, concerned=[people.nils, people.mona])
    case_id = move(people.kaja, number)
    assert _numbers(select(WhistleParty.person_id)) == {people.nils, people.mona}
    assert [each.id for each in list_cases_for(cast.viewer(people.hanne))] == [case_id]
    assert list_cases_for(cast.viewer(people.nils)) == []


def test_a_recipient_who_reported_it_handles_it_not(context: Flask, people: cast.Cast) -> None:
    number = report(people.hanne, people.municipality)
    case_id = move(people.hanne, number)
    assert list_cases_for(cast.viewer(people.hanne)) == []
    assert list_tasks_for(cast.viewer(people.hanne)) == []
    assert get_case(case_id).access.recipient_ids == {people.nils}
    with pytest.raises(NotFound):
        get_case_for(cast.viewer(people.hanne), case_id)
    take(people.nils, case_id, confirm_case)
    take(people.nils, case_id, assess_case, "Ja.", is_whistleblowing=True)
    for step, args in ((appoint_investigator, ("x",)), (exclude_person, ())):
        with pytest.raises(InvalidInput):
            take(people.nils, case_id, step, people.hanne, *args)


def test_when_nobody_is_left_it_is_refused_and_the_fallback_takes_it(
    context: Flask, people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = report(people.ingrid, people.ward, concerned=[people.hanne])
    with pytest.raises(InvalidInput) as refused:
        move(people.mona, number, without_ids=[people.nils])
    assert refused.value.field == "without_ids"
    changed = replace(context.extensions["intranet_settings"], recipient_above_chief="petter")
    monkeypatch.setitem(context.extensions, "intranet_settings", changed)
    case_id = move(people.mona, number, without_ids=[people.nils])
    assert [each.id for each in list_cases_for(cast.viewer(people.petter))] == [case_id]


def test_an_anonymous_report_is_moved_and_its_code_leads_on(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Callable[[], datetime], at: Clock
) -> None:
    at(MORNING)
    nobody.report(people.strandheim)
    deliver()
    nobody.add("Det har hendt igjen.")
    with app.app_context():
        number = db.session.execute(select(Deviation.number)).scalar_one()
        case_id = move(people.mona, number)
        whistle = db.session.get_one(WhistleCase, case_id)
        assert whistle.report_id == db.session.execute(select(AnonymousReport.id)).scalar_one()
        assert whistle.reporter_id is None
        # The hour of an anonymous report is nobody's.
        assert "kl." not in whistle.happened
        db.session.remove()
    deliver()
    old = nobody.open()
    assert old.status == 422
    assert "Denne koden hører til et varsel" in old.text
    page = nobody.browser.post("/varsling/folg", {"code": nobody.code}, token=False)
    assert page.status == 200
    assert "Det har hendt igjen." in page.text
    with app.app_context():
        assert db.session.execute(select(AnonymousMessage)).all() == []
        mine = db.session.execute(
            select(WhistleEntry.code)
            .where(WhistleEntry.is_from_whistleblower)
            .order_by(WhistleEntry.id)
        ).scalars().all()  # fmt: skip
        db.session.remove()
    assert mine == ["origin", "reply"]


def test_a_duty_to_report_goes_on_among_the_recipients(
    context: Flask, people: cast.Cast, at: Clock
) -> None:
    at(MORNING)
    number = report(people.ingrid, people.ward)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, choose_kind, Kind.DATA_BREACH)
    case_id = move(people.mona, number)
    clocks = db.session.execute(select(WhistleClock)).scalars().all()
    assert [each.name for each in clocks] == ["data_breach.authority"]
    assert clocks[0].due_at == MORNING + timedelta(hours=72)
    clock_id = clocks[0].id
    tasks = [task.title for task in _tasks(context, people.hanne)]
    assert "En meldefrist i et varsel venter" in tasks
    sent = _count_told(people.hanne)
    remind_of_clocks()
    assert _count_told(people.hanne) == sent
    at(MORNING + timedelta(hours=49))
    remind_of_clocks()
    remind_of_clocks()
    assert _count_told(people.hanne) == sent + 1
    with pytest.raises(InvalidInput):
        take(people.hanne, case_id, settle_clock, clock_id, " ", is_applicable=True)
    take(people.hanne, case_id, settle_clock, clock_id, "Meldt i skjema.", is_applicable=True)
    at(MORNING + timedelta(days=5))
    remind_of_clocks()
    assert _count_told(people.hanne) == sent + 1


def _tasks(app: Flask, person_id: int) -> list[Any]:
    with app.test_request_context():
        return list_tasks_for(cast.viewer(person_id))


def _count_told(person_id: int) -> int:
    db.session.expire_all()
    return len(db.session.execute(select(Notice.id).where(Notice.recipient_id == person_id)).all())


def test_a_closed_case_can_be_moved_and_a_withdrawn_only_by_its_reporter(
    context: Flask, people: cast.Cast
) -> None:
    closed, withdrawn = (report(people.ingrid, people.ward) for _each in range(2))
    do(people.mona, closed, handle.acknowledge_deviation)
    do(people.mona, closed, ending.close_deviation, "Løst.")
    do(people.ingrid, withdrawn, ending.withdraw_deviation)
    case_id = move(people.kaja, closed)
    assert "Løst." in str(db.session.get_one(WhistleOrigin, case_id).parts)
    with pytest.raises((NotAllowed, NotFound)):
        move(people.mona, withdrawn)
    assert move(people.ingrid, withdrawn)


def test_numbers_do_not_tell(context: Flask, people: cast.Cast) -> None:
    """What comes next has the number that it would have had; no number is given twice."""
    first = report(people.ingrid, people.ward)
    move(people.mona, first)
    assert report(people.ingrid, people.ward) == first + 1


def test_the_key_of_a_removed_case_is_not_given_again(context: Flask, people: cast.Cast) -> None:
    """The audit and the notices still name it: nothing of the old case may stick to the next."""
    first = report(people.ingrid, people.ward)
    key = db.session.scalars(select(Deviation.id).filter_by(number=first)).one()
    move(people.mona, first)
    number = report(people.jonas, people.ward)
    assert db.session.scalars(select(Deviation.id).filter_by(number=number)).one() > key
    assert [row.event for row in list_events() if row.event.startswith("deviation.")]
    assert move(people.mona, number)
