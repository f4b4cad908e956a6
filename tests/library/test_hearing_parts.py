"""Whom and what a hearing shows: proposals of persons, its files, those asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import files
from intranet.library.addresses import hearing_url
from intranet.library.hearing import HearingAnswer
from intranet.library.hearing_models import HearingRequest
from intranet.library.models import RevisionFile
from intranet.library.queries import hearing_parts
from intranet.library.queries.documents import load_document
from intranet.people.models import Person
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import Attach, MakeDocument
from tests.library.hearing_steps import say, send

LogIn = Callable[[int], Browser]
FOLLOWED, NOT_FOLLOWED = HearingAnswer.FOLLOWED, HearingAnswer.NOT_FOLLOWED


def test_the_list_of_proposals_tells_two_of_one_name_apart_and_leaves_out_who_has_left(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    draft = make_document("draft")
    with app.app_context():
        with transaction():
            db.session.get_one(Person, people.jonas).is_directory_active = False
            twin = db.session.get_one(Person, people.ingrid)
            tor = db.session.get_one(Person, people.tor)
            twin.name, twin.name_key = tor.name, tor.name_key
            gone = db.session.get_one(Person, people.jonas).name
        db.session.remove()
    eva = log_in(people.eva)
    found = eva.client.get("/ansatte/forslag?q=Tor").json
    assert [each["value"] for each in found if each["title"] == "Tor Tveit"] == [
        f"Tor Tveit (nr. {each})" for each in sorted((people.ingrid, people.tor))
    ]
    assert eva.client.get(f"/ansatte/forslag?q={gone}").json == []
    # Whoever looks up those who left gets none of them to choose from either.
    adam = log_in(people.adam)
    assert adam.client.get(f"/ansatte/forslag?q={gone}").json == []
    assert "Sluttet" in adam.get(f"/organisasjon?q={gone}").text
    assert eva.client.get("/ansatte/forslag?q=T").json == []
    address = f"/bibliotek/{draft}/horing/ny"
    form = {**eva.get(address).form(), "due_on": f"{today() + timedelta(days=9):%Y-%m-%d}"}
    page = eva.post(address, {**form, "person": f"Tor Tveit (nr. {people.tor})"})
    assert page.heading.startswith("Høring")
    with app.app_context():
        (asked,) = db.session.scalars(select(HearingRequest.person_id))
        assert asked == people.tor
        db.session.remove()


def test_a_hearing_keeps_the_files_that_the_draft_had_when_it_was_sent(
    app: Flask, people: Cast, make_document: MakeDocument, attach: Attach, log_in: LogIn
) -> None:
    draft = make_document("draft")
    first = attach(draft, "skjema.txt", b"Slik det ble sendt")
    with app.app_context():
        hearing = send(draft, people.eva, [people.ward])
        db.session.remove()
    attach(draft, "etterpå.txt", b"Kom til siden")
    with app.app_context():
        with transaction():
            files.remove_file(load_document(draft), first, actor=cast.viewer(people.eva))
        db.session.remove()
    ingrid = log_in(people.ingrid)
    page = ingrid.get(hearing_url(draft, hearing))
    (link,) = [each for each in page.links() if "/fil/" in each]
    assert "versjon 1 da den ble sendt" in page.text
    with ingrid.client.get(link) as response:
        assert response.data == b"Slik det ble sendt"
    assert log_in(people.rita).client.get(link).status_code == 404
    with app.app_context():
        other = db.session.scalars(select(RevisionFile.stored_file_id)).one()
        db.session.remove()
    assert ingrid.client.get(f"{link.rsplit('/', 1)[0]}/{other}").status_code == 404


def test_those_asked_are_shown_page_by_page_each_once(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(hearing_parts, "ON_PAGE", 2)
    monkeypatch.setattr(hearing_parts, "FEW", 1)
    draft = make_document("draft")
    with app.app_context():
        hearing = send(draft, people.eva, [people.strandheim])
        say(draft, hearing, people.ingrid)
        whole = list(
            db.session.scalars(
                select(Person.name)
                .join(HearingRequest, HearingRequest.person_id == Person.id)
                .order_by(Person.name_key, Person.id)
            )
        )
        db.session.remove()
    eva = log_in(people.eva)
    address = f"{hearing_url(draft, hearing)}/spurte"
    assert address in eva.get(hearing_url(draft, hearing)).links()
    seen: list[str] = []
    following = address
    while following:
        page = eva.get(following)
        assert f"1 har gitt merknader, 0 har ingen merknader, {len(whole) - 1}" in page.text
        seen += [
            each.text_content()
            for each in page.find("//ul[@class='list-rows']//a[@class='ds-link']")
        ]
        following = next((each.get("href") for each in page.find("//a[@rel='next']")), "")
    assert seen == whole
    assert len(whole) > 2
    assert eva.get(f"{address}?etter=99999999").status == 200
