"""What readers and owners see of a change of the law behind a document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import stopped_at
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.library.addresses import law_review_url
from intranet.library.jobs import follow_laws
from intranet.library.models import LawReview
from tests.browser import Browser
from tests.cast import Cast
from tests.laws.builders import archive, law, paragraph
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
REFID = "lov/2001-01-05-1"
MAY, JUNE = date(2026, 5, 21), date(2026, 6, 18)
OLD = paragraph("3", "Varsel", "Varsel gis straks.")
NEW = paragraph("3", "Varsel", "Varsel gis innen fem virkedager.")
MARK = "En lov som dokumentet bygger på, endres."
EARLY, LATE = datetime(2026, 5, 25, 8, tzinfo=UTC), datetime(2026, 6, 19, 8, tzinfo=UTC)


@pytest.fixture
def address(app: Flask, people: Cast, make_document: MakeDocument) -> str:
    """The page of a change in § 3, for PRO-1, owned by Eva."""
    with app.app_context():
        with stopped_at(EARLY):
            import_archive(archive(law(REFID, OLD)), "a", as_of=MAY)
            number = make_document(body="Innledning.\n\nVarsle straks, se prøveloven § 3.")
        with stopped_at(LATE):
            import_archive(archive(law(REFID, NEW)), "b", as_of=JUNE)
            follow_laws()
        review_id = db.session.scalars(select(LawReview.id)).one()
        db.session.remove()
    return law_review_url(number, review_id)


def test_reader_sees_a_calm_mark_until_the_owner_has_answered(
    people: Cast, log_in: LogIn, address: str
) -> None:
    owner, reader = log_in(people.eva), log_in(people.ingrid)
    page = reader.get("/bibliotek/PRO-1")
    assert MARK in page.text
    assert f"/lover/{REFID}#p-3" in page.links()
    assert address not in page.links()
    page = owner.get("/bibliotek/PRO-1")
    assert address in page.links()
    page = owner.get(address)
    assert page.heading == "Prøveloven § 3"
    assert "Varsle straks, se prøveloven § 3." in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Innledning." not in page.text
    form = page.form(f"{address}/svar")
    page = owner.post(
        f"{address}/svar",
        {**form, "answer": "no_consequence", "reason": "Vi har alltid varslet på dagen."},
    )
    assert page.status == 200
    assert MARK not in page.text
    assert "Vi har alltid varslet på dagen." in page.text
    page = reader.get("/bibliotek/PRO-1")
    assert MARK not in page.text
    assert "Vi har alltid varslet" not in page.text
    given = owner.get(address)
    assert "Ingen betydning" in given.text
    assert given.find(f"//form[@action='{address}/svar']") == []


def test_answer_without_reason_is_asked_for_again_and_keeps_the_choice(
    people: Cast, log_in: LogIn, address: str
) -> None:
    owner = log_in(people.eva)
    form = owner.get(address).form(f"{address}/svar")
    page = owner.post(f"{address}/svar", {**form, "answer": "withdraw", "reason": ""})
    assert page.status == 422
    assert "Skriv hvorfor." in page.text
    assert page.form(f"{address}/svar")["answer"] == "withdraw"
    page = owner.post(f"{address}/svar", {**form, "answer": "anything", "reason": "x"})
    assert page.status == 422


def test_second_of_two_who_answer_is_told(people: Cast, log_in: LogIn, address: str) -> None:
    """CC: the leader had the page open while the owner answered."""
    owner, leader = log_in(people.eva), log_in(people.mona)
    form = leader.get(address).form(f"{address}/svar")
    mine = owner.get(address).form(f"{address}/svar")
    page = owner.post(f"{address}/svar", {**mine, "answer": "revise", "reason": ""})
    assert page.heading == "Rediger utkastet"
    page = leader.post(f"{address}/svar", {**form, "answer": "no_consequence", "reason": "Nei."})
    assert page.status == 409
    assert "Noen har svart allerede" in page.text


def test_change_of_another_document_is_not_found_here(
    app: Flask, people: Cast, log_in: LogIn, address: str, make_document: MakeDocument
) -> None:
    """AZ: the number in the address must own the change."""
    other = make_document()
    owner = log_in(people.eva)
    assert owner.get(address.replace("PRO-1/", f"{other}/")).status == 404
    assert owner.get(law_review_url("PRO-1", 2**40)).status == 404
    assert owner.get(law_review_url("PRO-1", 0)).status == 404


def test_words_of_the_law_are_escaped(
    app: Flask, people: Cast, log_in: LogIn, address: str
) -> None:
    with app.app_context():
        with transaction():
            review = db.session.scalars(select(LawReview)).one()
            review.section, review.amended_by = "<b>3</b>", "lov/<i>"
            review.wording_id = None
        db.session.remove()
    page = log_in(people.eva).get(address)
    assert page.status == 200
    assert page.find("//h1/b") == []
    assert "<b>3</b>" in page.heading


def test_address_is_that_of_the_page(app: Flask) -> None:
    with app.test_request_context():
        from flask import url_for

        built = url_for("library.show_law_review", number="PRO-1", review_id=3)
        assert built == law_review_url("PRO-1", 3)
