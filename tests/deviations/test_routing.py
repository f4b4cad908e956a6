"""Who handles: each rule of the routing, alone and together (AZ-09, AZ-23, D15)."""

import pytest

from intranet.deviations.routing import (
    CopyRow,
    Link,
    Passed,
    Route,
    Top,
    find_route,
    list_copied_persons,
    list_copied_roles,
)
from intranet.deviations.severity import Category, Severity

NURSE, LEADER, SECTOR, CHIEF, STAND_IN, RECIPIENT = 1, 10, 20, 30, 40, 50
TOP = Top(chief_id=CHIEF, last_recipient_id=RECIPIENT)


def chain(
    leader: int | None = LEADER,
    sector: int | None = SECTOR,
    chief: int | None = CHIEF,
    *,
    stand_in: int | None = None,
    sector_stand_in: int | None = None,
) -> list[Link]:
    return [
        Link(3, "/1/2/3/", leader, stand_in),
        Link(2, "/1/2/", sector, sector_stand_in),
        Link(1, "/1/", chief),
    ]


CASES = {
    "the unit's own leader": (chain(), NURSE, [], (LEADER, 3, LEADER, 3)),
    "the stand-in receives while the leader is away": (
        chain(stand_in=STAND_IN),
        NURSE,
        [],
        (LEADER, 3, STAND_IN, 3),
    ),
    "the reporter is the leader": (chain(), LEADER, [], (SECTOR, 2, SECTOR, 3)),
    "the reporter is the stand-in": (
        chain(stand_in=NURSE),
        NURSE,
        [],
        (SECTOR, 2, SECTOR, 3),
    ),
    "it concerns the leader": (chain(), NURSE, [LEADER], (SECTOR, 2, SECTOR, 2)),
    "it concerns the leader, who is away": (
        chain(stand_in=STAND_IN),
        NURSE,
        [LEADER],
        (SECTOR, 2, SECTOR, 2),
    ),
    "it concerns the stand-in of an absent leader": (
        chain(stand_in=STAND_IN),
        NURSE,
        [STAND_IN],
        (SECTOR, 2, SECTOR, 3),
    ),
    "it concerns the leader's leader": (chain(), NURSE, [SECTOR], (CHIEF, 1, CHIEF, 1)),
    "it concerns the leader and the leader's leader": (
        chain(),
        NURSE,
        [LEADER, SECTOR],
        (CHIEF, 1, CHIEF, 1),
    ),
    "the post is vacant": (chain(None), NURSE, [], (SECTOR, 2, SECTOR, 3)),
    "the post is vacant and the next one is away": (
        chain(None, sector_stand_in=STAND_IN),
        NURSE,
        [],
        (SECTOR, 2, STAND_IN, 3),
    ),
    "vacant and concerns the next": (chain(None), NURSE, [SECTOR], (CHIEF, 1, CHIEF, 1)),
    "nobody up the chain": (chain(None, None, None), NURSE, [], (CHIEF, None, CHIEF, 3)),
    "a unit without a chain": ([], NURSE, [], (CHIEF, None, CHIEF, None)),
    "it concerns the chief executive": (
        chain(),
        NURSE,
        [CHIEF],
        (RECIPIENT, None, RECIPIENT, None),
    ),
    "it concerns a chief executive who is not in the chain": (
        chain()[:2],
        NURSE,
        [CHIEF],
        (RECIPIENT, None, RECIPIENT, None),
    ),
    "the chief executive reports in the own unit": (
        [Link(1, "/1/", CHIEF)],
        CHIEF,
        [],
        (RECIPIENT, None, RECIPIENT, 1),
    ),
    "one person leads both levels and is concerned": (
        chain(LEADER, LEADER),
        NURSE,
        [LEADER],
        (CHIEF, 1, CHIEF, 1),
    ),
    "the recipient of the settings reports about the chief": (
        chain(),
        RECIPIENT,
        [CHIEF],
        (None, None, None, None),
    ),
    "everybody is concerned": (
        chain(),
        NURSE,
        [LEADER, SECTOR, CHIEF, RECIPIENT],
        (None, None, None, None),
    ),
    "it concerns a colleague who leads nobody": (
        chain(),
        NURSE,
        [999],
        (LEADER, 3, LEADER, 3),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_responsible_leader_when(name: str) -> None:
    links, reporter, concerned, expected = CASES[name]
    route = find_route(links, TOP, reporter_id=reporter, concerned=concerned)
    assert (
        route.handler_id,
        route.handler_unit_id,
        route.receiver_id,
        route.line_unit_id,
    ) == expected


@pytest.mark.parametrize("name", CASES)
def test_neither_the_concerned_nor_the_reporter_ever_has_the_case(name: str) -> None:
    links, reporter, concerned, _expected = CASES[name]
    route = find_route(links, TOP, reporter_id=reporter, concerned=concerned)
    assert not {route.handler_id, route.receiver_id} & {reporter, *concerned}


def test_the_route_says_who_was_passed_and_why() -> None:
    route = find_route(chain(None), TOP, reporter_id=NURSE, concerned=[SECTOR])
    assert route.passed == ((3, Passed.BELOW_CONCERNED), (2, Passed.CONCERNED))
    route = find_route(chain(None, NURSE), TOP, reporter_id=NURSE)
    assert route.passed == ((3, Passed.VACANT), (2, Passed.IS_REPORTER))


@pytest.mark.parametrize(
    ("above", "besides", "concerned", "expected"),
    [
        (3, [LEADER], [], (SECTOR, 2)),
        (2, [LEADER, SECTOR], [], (CHIEF, 1)),
        (1, [LEADER, SECTOR, CHIEF], [], (None, None)),
        (3, [LEADER], [SECTOR], (CHIEF, 1)),
        (3, [LEADER, SECTOR], [], (CHIEF, 1)),
    ],
)
def test_one_level_up_passes_those_who_have_had_it(
    above: int, besides: list[int], concerned: list[int], expected: tuple[int | None, int | None]
) -> None:
    top = Top(chief_id=CHIEF)
    route = find_route(
        chain(), top, reporter_id=NURSE, concerned=concerned, above_unit_id=above, besides=besides
    )
    assert (route.handler_id, route.handler_unit_id) == expected
    assert isinstance(route, Route)


ROWS = [
    CopyRow(Category.STAFF, Severity.LOW, "safety_representative"),
    CopyRow(Category.STAFF, Severity.HIGH, "chief_safety_representative"),
    CopyRow(Category.PRIVACY, Severity.LOW, "data_protection_officer"),
    CopyRow(None, Severity.CRITICAL, "chief_safety_representative"),
]


@pytest.mark.parametrize(
    ("category", "severity", "roles"),
    [
        (Category.STAFF, Severity.LOW, ["safety_representative"]),
        (Category.STAFF, Severity.HIGH, ["safety_representative", "chief_safety_representative"]),
        (
            Category.STAFF,
            Severity.CRITICAL,
            ["safety_representative", "chief_safety_representative"],
        ),
        (Category.PRIVACY, Severity.MEDIUM, ["data_protection_officer"]),
        (Category.PATIENT, Severity.HIGH, []),
        (None, Severity.CRITICAL, ["chief_safety_representative"]),
        (None, Severity.LOW, []),
    ],
)
def test_copies_follow_the_rows_of_the_table(
    category: Category | None, severity: Severity, roles: list[str]
) -> None:
    assert list_copied_roles(ROWS, category, severity) == roles


def test_the_concerned_are_left_out_of_the_copies_and_nobody_is_copied_twice() -> None:
    copied = list_copied_persons({"a": [1, 2], "b": [2, 3]}, excluded={3})
    assert copied == {1: "a", 2: "a"}
