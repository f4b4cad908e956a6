"""Headers, languages, error pages and lost sessions: what holds for every page."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from flask import Flask

from intranet.web.headers import CSP
from tests.browser import Browser
from tests.cast import Cast

LogIn = Callable[[int], Browser]


@pytest.mark.parametrize("path", ["/tilgjengelighet", "/finnes-ikke", "/", "/static/nei.css"])
def test_every_answer_carries_the_security_headers(client: Browser, path: str) -> None:
    """HD-01."""
    headers = client.get(path, follow_redirects=False, inspect=False).response.headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_are_not_kept_by_the_browser(people: Cast, log_in: LogIn) -> None:
    """HD-02."""
    page = log_in(people.mona).get("/varsler")
    assert page.response.headers["Cache-Control"] == "no-store"


def test_unknown_page_says_what_to_do(people: Cast, log_in: LogIn) -> None:
    page = log_in(people.mona).get("/finnes-ikke")
    assert page.status == 404
    assert "finner ikke" in page.heading.lower()


def test_form_sent_after_the_session_ended_keeps_the_text(client: Browser) -> None:
    """CF-16, D8."""
    page = client.post("/feil-paa-siden", {"what": "Dette skrev jeg i en time."})
    assert page.status == 401
    assert "Dette skrev jeg i en time." in page.source


def test_form_without_token_keeps_the_text(people: Cast, log_in: LogIn) -> None:
    """HD-04."""
    browser = log_in(people.mona)
    page = browser.post("/feil-paa-siden", {"what": "Lang tekst."}, token=False)
    assert page.status == 400
    assert "Lang tekst." in page.source


def test_kept_text_shows_no_password(client: Browser) -> None:
    page = client.post("/feil-paa-siden", {"what": "x", "password": "Hemmelig-123"})
    assert "Hemmelig-123" not in page.source


def test_crash_shows_a_number_and_no_inner_words(
    app: Flask, people: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CF-22."""

    def crash() -> None:
        raise RuntimeError("SELECT secret FROM inner_table")

    crash.access = ()  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "notifications.list_notices", crash)
    page = log_in(people.mona).get("/varsler")
    assert page.status == 500
    assert "inner_table" not in page.source
    assert page.response.headers["X-Request-Id"] in page.source


def test_endpoint_that_declares_nobody_is_refused(
    app: Flask, people: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AZ-02."""
    monkeypatch.setitem(app.view_functions, "notifications.list_notices", lambda: "open")
    assert log_in(people.mona).get("/varsler").status == 403


def test_language_follows_the_person_and_appearance_too(people: Cast, log_in: LogIn) -> None:
    browser = log_in(people.mona)
    for language in ("nn", "en", "nb"):
        browser.post("/innstillinger", {"language": language, "next": "/varsler"})
        assert browser.get("/varsler").find("/html/@lang") == [language]
    browser.post("/innstillinger", {"colour_scheme": "dark", "next": "/varsler"})
    assert browser.get("/varsler").find("/html/@data-color-scheme") == ["dark"]


def test_unknown_language_and_foreign_address_are_ignored(people: Cast, log_in: LogIn) -> None:
    browser = log_in(people.mona)
    page = browser.post(
        "/innstillinger",
        {"language": "xx", "next": "//evil.example/"},
        follow_redirects=False,
    )
    assert page.location == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%5cevil.example",
        "javascript:alert(1)",
        "/logg-ut",
        "/logg-inn",
        "/finnes-ikke",
        "/varsler/lest",
        "http://localhost:99/varsler",
        "/varsler\r\nX: 1",
        "x" * 5000,
    ],
)
def test_next_lands_on_a_page_of_ours_or_the_front_page(
    people: Cast, log_in: LogIn, wanted: str
) -> None:
    """AU-13, AU-14."""
    page = log_in(people.mona).post("/innstillinger", {"next": wanted}, follow_redirects=False)
    assert (page.status, page.location) == (303, "/")


def test_next_keeps_a_page_of_ours_with_its_filters(people: Cast, log_in: LogIn) -> None:
    page = log_in(people.mona).post(
        "/innstillinger", {"next": "/varsler?for=12"}, follow_redirects=False
    )
    assert page.location == "/varsler?for=12"


def test_page_is_compressed_for_those_who_take_it(client: Browser) -> None:
    response = client.client.get("/tilgjengelighet", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(response.data)


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE"])
def test_unknown_methods_are_refused(people: Cast, log_in: LogIn, method: str) -> None:
    """HD-09."""
    response = log_in(people.mona).client.open("/varsler", method=method)
    assert response.status_code in (400, 405)


def test_what_is_wrong_on_a_page_reaches_the_administrators(people: Cast, log_in: LogIn) -> None:
    log_in(people.ingrid).post(
        "/feil-paa-siden?side=/varsler", {"what": "Lenka er død.", "page": "/varsler"}
    )
    admin = log_in(people.adam)
    assert "Noen har meldt en feil" in admin.get("/varsler").text
    page = admin.get("/feil-paa-siden/meldte")
    assert "Lenka er død." in page.text
    admin.post(page.find("//main//form/@action")[0])
    assert "Lenka er død." not in admin.get("/feil-paa-siden/meldte").text
    assert "er rettet" in log_in(people.ingrid).get("/varsler").text
    assert log_in(people.ingrid).get("/feil-paa-siden/meldte").status == 403


def test_empty_message_is_asked_for_again(people: Cast, log_in: LogIn) -> None:
    page = log_in(people.ingrid).post("/feil-paa-siden", {"what": "   "})
    assert page.status == 422
    assert "Skriv hva som er feil" in page.text


def test_opening_a_notice_marks_it_as_read(people: Cast, log_in: LogIn) -> None:
    log_in(people.ingrid).post("/feil-paa-siden", {"what": "Feil her.", "page": "/varsler"})
    admin = log_in(people.adam)
    action = admin.get("/varsler").find("//ul[contains(@class,'notices')]//form/@action")[0]
    assert admin.post(action, follow_redirects=False).location == "/feil-paa-siden/meldte"
    assert "Ny" not in [tag.text for tag in admin.get("/varsler").find("//span[@class='ds-tag']")]
    # AZ-07: another person's notice does not exist.
    assert log_in(people.mona).post(action).status == 404


def test_each_place_of_the_menu_bears_one_name(people: Cast, log_in: LogIn) -> None:
    """In the menu, in the crumbs, as heading, and in the title of the window."""
    ingrid = log_in(people.ingrid)
    front = ingrid.get("/")
    for address, name in {
        "/nyheter": "Nyheter",
        "/bibliotek": "Prosedyrer",
        "/lover": "Lover og forskrifter",
        "/stillinger": "Ledige stillinger",
        "/organisasjon": "Organisasjon",
    }.items():
        links = front.find(f"//nav//a[@href='{address}']")
        assert {str(link.text_content()).strip() for link in links} == {name}
        page = ingrid.get(address)
        [crumb] = page.find("//nav[contains(@class, 'breadcrumbs')]//*[@aria-current='page']")
        assert (str(crumb.text_content()).strip(), page.heading) == (name, name)
        assert page.find("//title")[0].text_content().startswith(f"{name} ")


def test_what_was_done_leads_on_as_a_question_and_a_question_as_before(
    people: Cast, log_in: LogIn, client: Browser
) -> None:
    page = log_in(people.mona).post("/innstillinger", {"next": "/"}, follow_redirects=False)
    assert page.status == 303
    assert client.get("/avvik/meld", follow_redirects=False).status == 302
