"""What an article is at a moment, whom it reaches, and what makes it whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet.news.contents import ArticleContents, Fault, find_fault
from intranet.news.visibility import (
    ArticleFacts,
    ArticleState,
    Phase,
    audience,
    next_change,
    phase,
    reaches,
)

NOON = datetime(2026, 10, 13, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.none() | st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR)


@pytest.mark.parametrize(
    ("state", "publish_at", "expire_at", "expected"),
    [
        (ArticleState.DRAFT, NOON - HOUR, None, Phase.DRAFT),
        (ArticleState.WITHDRAWN, NOON - HOUR, None, Phase.WITHDRAWN),
        (ArticleState.PUBLISHED, NOON + HOUR, None, Phase.SCHEDULED),
        (ArticleState.PUBLISHED, NOON, None, Phase.LIVE),
        (ArticleState.PUBLISHED, NOON - HOUR, NOON + HOUR, Phase.LIVE),
        (ArticleState.PUBLISHED, NOON - HOUR, NOON, Phase.EXPIRED),
    ],
)
def test_article_is_what_decision_and_clock_make_of_it(
    state: ArticleState, publish_at: datetime, expire_at: datetime | None, expected: Phase
) -> None:
    assert phase(state, publish_at, expire_at, NOON) is expected


@given(st.sampled_from(ArticleState), MOMENTS, MOMENTS)
def test_article_changes_by_itself_only_at_the_moment_that_was_foretold(
    state: ArticleState, publish_at: datetime | None, expire_at: datetime | None
) -> None:
    now_is = phase(state, publish_at, expire_at, NOON)
    foretold = next_change(state, publish_at, expire_at, NOON)
    until = foretold - timedelta(microseconds=1) if foretold else NOON + 100 * HOUR
    assert phase(state, publish_at, expire_at, until) is now_is


def test_article_for_a_unit_reaches_those_whose_units_or_units_above_are_named() -> None:
    facts = ArticleFacts(ArticleState.PUBLISHED, NOON, None, False, frozenset({4}), "/1/2/")
    assert reaches(facts, {1, 4, 9})
    assert not reaches(facts, {1, 5})
    assert reaches(replace(facts, is_for_all=True), set())


def test_article_for_no_unit_is_found_by_nobody() -> None:
    assert audience(False, []) == ()
    assert audience(False, [9, 4]) == ("unit:4", "unit:9")
    assert audience(True, [9]) == ("all",)


WHOLE = ArticleContents(title="Tittel", lead="Ingress", body="Tekst", owner_unit_id=1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, ("title", Fault.TITLE_MISSING)),
        ({"title": "x" * 121}, ("title", Fault.TITLE_LONG)),
        ({"lead": ""}, ("lead", Fault.LEAD_MISSING)),
        ({"lead": "x" * 301}, ("lead", Fault.LEAD_LONG)),
        ({"body": "x" * 50_001}, ("body", Fault.BODY_LONG)),
        ({"picture_alt": "x" * 201}, ("picture_alt", Fault.ALT_LONG)),
        ({"is_for_all": False}, ("targets", Fault.NO_TARGET)),
        ({"expire_at": NOON}, ("expire_at", Fault.EXPIRES_FIRST)),
        (
            {"publish_at": NOON + 2 * HOUR, "expire_at": NOON + HOUR},
            ("expire_at", Fault.EXPIRES_FIRST),
        ),
    ],
)
def test_article_that_lacks_or_contradicts_something_is_sent_back(
    changes: dict[str, object], expected: tuple[str, Fault]
) -> None:
    """IN-07: one over each limit."""
    assert find_fault(replace(WHOLE, **changes), has_picture=False, at=NOON) == expected  # type: ignore[arg-type]


def test_article_at_its_limits_is_whole() -> None:
    """IN-07: exactly at each limit."""
    fullest = replace(
        WHOLE, title="x" * 120, lead="x" * 300, body="x" * 50_000, picture_alt="x" * 200,
        is_for_all=False, target_ids=frozenset({1}), expire_at=NOON + HOUR,
    )  # fmt: skip
    assert find_fault(fullest, has_picture=True, at=NOON) is None


def test_picture_needs_words_for_those_who_do_not_see_it() -> None:
    assert find_fault(WHOLE, has_picture=True, at=NOON) == ("picture_alt", Fault.ALT_MISSING)
    assert find_fault(WHOLE, has_picture=False, at=NOON) is None
