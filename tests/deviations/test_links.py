"""Cases that have to do with each other: who may link them, and what each side reads."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle, links
from intranet.deviations.models import DeviationEntry, DeviationLink
from intranet.deviations.numbers import number_words
from intranet.deviations.queries.links import list_linked
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_desk import LogIn


def link(person_id: int, one: int, two: int, act: object = links.link_deviations) -> None:
    with transaction():
        case, viewer = case_for(person_id, one)
        other, _viewer = case_for(person_id, two)
        act(case, other, actor=viewer)  # type: ignore[operator]


@pytest.fixture
def pair(context: Flask, people: cast.Cast) -> tuple[int, int]:
    first = report(people.ingrid, people.strandheim)
    return first, report(people.jonas, people.strandheim)


def linked(person_id: int, number: int) -> list[int]:
    case, viewer = case_for(person_id, number)
    return [row.case.number for row in list_linked(viewer, case.deviation)]


def test_a_link_stands_on_both_cases_in_both_stories_and_in_the_audit(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    first, second = pair
    link(people.mona, second, first)
    assert linked(people.mona, first) == [second]
    assert linked(people.mona, second) == [first]
    story = {
        (row.params["other"], row.is_public)
        for row in db.session.execute(
            select(DeviationEntry).where(DeviationEntry.code == "link")
        ).scalars()
    }
    assert story == {(number_words(first), False), (number_words(second), False)}
    events = db.session.execute(
        select(AuditEntry.subject_id).where(AuditEntry.event == "deviation.linked")
    ).scalars()
    assert len(set(events)) == 2


def test_a_link_is_taken_away_on_both_sides_from_either(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    first, second = pair
    link(people.mona, first, second)
    link(people.mona, second, first, links.part_deviations)
    assert linked(people.mona, first) == linked(people.mona, second) == []
    with pytest.raises(InvalidInput):
        link(people.mona, first, second, links.part_deviations)


def test_a_case_is_linked_once_and_never_with_itself(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    first, second = pair
    link(people.mona, first, second)
    for one, two in ((first, second), (second, first), (first, first)):
        with pytest.raises(InvalidInput):
            link(people.mona, one, two)
    assert len(db.session.execute(select(DeviationLink)).all()) == 1


def test_a_link_shows_nobody_a_case_that_they_may_not_see(
    pair: tuple[int, int], people: cast.Cast
) -> None:
    """AZ-11."""
    first, second = pair
    do(people.mona, first, handle.forward_deviation, people.home_care, "Gjelder hjemme.")
    link(people.mona, second, first)
    assert linked(people.kaja, first) == [second]
    assert linked(people.henrik, first) == []


def test_what_the_handler_reported_is_not_linked_by_them(context: Flask, people: cast.Cast) -> None:
    own = report(people.mona, people.home_care)
    other = report(people.ingrid, people.strandheim)
    with pytest.raises(InvalidInput):
        link(people.mona, other, own)


def test_only_the_handler_links(pair: tuple[int, int], people: cast.Cast) -> None:
    with pytest.raises(NotAllowed):
        link(people.kaja, *pair)


def test_the_page_links_by_number_and_says_when_there_is_no_such_case(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        first = report(people.ingrid, people.strandheim)
        second = report(people.jonas, people.strandheim)
        foreign = report(people.tor, people.school)
        db.session.remove()
    mona: Browser = log_in(people.mona)
    url = f"/avvik/{first}/knytt"
    for wrong in (number_words(foreign), "tull", "9" * 40, "0"):
        form = mona.get(f"/avvik/{first}").form(url)
        page = mona.post(url, {**form, "other": wrong})
        assert page.status == 422
        assert "Vi finner ingen sak med dette nummeret" in page.text
    page = mona.post(url, {**mona.get(f"/avvik/{first}").form(url), "other": number_words(second)})
    assert f"/avvik/{second}" in page.links()
    assert number_words(first) in log_in(people.mona).get(f"/avvik/{second}").text.replace("‑", "-")
    assert "Saker som henger sammen" not in log_in(people.ingrid).get(f"/avvik/{first}").text
    parted = mona.post(f"/avvik/{first}/loesne", page.form(f"/avvik/{first}/loesne"))
    assert "Saker som henger sammen" not in parted.text
