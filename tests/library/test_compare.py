"""Any two versions of a document read against each other, by those who may read both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument, Revise

LogIn = Callable[[int], Browser]


@pytest.fixture
def three_versions(make_document: MakeDocument, revise: Revise) -> str:
    """A document with versions 1 and 2 published and version 3 a draft."""
    number = make_document(body="Vask hendene.\n\nTørk dem.", title="Håndvask")
    revise(number, body="Vask hendene grundig.\n\nTørk dem.", title="Håndhygiene")
    revise(number, body="Vask hendene grundig.\n\nHEMMELIG", publish=False)
    return number


def words(page: Any, tag: str) -> list[str]:
    return [each.text_content().strip() for each in page.find(f"//div[@role='group']//{tag}")]


def test_reader_sees_word_for_word_what_the_last_version_brought(
    people: Cast, log_in: LogIn, three_versions: str
) -> None:
    reader = log_in(people.ingrid)
    (address,) = [
        link for link in reader.get(f"/bibliotek/{three_versions}").links() if "sammenlign" in link
    ]
    page = reader.get(address)
    assert page.status == 200
    assert words(page, "ins") == ["lagt til:  grundig"]
    assert words(page, "del") == []
    assert "Tittelen var" in page.text
    assert "Håndvask" in page.text
    assert "1 avsnitt er endret." in page.text
    assert "HEMMELIG" not in page.source
    assert len(page.queries) <= 12, page.queries


def test_the_older_stands_first_whichever_way_it_is_asked(
    people: Cast, log_in: LogIn, three_versions: str
) -> None:
    reader = log_in(people.ingrid)
    page = reader.get(f"/bibliotek/{three_versions}/sammenlign?fra=2&til=1")
    assert "Endret fra versjon 1 til versjon 2" in page.text
    assert words(page, "ins") == ["lagt til:  grundig"]


def test_a_draft_is_compared_only_by_those_who_work_on_it(
    people: Cast, log_in: LogIn, three_versions: str
) -> None:
    """AZ-25."""
    address = f"/bibliotek/{three_versions}/sammenlign?fra=1&til=3"
    assert log_in(people.ingrid).get(address).status == 404
    page = log_in(people.mona).get(address)
    assert page.status == 200
    assert any("HEMMELIG" in text for text in words(page, "ins"))


@pytest.mark.parametrize("query", ["fra=0", "til=x", "fra=%00", "til=-1", "fra=99999999999999"])
def test_a_senseless_address_shows_the_last_two(
    people: Cast, log_in: LogIn, three_versions: str, query: str
) -> None:
    page = log_in(people.ingrid).get(f"/bibliotek/{three_versions}/sammenlign?{query}")
    assert "Endret fra versjon 1 til versjon 2" in page.text


def test_a_single_version_has_nothing_to_compare_with(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document()
    reader = log_in(people.ingrid)
    page = reader.get(f"/bibliotek/{number}/sammenlign")
    assert "Det er bare én versjon å lese." in page.text
    assert reader.get(f"/bibliotek/{number}/sammenlign?fra=1&til=9").status == 404
    assert not [x for x in reader.get(f"/bibliotek/{number}").links() if "sammenlign" in x]


def test_signs_of_writing_do_not_stand_in_the_way_of_reading(
    people: Cast, log_in: LogIn, make_document: MakeDocument, revise: Revise
) -> None:
    number = make_document(body="## Før\n\nVask **alltid** hendene.")
    revise(number, body="## Først\n\nVask **alltid** hendene.")
    page = log_in(people.ingrid).get(f"/bibliotek/{number}/sammenlign")
    assert words(page, "ins") == ["lagt til: Først"]
    assert "**" not in page.text
    revise(number, body="## Først\n\nVask alltid hendene.")
    page = log_in(people.ingrid).get(f"/bibliotek/{number}/sammenlign?fra=2&til=3")
    assert "1 avsnitt er endret." in page.text
