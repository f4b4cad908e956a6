"""Which share of a walk the test's database takes."""

from __future__ import annotations

import pytest

from tests.security.shares import Share


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest, database: str) -> Share:
    """Return the share that this database walks (`shares.py`)."""
    if request.config.getoption("--db") != "both":
        return Share.ALL
    return Share.FEW if database == "postgresql" else Share.MOST
