"""Who sees a case: the whole cast over many cases, predicate and SQL side by side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.deviations.models import Deviation
from intranet.deviations.policy import can_see_deviation
from intranet.deviations.queries.cases import get_case, get_deviation_for
from intranet.deviations.queries.visibility import reached_from, visible_to
from intranet.deviations.severity import Category
from intranet.extensions import db
from tests import cast
from tests.deviations.factories import do, report

ALL = (
    "ragnhild kaja mona ingrid jonas eva vera henrik siri nils olav rita tor kari petter hanne adam"
)
LINE = "ragnhild kaja"


def seed(people: cast.Cast) -> dict[str, int]:
    """One case of each kind that access depends on, by name."""
    made = {
        "plain": report(people.ingrid, people.strandheim),
        "vacant post": report(people.ingrid, people.ward),
        "by the leader": report(people.mona, people.strandheim),
        "about the leader": report(people.ingrid, people.strandheim, concerned=[people.mona]),
        "about the leader's leader": report(
            people.ingrid, people.strandheim, concerned=[people.kaja]
        ),
        "about the chief": report(people.ingrid, people.strandheim, concerned=[people.ragnhild]),
        "about a colleague": report(people.ingrid, people.strandheim, concerned=[people.jonas]),
        "about the quality adviser": report(people.tor, people.school, concerned=[people.kari]),
        "about the safety representative": report(
            people.ingrid, people.strandheim, category=Category.STAFF, concerned=[people.vera]
        ),
        "staff": report(people.ingrid, people.strandheim, category=Category.STAFF),
        "privacy": report(people.tor, people.school, category=Category.PRIVACY),
        "leader away": report(people.nils, people.home_care),
        "about the absent leader": report(people.nils, people.home_care, concerned=[people.henrik]),
        "by the absent leader": report(people.henrik, people.home_care),
        "by the stand-in": report(people.siri, people.home_care),
        "forwarded": report(people.ingrid, people.strandheim),
        "confidential": report(people.ingrid, people.strandheim),
    }
    do(people.mona, made["forwarded"], handle.forward_deviation, people.school, "Gjelder skolen.")
    with transaction():
        row = db.session.execute(
            select(Deviation).where(Deviation.number == made["confidential"])
        ).scalar_one()
        row.is_confidential = True
    return made


# Who sees each case. Siri stands in for Henrik in the hospital of tests: today.
EXPECTED = {
    "plain": "ingrid mona kaja ragnhild kari",
    "vacant post": "ingrid mona kaja ragnhild kari",
    "by the leader": "mona kaja ragnhild kari",
    "about the leader": "ingrid kaja ragnhild kari",
    "about the leader's leader": "ingrid ragnhild kari",
    "about the chief": "ingrid kari",
    "about a colleague": "ingrid mona kaja ragnhild kari",
    "about the quality adviser": "tor rita olav ragnhild",
    "about the safety representative": "ingrid mona kaja ragnhild kari",
    "staff": "ingrid mona kaja ragnhild kari vera",
    "privacy": "tor rita olav ragnhild kari petter",
    "leader away": "nils henrik siri kaja ragnhild kari",
    "about the absent leader": "nils kaja ragnhild kari",
    "by the absent leader": "henrik kaja ragnhild kari",
    "by the stand-in": "siri henrik kaja ragnhild kari",
    "forwarded": "ingrid mona kaja ragnhild kari rita olav",
    "confidential": "ingrid mona kaja ragnhild",
}


@pytest.fixture
def cases(context: Flask, people: cast.Cast) -> dict[str, int]:
    with transaction():
        cast.away(people.henrik, people.siri, today(), today() + timedelta(days=7))
    return seed(people)


def test_each_of_the_cast_sees_just_the_cases_of_the_table_by_predicate_and_by_sql(
    cases: dict[str, int], people: cast.Cast
) -> None:
    """AZ-08, AZ-09, AZ-12, AZ-13: the administrator and the named person see nothing."""
    seen_by_rule: dict[str, set[str]] = {name: set() for name in cases}
    seen_by_sql: dict[str, set[str]] = {name: set() for name in cases}
    for person in ALL.split():
        viewer = cast.viewer(getattr(people, person))
        rows = set(db.session.execute(select(Deviation.number).where(visible_to(viewer))).scalars())
        for name, number in cases.items():
            deviation_id = db.session.execute(
                select(Deviation.id).where(Deviation.number == number)
            ).scalar_one()
            if can_see_deviation(viewer, get_case(deviation_id).access):
                seen_by_rule[name].add(person)
            if number in rows:
                seen_by_sql[name].add(person)
    expected = {name: set(who.split()) for name, who in EXPECTED.items()}
    assert seen_by_rule == expected
    assert seen_by_sql == expected


def test_what_the_desk_begins_its_search_with_holds_every_open_case_that_one_may_see(
    cases: dict[str, int], people: cast.Cast
) -> None:
    narrow = set()
    for person in ALL.split():
        viewer = cast.viewer(getattr(people, person))
        reached = reached_from(viewer, date.max)
        narrow |= {person} if reached else set()
        open_ones = select(Deviation.number).where(Deviation.desk_on.is_not(None))
        seen = set(db.session.scalars(open_ones.where(visible_to(viewer))))
        assert set(db.session.scalars(open_ones.where(visible_to(viewer), *reached))) == seen
        assert len(set(db.session.scalars(open_ones.where(*reached)))) <= len(cases)
    assert {"ingrid", "mona", "henrik", "siri", "kaja", "vera", "petter"} <= narrow
    assert not {"ragnhild"} & narrow


def test_the_stand_in_loses_the_case_when_the_period_is_over(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-08: in and out of the period."""
    number = report(people.nils, people.home_care)
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.siri), number)
    with transaction():
        cast.away(people.henrik, people.siri, today(), today())
    assert get_deviation_for(cast.viewer(people.siri), number)


def test_a_leader_who_loses_the_post_loses_the_cases_at_once(
    context: Flask, people: cast.Cast
) -> None:
    """AU-16: access is decided at the request, not at the login."""
    from intranet.people.models import Unit

    number = report(people.ingrid, people.strandheim)
    assert get_deviation_for(cast.viewer(people.mona), number)
    with transaction():
        db.session.get_one(Unit, people.strandheim).leader_id = people.eva
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.mona), number)
    assert get_deviation_for(cast.viewer(people.eva), number)


def test_who_is_added_as_concerned_after_opening_the_case_loses_it_at_once(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-10: the case goes to the next authority and leaves the one whom it concerns."""
    number = report(people.ingrid, people.strandheim)
    assert get_deviation_for(cast.viewer(people.mona), number)
    do(people.ingrid, number, handle.add_concerned, people.mona)
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.mona), number)
    case = get_deviation_for(cast.viewer(people.kaja), number)
    assert case.deviation.handler_id == people.kaja


def test_nobody_sees_a_case_by_guessing_the_next_number(context: Flask, people: cast.Cast) -> None:
    """AZ-07: another's number and a number that does not exist give the same answer."""
    number = report(people.ingrid, people.strandheim)
    messages = set()
    for guess in (number, number + 1, number + 1000, 2**62):
        with pytest.raises(NotFound) as refused:
            get_deviation_for(cast.viewer(people.tor), guess)
        messages.add(str(refused.value.message))
    assert len(messages) == 1
