"""What makes a vacancy whole, and where its apply button leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from intranet.vacancies.contents import (
    Fault,
    Terms,
    VacancyContents,
    application_link,
    find_fault,
    is_percentage,
)

NOON = datetime(2026, 10, 13, 12, 0, tzinfo=UTC)
WHOLE = VacancyContents(
    title="Lærer",
    unit_id=1,
    percentage=Decimal(100),
    terms=Terms.PERMANENT,
    workplace="Nesbakken",
    body="Tekst",
    how_to_apply="hr@x.no",
    deadline_at=NOON + timedelta(minutes=1),
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, ("title", Fault.TITLE_MISSING)),
        ({"title": "x" * 121}, ("title", Fault.TOO_LONG)),
        ({"body": "x" * 20_001}, ("body", Fault.TOO_LONG)),
        ({"requirements": "x" * 5_001}, ("requirements", Fault.TOO_LONG)),
        ({"salary": "x" * 201}, ("salary", Fault.TOO_LONG)),
        ({"percentage": Decimal(0)}, ("percentage", Fault.PERCENTAGE)),
        ({"terms": Terms.TEMPORARY}, ("duration", Fault.DURATION_MISSING)),
        ({"workplace": ""}, ("workplace", Fault.WORKPLACE_MISSING)),
        ({"body": ""}, ("body", Fault.BODY_MISSING)),
        ({"how_to_apply": ""}, ("how_to_apply", Fault.HOW_TO_APPLY_MISSING)),
        ({"deadline_at": None}, ("deadline_at", Fault.DEADLINE_MISSING)),
        ({"deadline_at": NOON}, ("deadline_at", Fault.DEADLINE_PASSED)),
    ],
)
def test_vacancy_that_lacks_or_contradicts_something_is_sent_back(
    changes: dict[str, Any], expected: tuple[str, Fault]
) -> None:
    """IN-07: one over each limit."""
    assert find_fault(replace(WHOLE, **changes), at=NOON) == expected


def test_vacancy_at_its_limits_is_whole() -> None:
    fullest = replace(
        WHOLE, title="x" * 120, body="x" * 20_000, requirements="x" * 5_000, salary="x" * 200,
        terms=Terms.TEMPORARY, duration="x" * 200,
    )  # fmt: skip
    assert find_fault(fullest, at=NOON) is None


@pytest.mark.parametrize(
    ("value", "is_one"),
    [("0", False), ("0.01", True), ("26.67", True), ("26.667", False), ("100", True),
     ("100.01", False), ("-1", False), ("NaN", False), ("Infinity", False), ("1E+9", False)],
)  # fmt: skip
def test_percentage_is_above_nothing_and_at_most_a_whole_post(value: str, is_one: bool) -> None:
    assert is_percentage(Decimal(value)) is is_one


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Søk på https://jobb.example/stilling/12.", "https://jobb.example/stilling/12"),
        ("Send søknaden til hr@havnsund.no innen fristen", "mailto:hr@havnsund.no"),
        ("Lever på servicetorget", None),
        ("javascript:alert(1)", None),
        ("data:text/html,<script>", None),
        ('https://x.no/"onclick="alert(1)', "https://x.no/"),
    ],
)
def test_apply_button_leads_only_to_web_and_mail(text: str, link: str | None) -> None:
    """IN-02"""
    assert application_link(text) == link


def test_only_less_than_a_whole_post_is_part_time() -> None:
    assert not WHOLE.is_part_time
    assert replace(WHOLE, percentage=Decimal("99.5")).is_part_time
