"""Sendings over the limit: the text comes back in its form, the file does not fill anything."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask

from tests import cast
from tests.browser import Browser
from tests.deviations.test_pages import count_reports, fields

LogIn = Callable[[int], Browser]


@pytest.fixture
def small(app: Flask) -> object:
    """The application with a limit that a test can pass without 50 MB."""
    before = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 2**20
    yield app
    app.config["MAX_CONTENT_LENGTH"] = before


def large() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"\xff\xd8" + b"x" * (2 * 2**20)), "bilde.jpg"


def send_raw(browser: Browser, body: io.BytesIO, length: int) -> int:
    response = browser.client.post(
        "/avvik/meld",
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(length)},
        content_type="multipart/form-data; boundary=x",
    )
    return response.status_code


def test_the_text_of_a_report_with_too_large_a_file_stands_in_the_form(
    small: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """FI-06, D8: before and after the file in the form."""
    ingrid = log_in(people.ingrid)
    shown = ingrid.get("/avvik/meld").form()
    sent = {**shown, **fields(people.strandheim), "what": "Ærlig tekst\nto linjer"}
    page = ingrid.post(
        "/avvik/meld",
        {**sent, "files": large(), "law_reference": "aml § 4-3"},
        content_type="multipart/form-data",
        headers={"Referer": "http://localhost/avvik/meld"},
    )
    assert page.status == 200
    assert "for store" in page.text
    form = page.form("/avvik/meld") if page.find("//form[@action='/avvik/meld']") else page.form()
    assert form["what"].replace("\r", "").strip() == "Ærlig tekst\nto linjer"
    assert form["law_reference"] == "aml § 4-3"
    assert count_reports(small) == 0
    again = ingrid.post("/avvik/meld", form)
    assert "kvittering" in again.response.request.path
    assert count_reports(small) == 1


def test_a_stranger_gets_only_that_it_was_too_large(small: Flask, client: Browser) -> None:
    page = client.post(
        "/logg-inn", {"username": "x", "f": large()}, content_type="multipart/form-data"
    )
    assert page.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\nContent-Disposition: form-data; name=",
        b'--x\r\nContent-Disposition: form-data; name="what"\r\n\r\nhalf',
        b"no form at all" * 100,
    ],
)
def test_a_cut_or_broken_body_is_refused_and_never_a_crash(
    small: Flask, people: cast.Cast, log_in: LogIn, body: bytes
) -> None:
    assert send_raw(log_in(people.ingrid), io.BytesIO(body), 3 * 2**20) == 413


def test_ten_gigabytes_are_refused_unread(small: Flask, people: cast.Cast, log_in: LogIn) -> None:
    """FI-06: nothing is read of what nobody waits for."""

    class Untouched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

    assert send_raw(log_in(people.ingrid), Untouched(), 10 * 2**30) == 413
