"""What the server gives a phone that loses its network: autosave, keys, the empty form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from intranet.deviations.models import DeviationDraft
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.conftest import MORNING
from tests.deviations.test_pages import fields

LogIn = Callable[[int], Browser]


def key(browser: Browser, key_id: str = "") -> dict[str, str]:
    page = browser.get("/avvik/nokkel", query_string={"id": key_id} if key_id else {})
    assert page.response.headers["Cache-Control"] == "no-store"
    return dict(json.loads(page.source))


def test_a_key_belongs_to_one_person_and_is_the_same_in_their_next_session(
    people: cast.Cast, log_in: LogIn
) -> None:
    """CF-17."""
    first = key(log_in(people.ingrid))
    again = key(log_in(people.ingrid), first["id"])
    other = key(log_in(people.jonas), first["id"])
    assert again["key"] == first["key"]
    assert again["owner"] == first["owner"]
    assert other["key"] != first["key"]
    assert other["owner"] != first["owner"]
    assert len({key(log_in(people.ingrid))["key"] for _n in range(3)}) == 3


def test_a_key_is_given_for_a_day(
    people: cast.Cast, log_in: LogIn, at: Callable[[datetime], None]
) -> None:
    at(MORNING)
    given = key(log_in(people.ingrid))
    at(MORNING + timedelta(hours=23, minutes=59))
    assert key(log_in(people.ingrid), given["id"])["key"] == given["key"]
    at(MORNING + timedelta(hours=24, minutes=1))
    late = log_in(people.ingrid).get("/avvik/nokkel", query_string={"id": given["id"]})
    assert late.status == 410
    assert "key" not in json.loads(late.source)


def test_a_made_up_key_id_gives_no_key(people: cast.Cast, log_in: LogIn) -> None:
    ingrid = log_in(people.ingrid)
    for made_up in ("x", "WzEsImEiXQ.AAAA", "a.b.c", "æ"):
        assert ingrid.get("/avvik/nokkel", query_string={"id": made_up}).status == 410


def test_strangers_get_neither_key_nor_form(client: Browser, people: cast.Cast) -> None:
    for address in ("/avvik/nokkel", "/avvik/uten-nett", "/avvik/sw.js"):
        assert client.get(address, follow_redirects=False).status == 302, address


def test_what_is_typed_is_saved_as_it_is(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    ingrid = log_in(people.ingrid)
    sent = fields(people.school, what="Halvferdig", clock="tull", category="patient")
    assert "." in json.loads(ingrid.post("/avvik/utkast", sent).source)["saved"]
    with app.app_context():
        draft = db.session.get(DeviationDraft, people.ingrid)
        assert draft is not None
        assert draft.fields["what"] == "Halvferdig"
    typed = ingrid.get("/avvik/meld").find("//textarea[@name='what']/text()")
    assert typed[0].strip() == "Halvferdig"
    assert "Halvferdig" not in log_in(people.jonas).get("/avvik/meld").source


def test_the_form_that_the_phone_keeps_names_nobody(people: cast.Cast, log_in: LogIn) -> None:
    ingrid = log_in(people.ingrid)
    ingrid.post("/avvik/utkast", fields(people.strandheim, what="Hemmelig fall"))
    page = ingrid.get("/avvik/uten-nett")
    assert "Solheim" not in page.source
    assert "Hemmelig fall" not in page.source
    assert not page.find("//input[@name='owner']")


def test_the_worker_keeps_that_form_and_built_files_only(people: cast.Cast, log_in: LogIn) -> None:
    page = log_in(people.ingrid).get("/avvik/sw.js")
    assert page.response.mimetype == "text/javascript"
    files = json.loads(page.source.split("const FILES = ")[1].split(";\n")[0])
    assert len(files) == 7
    assert all(name.startswith("/static/vendor/") for name in files)
    assert '"/avvik/uten-nett"' in page.source


def test_pages_without_a_person_load_nothing_that_asks_for_keys(
    people: cast.Cast, client: Browser
) -> None:
    """AN-01."""
    assert "data-outbox" not in client.get("/logg-inn").source
    assert "data-outbox" not in client.get("/meld-anonymt").source
