"""A special type in a confidential case: only those with a duty are told of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.deviations.actions import handle, judge, types
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.deviations.factories import case_for, do, report


def told_of_copies() -> set[int]:
    rows = db.session.execute(
        select(Notice.recipient_id).where(Notice.event == "deviation.copied")
    ).scalars()
    return set(rows)


def confidential_case(people: cast.Cast, kind: Kind) -> int:
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, judge.set_confidential, "Gjelder en ansatt.", is_confidential=True)
    do(people.mona, number, types.choose_kind, kind)
    return number


def test_the_safety_representative_is_not_told_of_a_case_that_is_closed_to_her(
    context: Flask, people: cast.Cast
) -> None:
    number = confidential_case(people, Kind.WORK_INJURY)
    assert people.vera not in told_of_copies()
    with pytest.raises(NotFound):
        case_for(people.vera, number)


def test_when_it_is_made_open_her_copy_counts(context: Flask, people: cast.Cast) -> None:
    number = confidential_case(people, Kind.WORK_INJURY)
    do(people.mona, number, judge.set_confidential, "Var en feil.", is_confidential=False)
    assert case_for(people.vera, number)


def test_the_data_protection_officer_is_told_of_a_breach_all_the_same(
    context: Flask, people: cast.Cast
) -> None:
    number = confidential_case(people, Kind.DATA_BREACH)
    assert people.petter in told_of_copies()
    assert case_for(people.petter, number)
