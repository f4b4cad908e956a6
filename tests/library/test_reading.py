"""Who must read a document, who is asked and reminded, and what counts as read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.reads import read
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import jobs, policy
from intranet.library.actions import approve
from intranet.library.actions.reading import (
    add_reading_rule,
    confirm_reading,
    remove_reading_rule,
)
from intranet.library.models import Document
from intranet.library.queries.access import facts_of
from intranet.library.queries.documents import get_document_for, load_document
from intranet.library.queries.readers import required_readers
from intranet.library.queries.reading import (
    find_my_reading,
    list_coverage_for,
    list_readers_for,
)
from intranet.library.queries.tasks import list_tasks_for
from intranet.library.reading import Question, Readers, stored
from intranet.library.reading_models import ReadingRequest, ReadingRule, ReadReceipt
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people.models import Membership, Person, Unit
from tests import cast
from tests.cast import PERSONS, Cast
from tests.library.conftest import MakeDocument, Revise

At = Callable[[datetime], None]
STRANDHEIM = {"mona", "eva", "vera", "ingrid", "jonas"}


def ask(
    number: str,
    unit_id: int,
    readers: Readers = Readers.ALL,
    value: str = "",
    days: int = 14,
    by: int | None = None,
) -> int:
    with transaction():
        document = load_document(number)
        return add_reading_rule(
            document,
            unit_id=unit_id,
            readers=readers,
            value=value,
            days=days,
            actor=cast.viewer(by or document.owner_id),
        ).id


def confirm(number: str, person: int, revision: int = 1, answers: tuple[int, ...] = ()) -> None:
    with transaction():
        confirm_reading(load_document(number), revision, answers, actor=cast.viewer(person))


def required(people: Cast) -> set[str]:
    """Return by name who must read something today."""
    found = required_readers()
    ids = set(read(select(found.c.person_id), day=today()).scalars())
    return {name for name in PERSONS if people.ids[name] in ids}


def asked(people: Cast, number: str) -> set[str]:
    """Return by name who sees a task about the document."""
    return {
        name
        for name in PERSONS
        if any(
            task.kind == "library.reading" and number in task.title
            for task in list_tasks_for(cast.viewer(people.ids[name]))
        )
    }


def told(event: str) -> list[int]:
    db.session.expire_all()
    statement = select(Notice.recipient_id).where(Notice.event == event).order_by(Notice.id)
    return list(db.session.scalars(statement))


def test_those_of_a_unit_and_below_must_read_and_nobody_else(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    assert required(people) == set()
    ask(number, people.strandheim)
    assert required(people) == STRANDHEIM
    assert asked(people, number) == STRANDHEIM


@pytest.mark.parametrize(
    ("readers", "value", "expected"),
    [
        (Readers.LEADERS, "", {"ragnhild", "kaja", "mona", "henrik", "olav", "rita"}),
        (Readers.ROLE, "safety_representative", {"vera"}),
        (Readers.TITLE, "Sykepleier", {"ingrid", "nils"}),
    ],
)
def test_group_within_a_place_must_read(
    context: Flask, people: Cast, make_document: MakeDocument, readers: Readers, value: str,
    expected: set[str],
) -> None:  # fmt: skip
    number = make_document()
    with transaction():
        for name in ("ingrid", "nils"):
            db.session.get_one(Person, people.ids[name]).title = "Sykepleier"
    ask(number, people.municipality, readers, value, by=people.kari)
    assert required(people) == expected
    assert asked(people, number) == expected


def test_rule_for_one_and_for_all_agree_for_everybody(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """The page and the tasks ask for one person, the coverage for all: the same are meant."""
    with transaction():
        db.session.get_one(Person, people.tor).title = "Lærer"
        db.session.add(Membership(person_id=people.tor, unit_id=people.ward))
        db.session.get_one(Unit, people.ward).leader_id = people.nils
    rules = [
        (people.strandheim, Readers.ALL, ""),
        (people.ward, Readers.ALL, ""),
        (people.health, Readers.LEADERS, ""),
        (people.strandheim, Readers.ROLE, str(Role.EDITOR)),
        (people.health, Readers.TITLE, "Lærer"),
        (people.education, Readers.TITLE, "Lærer"),
    ]
    for unit_id, readers, value in rules:
        number = make_document()
        ask(number, unit_id, readers, value, by=people.kari)
        document = load_document(number)
        found = required_readers(document.id)
        at_once = set(read(select(found.c.person_id), day=today()).scalars())
        one_by_one = {
            people.ids[name]
            for name in PERSONS
            if find_my_reading(cast.viewer(people.ids[name]), document).is_asked
        }
        assert at_once == one_by_one, (unit_id, readers, value)
        assert at_once


def test_new_employee_inherits_and_is_asked_by_the_clock(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(datetime(2026, 10, 13, 8, tzinfo=UTC))
    number = make_document()
    ask(number, people.strandheim, days=10)
    assert jobs.ask_to_read() == 5
    at(datetime(2026, 11, 2, 8, tzinfo=UTC))
    with transaction():
        db.session.get_one(Person, people.nils).home_unit_id = people.ward
        db.session.add(Membership(person_id=people.nils, unit_id=people.ward))
    (task,) = list_tasks_for(cast.viewer(people.nils))
    assert task.due_on == date(2026, 11, 12)
    assert jobs.ask_to_read() == 1
    (task,) = list_tasks_for(cast.viewer(people.nils))
    assert (task.due_on, task.url) == (date(2026, 11, 12), f"/bibliotek/{number}#lest")
    (old,) = list_tasks_for(cast.viewer(people.jonas))
    assert old.due_on == date(2026, 10, 23)


def test_each_is_asked_once_however_often_the_clock_runs(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    ask(number, people.strandheim)
    assert jobs.ask_to_read() == 5
    assert jobs.ask_to_read() == 0
    everybody = sorted(people.ids[name] for name in STRANDHEIM)
    assert sorted(told("document.reading_asked")) == everybody
    mails = select(OutboxMessage.recipient_id).where(OutboxMessage.subject.contains(number))
    assert set(everybody) <= set(db.session.scalars(mails))


def test_portions_reach_everybody(
    context: Flask, people: Cast, make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PORTION", 2)
    number = make_document()
    ask(number, people.strandheim)
    assert jobs.ask_to_read() == 5
    assert len(told("document.reading_asked")) == 5


def test_confirming_ends_the_task_and_is_kept_once(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    ask(number, people.strandheim)
    jobs.ask_to_read()
    for _press in range(2):
        confirm(number, people.ingrid)
    receipt = db.session.scalars(select(ReadReceipt)).one()
    assert (receipt.person_id, receipt.revision_number) == (people.ingrid, 1)
    assert asked(people, number) == STRANDHEIM - {"ingrid"}
    request = db.session.scalars(
        select(ReadingRequest).where(ReadingRequest.person_id == people.ingrid)
    ).one()
    assert request.remind_on is None


def test_only_a_significant_version_asks_again(
    context: Flask, people: Cast, make_document: MakeDocument, revise: Revise
) -> None:
    number = make_document()
    ask(number, people.strandheim)
    jobs.ask_to_read()
    confirm(number, people.ingrid)
    revise(number, body="Rettet en skrivefeil.", is_significant=False)
    assert jobs.ask_to_read() == 0
    assert asked(people, number) == STRANDHEIM - {"ingrid"}
    confirm(number, people.jonas, revision=2)
    revise(number, body="Ny rekkefølge.", is_significant=True)
    assert asked(people, number) == STRANDHEIM
    assert jobs.ask_to_read() == 5
    mine = find_my_reading(cast.viewer(people.ingrid), load_document(number))
    assert (mine.is_asked, mine.confirmed_revision) == (True, 1)
    mine = find_my_reading(cast.viewer(people.jonas), load_document(number))
    assert (mine.is_asked, mine.confirmed_revision) == (True, 2)


def test_text_that_was_replaced_meanwhile_is_not_confirmed(
    context: Flask, people: Cast, make_document: MakeDocument, revise: Revise
) -> None:
    number = make_document()
    ask(number, people.strandheim)
    revise(number, is_significant=True)
    for shown in (1, 3, None):
        with pytest.raises(SomeoneElseWasFirst):
            confirm(number, people.ingrid, revision=shown)  # type: ignore[arg-type]
    assert db.session.scalars(select(ReadReceipt)).all() == []


def test_nobody_confirms_what_they_are_not_asked_about(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    ask(number, people.ward)
    for name in ("tor", "mona", "kari", "ragnhild", "adam"):
        with pytest.raises(NotAllowed):
            confirm(number, people.ids[name])
    with transaction():
        document = load_document(number)
        approve.withdraw_document(document, "Utgått", actor=cast.viewer(people.mona))
    assert asked(people, number) == set()
    with pytest.raises(NotPossibleNow):
        confirm(number, people.ingrid)


def test_control_questions_must_be_answered_right(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    ask(number, people.ward)
    questions = [Question("Hva først?", ("Vaske", "Tørke"), 0), Question("Hvor?", ("A", "B"), 1)]
    with transaction():
        load_document(number).questions = stored(questions)
    for answers in ((), (0,), (1, 1), (0, 0), (0, 2)):
        with pytest.raises(InvalidInput):
            confirm(number, people.ingrid, answers=answers)
    assert db.session.scalars(select(ReadReceipt)).all() == []
    confirm(number, people.ingrid, answers=(0, 1))
    assert asked(people, number) == {"jonas"}


# Reminders


def test_reminders_come_on_the_last_day_and_twice_after_it(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(datetime(2026, 10, 13, 8, tzinfo=UTC))
    number = make_document()
    ask(number, people.ward, days=10)
    jobs.ask_to_read()
    confirm(number, people.jonas)
    days = []
    for offset in range(1, 60):
        moment = datetime(2026, 10, 13, 8, tzinfo=UTC) + timedelta(days=offset)
        at(moment)
        for _again in range(2):
            if jobs.remind_to_read():
                days.append(moment.date())
    assert days == [date(2026, 10, 23), date(2026, 10, 30), date(2026, 11, 13)]
    assert told("document.reading_reminded") == [people.ingrid] * 3
    words = list(
        db.session.scalars(select(Notice.title).where(Notice.event == "document.reading_reminded"))
    )
    assert [text.split(":")[0] for text in sorted(words)] == [
        "Fristen er ute", "Fristen er ute", "Siste dag",
    ]  # fmt: skip


def test_who_need_not_read_any_more_is_not_reminded(
    context: Flask, people: Cast, make_document: MakeDocument, revise: Revise, at: At
) -> None:
    at(datetime(2026, 10, 13, 8, tzinfo=UTC))
    number, other = make_document(), make_document()
    rule = ask(number, people.ward, days=1)
    ask(other, people.ward, days=1)
    jobs.ask_to_read()
    with transaction():
        remove_reading_rule(load_document(number), rule, actor=cast.viewer(people.eva))
        db.session.get_one(Person, people.jonas).is_directory_active = False
    at(datetime(2026, 10, 14, 8, tzinfo=UTC))
    assert jobs.remind_to_read() == 1
    assert told("document.reading_reminded") == [people.ingrid]
    revise(other, is_significant=True)
    assert jobs.ask_to_read() == 1
    at(datetime(2026, 10, 22, 8, tzinfo=UTC))
    assert jobs.remind_to_read() == 1


def test_one_who_is_away_is_left_out_and_asked_when_back(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(datetime(2026, 10, 13, 8, tzinfo=UTC))
    number = make_document()
    with transaction():
        cast.away(people.mona, people.siri, date(2026, 10, 12), date(2026, 10, 16))
    ask(number, people.strandheim)
    assert required(people) == STRANDHEIM - {"mona"}
    jobs.ask_to_read()
    assert people.mona not in told("document.reading_asked")
    # The stand-in does the leader's tasks, and does not read for the leader.
    assert "siri" not in asked(people, number)
    document = get_document_for(cast.viewer(people.kari), number)
    assert list_coverage_for(cast.viewer(people.kari), document).required == 4
    at(datetime(2026, 10, 19, 8, tzinfo=UTC))
    assert jobs.ask_to_read() == 1
    assert people.mona in told("document.reading_asked")


# Who sees it


@pytest.mark.parametrize("owner", ["eva", "tor"])
def test_who_sees_whose_reading_by_rule_and_by_select(
    context: Flask, people: Cast, make_document: MakeDocument, owner: str
) -> None:
    """AZ-01: the two agree for everybody, and nobody sees more than the rule says."""
    number = make_document(unit_id=people.municipality, author=people.kari,
                           approver=people.ragnhild, owner_id=people.ids[owner])  # fmt: skip
    ask(number, people.municipality, by=people.kari)
    for name in ("ingrid", "tor", "henrik"):
        confirm(number, people.ids[name])
    facts = facts_of(load_document(number))
    rows = db.session.execute(
        select(Person.id, Unit.path).join(Unit, Unit.id == Person.home_unit_id)
    )
    homes = {row.id: row.path for row in rows}
    for name in PERSONS:
        viewer = cast.viewer(people.ids[name])
        document = get_document_for(viewer, number)
        by_rule = {pid for pid, path in homes.items() if policy.can_see_reader(viewer, facts, path)}
        pages = [
            list_readers_for(viewer, document, has_read=has_read, unit_id=None, after=0)
            for has_read in (True, False)
        ]
        assert {row.id for page in pages for row in page.rows} == by_rule, name
        coverage = list_coverage_for(viewer, document)
        assert coverage.required == len(by_rule)
        assert bool(by_rule) <= policy.can_see_some_readers(viewer, facts)
        expected = {
            "kari": 17, owner: 17, "ragnhild": 17, "kaja": 9, "mona": 5, "henrik": 3,
            "olav": 3, "rita": 2,
        }  # fmt: skip
        assert len(by_rule) == expected.get(name, 0), name


def test_readers_are_asked_where_the_asker_may_write(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document(owner_id=people.ingrid)
    for name in PERSONS:
        for unit in ("ward", "strandheim", "home_care", "health", "municipality", "school"):
            path = db.session.get_one(Unit, people.ids[unit]).path
            viewer = cast.viewer(people.ids[name])
            facts = facts_of(load_document(number))
            may = policy.can_require_readers(viewer, facts, path)
            everywhere = {"kari", "ragnhild"}
            in_health = {"kaja"} if unit not in ("municipality", "school") else set()
            own = {"ingrid", "eva", "mona"} if unit in ("ward", "strandheim") else set()
            assert may == (name in everywhere | in_health | own), (name, unit)
    with pytest.raises(NotAllowed):
        ask(number, people.health, by=people.eva)
    with pytest.raises(NotAllowed):
        ask(number, people.ward, by=people.jonas)
    assert db.session.scalars(select(ReadingRule)).all() == []


@pytest.mark.parametrize(
    ("readers", "value", "days", "field"),
    [
        (Readers.ALL, "", 0, "days"),
        (Readers.ALL, "", 366, "days"),
        (Readers.ROLE, "whatever", 14, "who"),
        (Readers.TITLE, "", 14, "who"),
    ],
)
def test_senseless_group_is_refused_at_its_field(
    context: Flask, people: Cast, make_document: MakeDocument, readers: Readers, value: str,
    days: int, field: str,
) -> None:  # fmt: skip
    number = make_document()
    with pytest.raises(InvalidInput) as caught:
        ask(number, people.ward, readers, value, days)
    assert caught.value.field == field


def test_same_group_again_sets_the_days_anew(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    first = ask(number, people.ward, days=14)
    assert ask(number, people.ward, days=5) == first
    assert db.session.scalars(select(ReadingRule.days)).all() == [5]
    assert db.session.scalars(select(Document.significant_version)).all() == [1]
