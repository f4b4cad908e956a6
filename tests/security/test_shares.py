"""The two databases walk everything between them."""

from __future__ import annotations

import pytest

from tests.security import shares
from tests.security.shares import Share


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("names", [{"own"}, {"own", "closed", "other"}, set("abcdefghi")])
def test_the_states_of_both_shares_are_all_states(place: int, names: set[str]) -> None:
    few, most = (shares.states(names, place, share) for share in (Share.FEW, Share.MOST))
    assert few | most == names == shares.states(names, place, Share.ALL)
    assert few
    assert most


@pytest.mark.parametrize("count", [1, 5, 12])
def test_the_things_of_both_shares_are_all_things(count: int) -> None:
    things = list(range(count))
    few, most = (shares.some(things, share) for share in (Share.FEW, Share.MOST))
    assert sorted([*few, *most]) == things == shares.some(things, Share.ALL)


def test_a_name_that_comes_again_keeps_its_place() -> None:
    assert shares.places(["GET a", "GET b", "GET a", "GET c"]) == {
        "GET a": 0,
        "GET b": 1,
        "GET c": 2,
    }
