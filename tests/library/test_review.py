"""Documents are looked at again in time: who is asked and when, the answers, and the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.errors import NotAllowed, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import jobs, policy
from intranet.library.actions.review import answer_review
from intranet.library.models import Document, ReviewAnswer, Revision
from intranet.library.queries.access import facts_of, reviewed_by
from intranet.library.queries.documents import load_document
from intranet.library.queries.reviews import list_reviews_to_ask_about
from intranet.library.queries.tasks import list_tasks_for
from intranet.library.review import (
    ReviewFinding,
    ReviewSignal,
    is_worth_telling,
    review_signal,
)
from intranet.notifications.models import Notice
from intranet.people.models import Person, Unit
from tests import cast
from tests.browser import Browser
from tests.cast import PERSONS, Cast
from tests.library.conftest import MakeDocument, Revise

At = Callable[[datetime], None]
LogIn = Callable[[int], Browser]
# Published this Monday; to be looked at a year later, a Tuesday.
START = datetime(2026, 1, 12, 8, tzinfo=UTC)
DUE = date(2027, 1, 12)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def answer(number: str, finding: ReviewFinding, by: int, note: str = "") -> None:
    with transaction():
        answer_review(load_document(number), note, finding=finding, actor=cast.viewer(by))


def told(event: str = "document.review_asked") -> list[tuple[int, str]]:
    db.session.expire_all()
    rows = db.session.execute(
        select(Notice.recipient_id, Notice.title).where(Notice.event == event).order_by(Notice.id)
    )
    return [(row[0], row[1]) for row in rows]


def review_tasks(person: int) -> list[str | None]:
    return [
        task.on_behalf_of
        for task in list_tasks_for(cast.viewer(person))
        if task.kind == "library.review"
    ]


@pytest.mark.parametrize(
    ("offset", "signal"),
    [
        (-31, ReviewSignal.NONE),
        (-30, ReviewSignal.BEFORE),
        (-1, ReviewSignal.BEFORE),
        (0, ReviewSignal.AT),
        (13, ReviewSignal.AT),
        (14, ReviewSignal.AFTER),
        (900, ReviewSignal.AFTER),
    ],
)
def test_signal_that_is_due(offset: int, signal: ReviewSignal) -> None:
    assert review_signal(DUE, DUE + timedelta(days=offset)) is signal
    assert review_signal(None, DUE) is ReviewSignal.NONE


def test_owner_is_asked_before_on_and_after_the_date_and_once_each(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(START)
    make_document()
    days = []
    for offset in range(-40, 60):
        day = DUE + timedelta(days=offset)
        at(moment(day))
        for _again in range(2):
            days += [day] * jobs.ask_to_review()
    # The 13th of December is a Sunday: asked on the Monday.
    assert days == [date(2026, 12, 14), DUE, date(2027, 1, 26)]
    assert [person for person, _title in told()] == [people.eva] * 3
    assert [title.split(" PRO-1")[0] for _person, title in told()][:2] == [
        "Se over", "Fristen er nå: se over",
    ]  # fmt: skip
    assert "skulle vært sett over innen 12.01.2027" in told()[2][1]


def test_clock_that_stood_still_sends_only_the_last(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(START)
    make_document()
    at(moment(DUE + timedelta(days=20)))
    assert jobs.ask_to_review() == 1
    assert jobs.ask_to_review() == 0
    assert len(told()) == 1


def test_version_in_the_works_is_an_answer_until_the_date_is_long_past(
    context: Flask, people: Cast, make_document: MakeDocument, revise: Revise, at: At
) -> None:
    at(START)
    number = make_document()
    at(moment(DUE - timedelta(days=10)))
    revise(number, publish=False)
    assert jobs.ask_to_review() == 0
    at(moment(DUE))
    assert jobs.ask_to_review() == 0
    at(moment(DUE + timedelta(days=14)))
    assert jobs.ask_to_review() == 1


def test_select_of_the_clock_agrees_with_the_rule(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    make_document()
    document = db.session.scalars(select(Document)).one()
    for offset in (-31, -30, 0, 13, 14):
        for told_before in ReviewSignal:
            for working in (None, 2):
                with transaction():
                    document.review_on = DUE
                    document.review_told, document.working_version = told_before, working
                day = DUE + timedelta(days=offset)
                rule = is_worth_telling(review_signal(DUE, day), told_before, working is not None)
                assert bool(list_reviews_to_ask_about(day)) == rule, (offset, told_before, working)


def test_owner_who_left_or_is_away_is_replaced_in_the_task(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(START)
    make_document(owner_id=people.mona)
    make_document(owner_id=people.eva)
    at(moment(DUE - timedelta(days=5)))
    with transaction():
        cast.away(people.mona, people.siri, DUE - timedelta(days=6), DUE)
        db.session.get_one(Person, people.eva).is_directory_active = False
    assert review_tasks(people.mona) == [None]
    assert sorted(map(str, review_tasks(people.siri))) == ["Mona Dahl", "None"]
    for name in ("ingrid", "kaja", "kari", "henrik"):
        assert review_tasks(people.ids[name]) == [], name


# The answers


def test_still_right_sets_the_next_date_and_asks_anew_next_year(
    context: Flask, people: Cast, make_document: MakeDocument, at: At
) -> None:
    at(START)
    number = make_document()
    at(moment(DUE - timedelta(days=4)))
    assert jobs.ask_to_review() == 1
    answer(number, ReviewFinding.RIGHT, people.eva, "Lest")
    document = load_document(number)
    assert document.review_on == date(2028, 1, 8)
    kept = db.session.scalars(select(ReviewAnswer)).one()
    assert (kept.finding, kept.was_due_on, kept.next_on) == ("right", DUE, date(2028, 1, 8))
    assert jobs.ask_to_review() == 0
    at(moment(date(2027, 12, 13)))
    assert jobs.ask_to_review() == 1


@pytest.mark.parametrize(
    ("finding", "is_significant"), [(ReviewFinding.SMALL, False), (ReviewFinding.REVISE, True)]
)
def test_correction_and_revision_begin_a_draft_and_keep_the_date(
    context: Flask, people: Cast, make_document: MakeDocument, finding: ReviewFinding,
    is_significant: bool, at: At,
) -> None:  # fmt: skip
    at(START)
    number = make_document()
    answer(number, finding, people.eva)
    draft = db.session.scalars(select(Revision).where(Revision.number == 2)).one()
    assert (draft.state, draft.is_significant) == ("draft", is_significant)
    assert load_document(number).review_on == DUE
    assert db.session.scalars(select(ReviewAnswer.next_on)).all() == [None]
    with pytest.raises(NotPossibleNow):
        answer(number, finding, people.mona)
    assert len(db.session.scalars(select(ReviewAnswer)).all()) == 1


def test_withdrawal_is_asked_of_whoever_may(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    answer(number, ReviewFinding.WITHDRAW, people.eva, "Ingen bruker den")
    assert [person for person, _title in told("document.withdrawal_asked")] == [people.mona]
    assert load_document(number).state == "published"
    for name in ("ingrid", "vera", "adam", "rita"):
        with pytest.raises(NotAllowed):
            answer(number, ReviewFinding.RIGHT, people.ids[name])


# The pages


def test_four_buttons_when_the_date_is_near_and_each_leads_on(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, at: At
) -> None:
    at(START)
    first, second, third = make_document(), make_document(), make_document()
    address = "/bibliotek/{}/fortsatt-riktig"
    owner, leader = log_in(people.eva), log_in(people.mona)
    assert "Er det fortsatt riktig?" not in owner.get(f"/bibliotek/{first}").text
    at(moment(DUE - timedelta(days=3)))
    owner, leader = log_in(people.eva), log_in(people.mona)
    page = owner.get(f"/bibliotek/{first}")
    assert "Er det fortsatt riktig?" in page.text
    assert "Be om at det trekkes tilbake" in page.text
    form = page.form(address.format(first))
    page = owner.post(address.format(first), {**form, "finding": "small"})
    assert page.heading == "Rediger utkastet"
    page = owner.post(address.format(second), {**form, "finding": "withdraw", "note": "Utgått"})
    assert "Bedt om at det trekkes tilbake. Utgått" in page.text
    page = leader.post(address.format(second), {**form, "finding": "withdraw"})
    assert page.heading.startswith("Trekk tilbake")
    page = owner.post(address.format(third), {**form, "finding": "burn"})
    assert page.status == 422
    page = owner.post(address.format(third), {**form, "finding": "right"})
    assert "Fortsatt riktig" in page.text
    reader = log_in(people.ingrid)
    assert "Er det fortsatt riktig?" not in reader.get(f"/bibliotek/{third}").text
    assert reader.post(address.format(third), {"finding": "burn"}).status == 403


def test_leader_sees_what_is_due_of_the_own_units_and_how_much_is_in_time(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, at: At
) -> None:
    at(START)
    late = make_document(title="Glemt prosedyre")
    make_document(title="Av en annen", unit_id=people.school, author=people.kari,
                  approver=people.ragnhild)  # fmt: skip
    at(START + timedelta(days=40))
    make_document(title="Ferdig i fjor")
    at(moment(DUE + timedelta(days=1)))
    page = log_in(people.mona).get("/bibliotek/ses-over")
    assert "50 % er innen fristen: 1 av 2." in page.text
    assert f"/bibliotek/{late}" in page.links()
    assert "Ferdig i fjor" not in page.text
    assert "Av en annen" not in page.text
    assert len(page.queries) <= 6, page.queries
    assert "Glemt prosedyre" in log_in(people.eva).get("/bibliotek/ses-over").text
    assert "Glemt prosedyre" not in log_in(people.ingrid).get("/bibliotek/ses-over").text
    everything = log_in(people.kari).get("/bibliotek/ses-over").text
    assert "33 % er innen fristen: 1 av 3." in everything


def test_long_list_goes_on_where_it_stopped(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, at: At,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("intranet.library.queries.reviews.ON_PAGE", 2)
    at(START)
    for place in range(3):
        make_document(title=f"Dokument {place}")
    at(START + timedelta(days=1))
    make_document(title="Dokument 3")
    at(moment(DUE))
    leader, address, titles = log_in(people.mona), "/bibliotek/ses-over", []
    while address:
        page = leader.get(address)
        titles += [x.text_content()[-10:] for x in page.find("//ul[@class='list-rows']//a")]
        address = next((link for link in page.links() if "etter=" in link), "")
    assert titles == [f"Dokument {place}" for place in range(4)]
    assert leader.get("/bibliotek/ses-over?etter=x").status == 200
    assert leader.get("/bibliotek/ses-over?etter=999999").status == 200


def test_who_answers_for_a_document_by_rule_and_by_select(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """AZ-01."""
    for unit in (people.strandheim, people.ward, people.school):
        make_document(unit_id=unit, author=people.kari, approver=people.ragnhild)
        make_document(unit_id=unit, author=people.kari, approver=people.ragnhild,
                      owner_id=people.tor)  # fmt: skip
    documents = list(db.session.scalars(select(Document)))
    joined = select(Document.number).join(Unit, Unit.id == Document.unit_id)
    for name in PERSONS:
        viewer = cast.viewer(people.ids[name])
        by_rule = {d.number for d in documents if policy.reviews_document(viewer, facts_of(d))}
        assert set(db.session.scalars(joined.where(reviewed_by(viewer)))) == by_rule, name
