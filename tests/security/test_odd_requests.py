"""Requests that no page of ours sends: doubled, nested, endless, misdated, and into the log."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intranet.web import request_log
from tests.browser import Browser
from tests.cast import Cast

LogIn = Callable[[int], Browser]
ROOT = Path(__file__).resolve().parents[2]
# Where markup is made or passed on, each for its reason; everything else is escaped.
MAKES_MARKUP = {
    "core/richtext.py": "Markdown, cleaned by nh3",
    "laws/queries/linking.py": "references in cleaned text become links",
    "laws/queries/pages.py": "the text of a law, cleaned when it was brought in",
    "library/offline_copy.py": "the same Markdown with its links changed",
    "library/views/text.py": "Markdown, cleaned by nh3",
    "search/queries.py": "the marked words of a hit, escaped",
    "search/snippets.py": "the marked words of a hit, escaped",
    "statistics/charts.py": "drawings of numbers",
    "web/filters.py": "paragraphs of escaped text",
    "web/form_fields.py": "attributes of controls",
    "web/forms.py": "options of a select, escaped",
    "web/i18n.py": "texts of ours, whose values are escaped",
    "web/qr_code.py": "a drawing of the address",
    "web/remembered.py": "parts of pages that were made by templates",
    "web/template_globals.py": "icons of ours",
}
JSON_ADDRESSES = ("/sok/forslag?q={}", "/avvik/forslag/prosedyre?q={}", "/avvik/forslag/lov?q={}",
                  "/avvik/nokkel?id={}", "/helse?x={}")  # fmt: skip


def test_markup_is_made_only_where_it_is_known_to_be() -> None:
    """IN-04: and no template is made of what somebody wrote, nor has a name that is not escaped."""
    found = set()
    for path in (ROOT / "intranet").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "render_template_string" not in source, path
        assert not re.search(r"\bTemplate\(|\bfrom_string\(", source), path
        if re.search(r"\bMarkup\b", source):
            found.add(str(path.relative_to(ROOT / "intranet")))
    assert found <= set(MAKES_MARKUP), found - set(MAKES_MARKUP)
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert {path.suffix for path in templates} <= {".html", ".js", ".typ", ".css"}
    # A style sheet is not escaped by itself: none holds a value.
    styles = [path.read_text(encoding="utf-8") for path in templates if path.suffix == ".css"]
    assert not any("{{" in text or "{%" in text for text in styles)


def test_doubled_parameters_are_read_as_one_and_the_same(people: Cast, log_in: LogIn) -> None:
    """IN-14: the first counts, in the check and in what follows."""
    mona = log_in(people.mona)
    for address in ("/avvik?q=a&q=b", "/avvik?enhet=1&enhet=x", "/nyheter?enhet=3&enhet=4", "/avvik?q[]=a&q[x]=b", "/lover?q=a&q=b"):  # fmt: skip
        assert mona.get(address).status == 200
    fields = {"what": ["En feil.", "Noe annet."], "page": ["/avvik", "//evil.example"]}
    token = mona.csrf_token()
    answer = mona.client.post("/feil-paa-siden", data={**fields, "csrf_token": token})
    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"]
    listed = log_in(people.adam).get("/feil-paa-siden/meldte")
    assert "En feil." in listed.text
    assert "evil" not in listed.source


@pytest.mark.parametrize("body", ["[]", '{"what": "a"}', "null", "[" * 3000 + "]" * 3000, "\0", ""])
def test_json_where_a_form_is_expected_is_refused(people: Cast, log_in: LogIn, body: str) -> None:
    """IN-14, IN-15."""
    mona = log_in(people.mona)
    for address in ("/avvik/meld", "/avvik/utkast", "/innstillinger", "/logg-inn", "/varsling/ny"):
        answer = mona.client.post(address, data=body, content_type="application/json")
        assert 400 <= answer.status_code < 500, address


def test_too_many_parts_and_fields_are_refused(people: Cast, log_in: LogIn) -> None:
    """IN-15: a thousand files or parts, ten thousand fields."""
    mona = log_in(people.mona)
    token = mona.csrf_token()
    many = {f"felt{number}": "x" for number in range(1001)}
    for address in ("/avvik/meld", "/varsling/ny", "/meld-anonymt"):
        answer = mona.client.post(
            address, data={**many, "csrf_token": token}, content_type="multipart/form-data"
        )
        assert answer.status_code == 413, address
        ten_thousand = "&".join(f"f{number}=x" for number in range(10_000))
        answer = mona.client.post(
            address,
            data=f"csrf_token={token}&{ten_thousand}",
            content_type="application/x-www-form-urlencoded",
        )
        assert 400 <= answer.status_code < 500, address


@pytest.mark.parametrize("day", ["2027-02-29", "2026-04-31", "0000-01-01", "10000-01-01",
    "31.12.2026", "2026-13-01", "2026-1-1x", "-1-01-01", "2026-02-30T10:00", "i går"])  # fmt: skip
def test_day_that_does_not_exist_is_refused_in_plain_words(
    people: Cast, log_in: LogIn, day: str
) -> None:
    """IN-16: and what was typed stays."""
    ingrid = log_in(people.ingrid)
    fields = ingrid.get("/avvik/meld").form()
    sent = {name: value for name, value in fields.items() if name not in ("photo", "files")}
    page = ingrid.post(
        "/avvik/meld",
        {**sent, "what": "Vått gulv.", "unit_id": str(people.strandheim), "day": day},
    )
    assert page.status == 422
    assert "Vått gulv." in page.text
    assert "Not a valid" not in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_day_at_the_ends_of_the_calendar_is_no_fault_of_ours(
    people: Cast, log_in: LogIn, day: str
) -> None:
    """IN-16: refused like any other year that nobody means."""
    ingrid = log_in(people.ingrid)
    fields = ingrid.get("/avvik/meld").form()
    sent = {name: value for name, value in fields.items() if name not in ("photo", "files")}
    changes = {"what": "Vått gulv.", "unit_id": str(people.strandheim), "day": day}
    page = ingrid.post("/avvik/meld", {**sent, **changes, "clock": "00:00"})
    assert page.status == 422
    assert "årstall fra 1900 til 2200" in page.text


def test_log_has_one_line_for_each_request_whatever_was_sent(
    people: Cast, log_in: LogIn, caplog: pytest.LogCaptureFixture
) -> None:
    """IN-17: name, agent, referrer and path cannot begin a line or colour one."""
    mona = log_in(people.mona)
    evil = 'x\r\nERROR intranet forged\x1b[31m {"level": "forged"}'
    with caplog.at_level(logging.INFO, logger=request_log.log.name):
        mona.client.get(
            "/avvik/%0d%0aforged%1b[31m?q=%0d%0aforged",
            environ_overrides={"HTTP_USER_AGENT": evil, "HTTP_REFERER": evil},
        )
        token = mona.csrf_token()
        sent = {"username": evil, "password": evil, "csrf_token": token}
        Browser(mona.app).post("/logg-inn", sent, inspect=False)
    lines = [record.getMessage() for record in caplog.records]
    assert lines
    for line in lines:
        assert "forged" not in line
        assert "\n" not in line
        assert "\x1b" not in line


def test_json_answers_are_whole_whatever_is_asked(app: Flask, people: Cast) -> None:
    """IN-21: no fault of the server, and what comes is JSON."""
    mona = Browser(app).logged_in_as(people.mona)
    ugly = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)

    @settings(max_examples=25, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.sampled_from(JSON_ADDRESSES), ugly)
    def hold(address: str, text: str) -> None:
        path, _mark, query = address.partition("?")
        name = query.partition("=")[0]
        answer = mona.client.get(path, query_string={name: text})
        assert answer.status_code < 500 or path == "/helse"
        json.loads(answer.get_data(as_text=True))

    hold()


def test_draft_takes_any_text_and_answers_json(app: Flask, people: Cast) -> None:
    """IN-21."""
    mona = Browser(app).logged_in_as(people.mona)
    token = mona.csrf_token()

    @settings(max_examples=15, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
    def hold(text: str) -> None:
        sent = {"what": text, "unit_id": text, "day": text, "csrf_token": token}
        answer = mona.client.post("/avvik/utkast", data=sent)
        assert answer.status_code < 500
        if answer.status_code == 200:
            assert answer.json is not None

    hold()
