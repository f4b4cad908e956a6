"""Numbers in series and moments in columns, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask

from intranet.core.models import UtcDateTime, next_number
from intranet.core.transaction import transaction


def test_parallel_creates_get_numbers_of_their_own(app: Flask) -> None:
    """CC-07."""

    def take(_n: int) -> int:
        with app.app_context(), transaction():
            return next_number("test")

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(take, range(40)))
    assert sorted(numbers) == list(range(1, 41))


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), None)  # noqa: DTZ001
