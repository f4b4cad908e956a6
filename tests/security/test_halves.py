"""What is halved for the two databases is whole together."""

from __future__ import annotations

import pytest

from tests.security import halves


@pytest.mark.parametrize("place", [0, 1])
def test_the_states_of_two_halves_are_all_states(place: int) -> None:
    names = {"own", "closed", "merged"}
    one, two = (halves.states(names, place, half) for half in (0, 1))
    assert one | two == names == halves.states(names, place, None)
    assert not one & two
    assert halves.states({"any"}, place, 0) == halves.states({"any"}, place, 1) == {"any"}


def test_what_one_database_leaves_out_the_other_walks() -> None:
    things = ["a", "b", "c"]
    one, two = (halves.every_other(things, half) for half in (0, 1))
    assert sorted([*one, *two]) == things == halves.every_other(things, None)


def test_a_route_with_two_addresses_has_one_place() -> None:
    assert halves.places(["GET a", "GET b", "GET a", "GET c"]) == {
        "GET a": 0,
        "GET b": 1,
        "GET c": 2,
    }
