"""Which acts come first in a municipality when the words alone do not tell."""

from __future__ import annotations

import pytest

from intranet.laws.municipal import municipal_weight


@pytest.mark.parametrize(
    ("refid", "title", "weight"),
    [
        ("lov/2018-06-22-83", "Lov om kommuner og fylkeskommuner", 1.7),
        ("lov/2001-01-01-1", "Lov om arv", 1.0),
        ("forskrift/2001-01-01-1", "Forskrift om fiske etter torsk", 0.6),
        ("forskrift/2001-01-01-2", "Forskrift om sikring av skip", 0.6),
        ("forskrift/2001-01-01-3", "Forskrift om kommunale havner og skip", 1.0),
        ("lov/2001-01-01-4", "Lov om eigedomsskatt til kommunane", 1.0),
    ],
)
def test_what_a_municipality_works_by_weighs_more(refid: str, title: str, weight: float) -> None:
    assert municipal_weight(refid, title) == weight
