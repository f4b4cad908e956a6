"""Several reports of the same: one is handled, and every reporter gets the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, ending, handle, measures, merge, types
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.queries.links import list_similar
from intranet.deviations.similarity import find_similar, likeness, traits_of
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.deviations.factories import WHAT, case_for, do, report
from tests.deviations.test_desk import LogIn


def row(number: int) -> Deviation:
    db.session.expire_all()
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def join(person_id: int, one: int, main: int) -> None:
    with transaction():
        case, viewer = case_for(person_id, one)
        target, _viewer = case_for(person_id, main)
        merge.merge_deviation(case, target, actor=viewer)


def news() -> list[int]:
    return list(
        db.session.execute(
            select(Notice.recipient_id).where(Notice.event == "deviation.news").order_by(Notice.id)
        ).scalars()
    )


def codes(number: int, *, public: bool = True) -> list[str]:
    rows = db.session.execute(
        select(DeviationEntry.code)
        .where(DeviationEntry.deviation_id == row(number).id, DeviationEntry.is_public == public)
        .order_by(DeviationEntry.id)
    )
    return list(rows.scalars())


@pytest.fixture
def pair(context: Flask, people: cast.Cast) -> tuple[int, int]:
    """The case that goes on, acknowledged, and another report of the same."""
    main = report(people.ingrid, people.strandheim)
    do(people.mona, main, handle.acknowledge_deviation)
    return main, report(people.jonas, people.strandheim)


def test_the_duplicate_stops_its_clock_and_gets_the_answer_of_the_other(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    join(people.mona, other, main)
    merged = row(other)
    assert (merged.state, merged.due_on, merged.desk_on) == ("merged", None, None)
    assert news()[-1] == people.jonas
    do(people.mona, main, ending.close_deviation, "Vi har kjøpt ny matte.")
    ended = row(other)
    assert (ended.state, ended.answer) == ("closed", "Vi har kjøpt ny matte.")
    assert ended.closed_at == row(main).closed_at
    assert set(news()[-2:]) == {people.ingrid, people.jonas}
    assert codes(other)[-1] == "answered_with_main"
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.jonas), main)


def test_nothing_of_the_duplicate_is_lost_and_it_comes_out_as_it_was(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    before = row(other)
    kept = (before.what, before.state, before.due_on, before.reporter_id, before.handler_id)
    join(people.mona, other, main)
    do(people.jonas, other, dialogue.send_reply, "Det skjedde to ganger.")
    do(people.mona, other, merge.unmerge_deviation)
    after = row(other)
    assert (after.what, after.state, after.due_on, after.reporter_id, after.handler_id) == kept
    assert (after.duplicate_of_id, after.state_before_merge) == (None, None)
    assert codes(other)[-2:] == ["reply", "unmerge"]
    assert codes(main, public=False)[-2:] == ["duplicate_added", "duplicate_removed"]
    do(people.mona, main, ending.close_deviation, "Ferdig.")
    assert row(other).state == "reported"


def test_a_rejected_case_rejects_its_duplicates_and_reopened_they_wait_again(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    join(people.mona, other, main)
    do(people.mona, main, ending.reject_deviation, "Et ønske.")
    assert (row(other).state, row(other).answer) == ("rejected", "Et ønske.")
    do(people.kaja, main, ending.reopen_deviation, "Det var et avvik.")
    assert (row(other).state, row(other).closed_at) == ("merged", None)
    assert codes(other)[-1] == "reopened_with_main"


def test_not_solved_by_the_reporter_of_a_duplicate_takes_it_out_one_level_up(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    join(people.mona, other, main)
    do(people.mona, main, ending.close_deviation, "Ferdig.")
    do(people.jonas, other, ending.say_not_solved, "Det skjedde igjen.")
    after = row(other)
    assert (after.state, after.handler_id, after.duplicate_of_id) == (
        "in_progress",
        people.kaja,
        None,
    )
    assert row(main).state == "closed"


def test_the_handler_of_both_merges_and_nobody_else(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    foreign = report(people.tor, people.school)
    do(people.rita, foreign, handle.acknowledge_deviation)
    with pytest.raises(NotAllowed):
        join(people.kaja, other, main)
    do(people.rita, foreign, handle.forward_deviation, people.home_care, "Gjelder hjemme.")
    with pytest.raises(InvalidInput):
        # The chief executive reads both and handles neither of them.
        with transaction():
            case, viewer = case_for(people.mona, other)
            target, _r = case_for(people.ragnhild, foreign)
            merge.merge_deviation(case, target, actor=viewer)
    assert row(other).state == "reported"


def test_what_cannot_be_merged_is_refused_with_the_reason(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    unread = report(people.ingrid, people.strandheim)
    about = report(people.ingrid, people.strandheim, concerned=[people.jonas])
    do(people.mona, about, handle.acknowledge_deviation)
    for target in (other, unread, about):
        with pytest.raises(InvalidInput):
            join(people.mona, other, target)
    busy = report(people.ingrid, people.strandheim)
    do(people.mona, busy, handle.acknowledge_deviation)
    join(people.mona, other, main)
    with pytest.raises(NotPossibleNow):
        join(people.mona, main, busy)
    do(people.mona, busy, measures.add_action, "Gjør.", people.eva, today() + timedelta(days=5))
    with pytest.raises(NotPossibleNow):
        join(people.mona, busy, main)
    do(people.mona, main, ending.close_deviation, "Ferdig.")
    with pytest.raises(InvalidInput):
        join(people.mona, unread, main)


def test_a_person_added_to_the_case_loses_its_duplicates_and_the_handler_follows(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    """AZ-10."""
    main, other = pair
    join(people.mona, other, main)
    do(people.mona, main, handle.forward_deviation, people.home_care, "Gjelder hjemme.")
    assert row(other).handler_id == people.henrik
    do(people.henrik, main, handle.add_concerned, people.kaja)
    for number in (main, other):
        with pytest.raises(NotFound):
            get_deviation_for(cast.viewer(people.kaja), number)
    own = row(other)
    assert get_deviation_for(cast.viewer(people.jonas), own.number)


def test_the_pages_show_what_is_similar_merge_it_and_take_it_out(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        main = report(people.ingrid, people.strandheim)
        do(people.mona, main, handle.acknowledge_deviation)
        other = report(people.jonas, people.strandheim, what="En bruker skled på badet igjen.")
        report(people.jonas, people.strandheim, what="Printeren er tom for toner.")
        db.session.remove()
    base, mona, jonas = f"/avvik/{other}", log_in(people.mona), log_in(people.jonas)
    page = mona.get(base)
    similar = page.find("//section[@id='similar']//a/@href")
    assert [str(link) for link in similar] == [f"/avvik/{main}"]
    assert len(page.queries) <= 12, "\n\n".join(page.queries)
    sent: dict[str, Any] = {**page.form(f"{base}/slaa-sammen"), "other": str(main)}
    merged = mona.post(f"{base}/slaa-sammen", sent)
    assert "denne saken er slått sammen med den" in merged.text
    assert "er slått sammen med denne saken" in mona.get(f"/avvik/{main}").text
    seen = jonas.get(base)
    assert "Flere har meldt det samme" in seen.text
    assert WHAT not in seen.source
    assert f"/avvik/{main}" not in seen.links()
    out = mona.post(f"{base}/ta-ut", merged.form(f"{base}/ta-ut"))
    assert "tok saken ut av avvik" in out.text


def test_similar_cases_are_only_those_that_the_viewer_may_see(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-11."""
    hidden = report(people.ingrid, people.strandheim, concerned=[people.mona])
    own = report(people.mona, people.strandheim)
    seen = report(people.jonas, people.strandheim)
    number = report(people.ingrid, people.strandheim)
    case, viewer = case_for(people.mona, number)
    found = [each.number for each in list_similar(viewer, case.deviation)]
    assert found == [seen]
    assert {hidden, own}.isdisjoint(found)


def test_likeness_needs_words_in_common_and_more_than_the_place() -> None:
    fall = traits_of(1, "patient", "", "Bruker skled på vått gulv")
    same = traits_of(1, "patient", "", "Brukeren skled på gulvet")
    place = traits_of(1, "patient", "PRO-1", "Printeren er tom")
    one_word = traits_of(1, "patient", "", "Brukeren fikk feil medisin")
    elsewhere = traits_of(2, None, "", "Vått gulv i gangen")
    assert likeness(fall, same) > likeness(fall, elsewhere) > likeness(fall, place) == 0
    assert likeness(fall, one_word) == 0
    assert find_similar(fall, [("place", place), ("else", elsewhere), ("same", same)]) == ["same"]


def test_what_the_law_waits_for_is_settled_before_a_case_follows_another(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    main, other = pair
    do(people.mona, other, types.choose_kind, Kind.DATA_BREACH)
    with pytest.raises(NotPossibleNow):
        join(people.mona, other, main)
    assert row(other).state == "reported"
    third = report(people.eva, people.strandheim)
    join(people.mona, third, main)
    with pytest.raises(NotAllowed):
        do(people.mona, third, types.choose_kind, Kind.DATA_BREACH)
