"""The front page is composed for the person: what one needs to know, the nearest first, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intranet.core.clock import now, today
from intranet.news.front_page import NEED_TO_KNOW, compose
from tests import browser, cast
from tests.news.conftest import MakeArticle

LogIn = Callable[[int], browser.Browser]
NOON = datetime(2026, 10, 13, 12, 0, tzinfo=UTC)


def row(number: int, **changes: Any) -> Any:
    """An article of the municipality for all; the higher its number, the newer."""
    plain = {
        "id": number,
        "publish_at": NOON + timedelta(minutes=number),
        "is_asked": False,
        "must_read_by": None,
        "is_pinned": False,
        "is_near": False,
        "unit_id": 1,
    }
    return SimpleNamespace(**{**plain, **changes})


def ids(rows: list[Any]) -> list[int]:
    return [one.id for one in rows]


def test_own_unit_comes_before_the_sector_and_both_before_the_municipality() -> None:
    rows = [row(1, is_near=True, unit_id=9), row(2, is_near=True, unit_id=4), row(3), row(4)]
    assert ids(compose(rows, own={9}, most=4).news) == [1, 2, 4, 3]


def test_municipality_is_seen_also_by_those_whose_unit_writes_much() -> None:
    rows = [row(n, is_near=True, unit_id=9) for n in range(10, 15)] + [row(1)]
    assert ids(compose(rows, own={9}, most=4).news) == [14, 13, 12, 11]
    assert ids(compose([*rows, row(20)], own={9}, most=4).news) == [14, 13, 12, 20]


def test_what_must_be_read_soonest_comes_before_what_is_pinned_and_three_are_enough() -> None:
    rows = [
        row(1, is_asked=True, must_read_by=date(2026, 10, 20)),
        row(2, is_asked=True, must_read_by=date(2026, 10, 15)),
        row(3, is_pinned=True),
        row(4, is_pinned=True),
        row(5),
    ]
    front = compose(rows, own=(), most=4)
    assert ids(front.need_to_know) == [2, 1, 4]
    assert ids(front.news) == [5, 3]


@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1, 4, 9])),
        max_size=20,
    )
)
def test_no_article_stands_there_twice(chosen: list[tuple[bool, bool, bool, int]]) -> None:
    rows = [
        row(n, is_asked=asked, is_pinned=pinned, is_near=near, unit_id=unit)
        for n, (asked, pinned, near, unit) in enumerate(chosen)
    ]
    front = compose(rows, own={9}, most=4)
    shown = ids(front.need_to_know) + ids(front.news)
    assert len(shown) == len(set(shown))
    assert len(front.need_to_know) <= NEED_TO_KNOW
    assert len(front.news) == min(4, len(rows) - len(front.need_to_know))


def test_front_page_is_the_persons_own(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    start = now()
    ward = make_article(title="Fra avdelingen", owner_unit_id=people.ward)
    at(start + timedelta(minutes=1))
    sector = make_article(title="Fra sektoren", owner_unit_id=people.health)
    at(start + timedelta(minutes=2))
    general = [
        make_article(title=f"Fra kommunen {n}", owner_unit_id=people.municipality) for n in range(3)
    ]
    must = make_article(title="Må leses", owner_unit_id=people.municipality, must_read_by=today())

    def shown(person: int) -> list[int]:
        page = log_in(person).get("/")
        found = page.find("//main//a[starts-with(@href, '/nyheter/')]/@href")
        return [int(link.rpartition("/")[2]) for link in found]

    assert shown(people.ingrid) == [must, ward, sector, *reversed(general[1:])]
    # The teacher has no part in the ward; and nobody is shown anything twice.
    assert shown(people.tor) == [must, *reversed(general), sector]
    at(start + timedelta(days=15))
    assert shown(people.ingrid) == [must, *reversed(general), sector]
