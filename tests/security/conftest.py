"""Which half of a walk the test's database takes."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def half(request: pytest.FixtureRequest, database: str) -> int | None:
    """Return the half that this database walks (`halves.py`); None: all of it."""
    if request.config.getoption("--db") != "both":
        return None
    return int(database == "postgresql")
