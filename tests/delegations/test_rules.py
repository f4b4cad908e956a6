"""When a delegation holds, what it covers, what may be passed on, and how amounts are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.core.actor import LedUnit, Role, Viewer
from intranet.delegations import policy
from intranet.delegations.amounts import AmountFault, parse_amount, write_amount
from intranet.delegations.rules import (
    LONGEST_CHAIN,
    EndCause,
    Excess,
    Grant,
    Standing,
    chain_of,
    covers,
    descendants_of,
    excess_of,
    standing,
)

DAY = date(2026, 10, 13)
ROOT = Grant(1, None, 1, "/1/", None, 1, None, date(2026, 1, 1), None, True)
LEADER = replace(ROOT, id=2, parent_id=1, unit_path="/1/4/", holder_id=7, office_id=None,
                 amount=500_000, ends_on=date(2026, 12, 31))  # fmt: skip
CLERK = replace(LEADER, id=3, parent_id=2, unit_path="/1/4/9/", holder_id=8, amount=50_000,
                may_pass_on=False)  # fmt: skip
ALL = {grant.id: grant for grant in (ROOT, LEADER, CLERK)}
CHAIN = (CLERK, LEADER, ROOT)


def changed(**by_id: Grant) -> dict[int, Grant]:
    return {**ALL, **{grant.id: grant for grant in by_id.values()}}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), Standing.COMING),
        (date(2026, 1, 1), Standing.IN_FORCE),
        (date(2026, 12, 31), Standing.IN_FORCE),
        (date(2027, 1, 1), Standing.ENDED),
    ],
)
def test_delegation_holds_from_its_first_to_its_last_day(day: date, expected: Standing) -> None:
    assert standing(CHAIN, day) is expected


@pytest.mark.parametrize(
    ("cause", "expected"),
    [(EndCause.WITHDRAWN, Standing.WITHDRAWN), (EndCause.LAPSED, Standing.LAPSED)],
)
def test_what_was_ended_holds_until_the_day_before(cause: EndCause, expected: Standing) -> None:
    ended = replace(CLERK, ended_on=DAY, end_cause=cause)
    assert standing((ended, LEADER, ROOT), DAY) is expected
    assert standing((ended, LEADER, ROOT), DAY - timedelta(days=1)) is Standing.IN_FORCE
    assert ended.last_day == DAY - timedelta(days=1)


def test_nothing_holds_when_what_it_rests_on_does_not() -> None:
    ended = replace(LEADER, ended_on=DAY, end_cause=EndCause.WITHDRAWN)
    assert standing((CLERK, ended, ROOT), DAY) is Standing.BROKEN
    # The link above is not there at all.
    assert standing((CLERK,), DAY) is Standing.BROKEN
    assert not covers((CLERK, LEADER), "/1/4/9/", 1, DAY)


def test_chain_reaches_from_the_delegation_to_the_root_and_a_loop_ends() -> None:
    assert [grant.id for grant in chain_of(3, ALL)] == [3, 2, 1]
    loop = changed(root=replace(ROOT, parent_id=3))
    assert len(chain_of(3, loop)) == LONGEST_CHAIN
    assert standing(chain_of(3, loop), DAY) is Standing.BROKEN
    assert [grant.id for grant in descendants_of(1, ALL.values())] == [2, 3]
    assert descendants_of(3, ALL.values()) == []


@pytest.mark.parametrize(
    ("unit", "amount", "expected"),
    [
        ("/1/4/9/", 50_000, True),
        ("/1/4/9/2/", 50_000, True),
        ("/1/4/9/", 50_001, False),
        ("/1/4/", 100, False),
        # A number that begins alike is another unit.
        ("/1/4/91/", 100, False),
        ("/1/4/9/", None, True),
    ],
)
def test_delegation_covers_its_unit_and_those_below_up_to_the_amount(
    unit: str, amount: int | None, expected: bool
) -> None:
    assert covers(CHAIN, unit, amount, DAY) is expected


def test_unit_that_was_moved_away_is_covered_no_more() -> None:
    moved = replace(CLERK, unit_path="/1/5/9/")
    assert not covers((moved, LEADER, ROOT), "/1/5/9/", 100, DAY)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"unit_path": "/1/"}, Excess.OUTSIDE_UNIT),
        ({"unit_path": "/1/40/"}, Excess.OUTSIDE_UNIT),
        ({"amount": 500_001}, Excess.AMOUNT),
        ({"amount": None}, Excess.WITHOUT_LIMIT),
        ({"starts_on": date(2025, 12, 31)}, Excess.STARTS_BEFORE),
        ({"ends_on": date(2027, 1, 1)}, Excess.ENDS_AFTER),
        ({"ends_on": None}, Excess.WITHOUT_END),
    ],
)
def test_nobody_passes_on_more_than_they_hold(
    changes: dict[str, object], expected: Excess | None
) -> None:
    terms = {
        "unit_path": "/1/4/", "amount": 500_000, "starts_on": DAY, "ends_on": date(2026, 12, 31),
        **changes,
    }  # fmt: skip
    assert excess_of((LEADER, ROOT), **terms, on=DAY) is expected  # type: ignore[arg-type]


def test_only_what_holds_and_may_be_passed_on_is_passed_on() -> None:
    def why(chain: tuple[Grant, ...]) -> Excess | None:
        return excess_of(chain, unit_path="/1/4/9/", amount=1, starts_on=DAY, ends_on=DAY, on=DAY)

    assert why(CHAIN) is Excess.KEPT
    ended = replace(ROOT, ended_on=DAY, end_cause=EndCause.WITHDRAWN)
    assert why((LEADER, ended)) is Excess.NOT_IN_FORCE
    ends_soon = replace(LEADER, ended_on=DAY + timedelta(days=1), end_cause=EndCause.WITHDRAWN)
    assert why((ends_soon, ROOT)) is None
    assert (
        excess_of(
            (ends_soon, ROOT), unit_path="/1/4/", amount=1, starts_on=DAY,
            ends_on=DAY + timedelta(days=1), on=DAY,
        )
        is Excess.ENDS_AFTER
    )  # fmt: skip


@given(
    amount=st.integers(1, 600_000),
    days=st.integers(-400, 400),
    length=st.integers(0, 400),
    unit=st.sampled_from(["/1/", "/1/4/", "/1/4/9/", "/1/5/"]),
    on=st.integers(-500, 900),
)
def test_what_was_passed_on_never_gives_more_than_what_it_came_from(
    amount: int, days: int, length: int, unit: str, on: int
) -> None:
    starts_on = DAY + timedelta(days=days)
    ends_on = starts_on + timedelta(days=length)
    chain = (LEADER, ROOT)
    if excess_of(
        chain, unit_path=unit, amount=amount, starts_on=starts_on, ends_on=ends_on, on=DAY
    ):
        return
    given_on = replace(CLERK, unit_path=unit, amount=amount, starts_on=starts_on, ends_on=ends_on)
    day = DAY + timedelta(days=on)
    if covers((given_on, *chain), unit, amount, day):
        assert covers(chain, unit, amount, day)


def viewer(person_id: int, *led: LedUnit, roles: frozenset = frozenset()) -> Viewer:  # type: ignore[type-arg]
    return Viewer(id=person_id, name="", led=led, roles=roles)


def test_office_is_held_by_its_leader_and_a_stand_in_gives_nothing_away() -> None:
    chief = viewer(5, LedUnit(1, "/1/", "municipality"))
    deputy = viewer(6, LedUnit(1, "/1/", "municipality", on_behalf_of=5))
    assert policy.can_pass_on(chief, (ROOT,), DAY)
    assert not policy.can_pass_on(deputy, (ROOT,), DAY)
    assert policy.can_pass_on(viewer(7), (LEADER, ROOT), DAY)
    assert not policy.can_pass_on(viewer(8), CHAIN, DAY)
    # Who leads above without holding it gives nothing either.
    assert not policy.can_pass_on(chief, (LEADER, ROOT), DAY)


def test_who_holds_something_above_withdraws_and_who_holds_it_does_not() -> None:
    admin = viewer(9, roles=frozenset({(Role.ADMINISTRATOR, None)}))
    chief = viewer(5, LedUnit(1, "/1/", "municipality"))
    assert policy.can_withdraw(chief, CHAIN, DAY)
    assert policy.can_withdraw(viewer(7), CHAIN, DAY)
    assert policy.can_withdraw(admin, CHAIN, DAY)
    assert policy.can_withdraw(admin, (ROOT,), DAY)
    assert not policy.can_withdraw(chief, (ROOT,), DAY)
    assert not policy.can_withdraw(viewer(8), CHAIN, DAY)
    gone = (replace(CLERK, ended_on=DAY, end_cause=EndCause.WITHDRAWN), LEADER, ROOT)
    assert not policy.can_withdraw(admin, gone, DAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", None),
        ("250000", 250_000),
        ("250 000", 250_000),
        ("250\u00a0000", 250_000),
        ("250.000 kr", 250_000),
        ("kr 250 000,-", 250_000),
        ("250 000,00", 250_000),
        ("NOK 1.250.000", 1_250_000),
        ("1,5 mill.", 1_500_000),
        ("2 millioner kroner", 2_000_000),
        ("0", AmountFault.NOT_POSITIVE),
        ("-5", AmountFault.NOT_POSITIVE),
        ("−250 000", AmountFault.NOT_POSITIVE),
        ("250,50", AmountFault.HAS_ORE),
        ("250.5", AmountFault.UNREADABLE),
        ("1.25.000", AmountFault.UNREADABLE),
        ("250 tusen", AmountFault.UNREADABLE),
        ("１２３", AmountFault.UNREADABLE),
        ("9" * 18, AmountFault.TOO_LARGE),
        ("9" * 30, AmountFault.UNREADABLE),
    ],
)
def test_amount_is_read_as_people_write_it(typed: str, expected: int | AmountFault | None) -> None:
    assert parse_amount(typed) == expected


@given(st.integers(1, 10**12))
def test_amount_is_read_as_it_is_written(amount: int) -> None:
    assert parse_amount(write_amount(amount)) == amount
