"""What stands before what, and that the explanation adds up to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.search import indexing, queries
from intranet.search.entry import OWN_NEWS_PRIOR, OWN_PRIOR, Kind, SearchEntry
from intranet.search.explaining import Part
from intranet.search.standing import LEAST_NEWS, freshness
from tests.browser import Browser
from tests.cast import Cast
from tests.search.fake_source import FakeSource, make_entry

NURSE = Viewer(id=1, name="Ingrid Solheim", unit_ancestor_ids=frozenset({1, 2}))
TEACHER = Viewer(id=2, name="Tor Tveit", unit_ancestor_ids=frozenset({1, 3}))
ABOUT = "Rutine ved fall. Den som faller, skal ha hjelp."


def procedure(number: int, unit: int) -> SearchEntry:
    return make_entry(f"library/PRO-{number}", "Fall og rutine", ABOUT, kind=Kind.PROCEDURE,
                      prior=OWN_PRIOR, near=(f"unit:{unit}",))  # fmt: skip


def news(number: int, days: int) -> SearchEntry:
    return make_entry(f"nyhet/{number}", "Fall i trappa", ABOUT, prior=OWN_NEWS_PRIOR,
                      published_on=today() - timedelta(days=days))  # fmt: skip


def law(number: int, prior: float = 1.0) -> SearchEntry:
    return make_entry(f"lov/2001-01-01-{number}#1", "§ 1 Fall og rutine", ABOUT, kind=Kind.LAW,
                      prior=prior, paragraph="1")  # fmt: skip


def keys(viewer: Viewer, text: str, *entries: SearchEntry, source: FakeSource) -> list[str]:
    for entry in entries:
        source.put(entry)
    indexing.rebuild()
    return [hit.key for hit in queries.find_hits(viewer, text).hits]


def test_the_procedure_of_ones_own_unit_stands_first_then_the_others_then_laws(
    context: Flask, source: FakeSource
) -> None:
    entries = (law(1), procedure(1, 3), procedure(2, 2))
    found = keys(NURSE, "fall rutine", *entries, source=source)
    assert found == ["library/PRO-2", "library/PRO-1", "lov/2001-01-01-1#1"]
    assert keys(TEACHER, "fall rutine", source=source)[:2] == ["library/PRO-1", "library/PRO-2"]


def test_a_law_in_force_stands_before_one_that_is_not(context: Flask, source: FakeSource) -> None:
    """The laws' source halves the prior of what is not in force."""
    found = keys(NURSE, "fall", law(1, 0.5), law(2, 1.0), source=source)
    assert found == ["lov/2001-01-01-2#1", "lov/2001-01-01-1#1"]


def test_recent_news_stand_before_old_ones(context: Flask, source: FakeSource) -> None:
    found = keys(NURSE, "fall trappa", news(1, 800), news(2, 3), news(3, 100), source=source)
    assert found == ["nyhet/2", "nyhet/3", "nyhet/1"]


def test_news_fade_to_half_and_never_to_nothing() -> None:
    weights = freshness(np.array([-5, 0, 120, 100_000], dtype=np.float32))
    assert weights.tolist() == pytest.approx([1.0, 1.0, 0.75, LEAST_NEWS])


def test_what_is_called_exactly_so_stands_before_what_speaks_more_of_it(
    context: Flask, source: FakeSource
) -> None:
    person = make_entry("person/5", "Kari Fall", "Vei og park", kind=Kind.PERSON)
    much = make_entry("nyhet/1", "Kari Fall fyller år", "Kari Fall. " * 30, prior=OWN_NEWS_PRIOR)
    assert keys(NURSE, "kari fall", much, person, source=source) == ["person/5", "nyhet/1"]


@pytest.mark.parametrize("text", ["fall rutine", "fall", "trappa rutine", '"rutine ved fall"'])
def test_the_parts_of_a_weight_put_the_hits_in_the_order_of_the_page(
    context: Flask, source: FakeSource, text: str
) -> None:
    entries = (law(1), procedure(1, 3), procedure(2, 2), news(1, 800), news(2, 3))
    found = keys(NURSE, text, *entries, source=source)
    explained = [queries.explain_hit(NURSE, text, key) for key in found]
    assert all(explained)
    assert [why.place for _entry, why in explained if why] == list(range(1, len(found) + 1))
    weights = [why.weight for _entry, why in explained if why]
    if not text.startswith('"'):
        assert weights == sorted(weights, reverse=True)
        assert min(weights) > 0


def test_the_parts_say_what_counted(context: Flask, source: FakeSource) -> None:
    keys(NURSE, "x", procedure(2, 2), news(2, 120), source=source)
    explained = queries.explain_hit(NURSE, "fall banan", "library/PRO-2")
    assert explained is not None
    lines = {line.part: line for line in explained[1].lines}
    assert lines[Part.WORD].fields == ("title", "text")
    assert lines[Part.MISSING].word == "banan"
    assert lines[Part.PRIOR].value == pytest.approx(OWN_PRIOR)
    assert lines[Part.NEAR].value > 1
    aged = queries.explain_hit(NURSE, "fall", "nyhet/2")
    assert aged is not None
    assert {line.part: line.value for line in aged[1].lines}[Part.AGE] == pytest.approx(0.75)


def test_what_is_hidden_is_explained_to_nobody(context: Flask, source: FakeSource) -> None:
    keys(NURSE, "fall", make_entry("nyhet/9", "Fall", audience=("unit:2",)), source=source)
    assert queries.explain_hit(NURSE, "fall", "nyhet/9") is not None
    assert queries.explain_hit(TEACHER, "fall", "nyhet/9") is None
    assert queries.explain_hit(NURSE, "fall", "nyhet/404") is None


def test_those_who_tend_the_search_are_shown_why(
    app: Flask, source: FakeSource, people: Cast, log_in: Callable[[int], Browser]
) -> None:
    source.put(procedure(1, people.municipality))
    with app.app_context():
        indexing.rebuild()
    assert "Hvorfor her?" not in log_in(people.tor).get("/sok?q=fall").text
    kari = log_in(people.kari)
    (link,) = [url for url in kari.get("/sok?q=fall").links() if "/sok/hvorfor" in url]
    page = kari.get(link)
    assert "står som nummer 1 når du søker etter «fall»" in page.text
    assert "Gjelder for enheten din" in page.text
    assert "ganger 2,00" in page.text
    assert "ikke blant treffene dine" in kari.get("/sok/hvorfor?q=fall&treff=x").text
