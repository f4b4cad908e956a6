"""What every answer carries, whatever was asked: headers, cookies, and no change by reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from intranet.core import clock
from intranet.core.settings import get_settings
from intranet.web.headers import CSP, FIXED
from tests.browser import Browser
from tests.cast import Cast
from tests.security import asking, shares, world
from tests.security.shares import Share
from tests.security.world import VISITOR

# Send everybody on to the case itself, which then decides.
ONLY_REDIRECT = {"deviations.show_after_login", "deviations.show_hidden"}


def test_reading_changes_nothing_but_the_note_that_it_was_read(
    app: Flask, people: Cast, share: Share
) -> None:
    """HD-05, EM-14: all tables before and after every GET, twice, and every HEAD of a leader.

    For the other roles the table of roles (test_matrix.py) sees to it at each GET.
    """
    # One moment for all of it: that a session is in use is noted once a minute (the next test).
    with clock.stopped_at(clock.now()):
        built = world.build(app, people)
        leader = Browser(app).logged_in_as(people.mona)
        snapshot = asking.Snapshot(app)
        before = snapshot.digest()
        for route, rule in shares.some(list(asking.routes(app)), share):
            if not route.startswith("GET ") or route == "GET static":
                continue
            for address in asking.addresses(app, rule, built).values():
                for method in ("GET", "HEAD", "GET"):
                    asking.ask(leader, "", method, address)
        after = snapshot.digest()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= asking.READ_AUDIT


def test_reading_notes_once_a_minute_that_the_session_is_in_use_and_nothing_else(
    app: Flask, people: Cast
) -> None:
    """HD-05: the last use is the only thing of a session that a page writes, in one's own row."""
    started = clock.now()
    with clock.stopped_at(started):
        mona, other = (Browser(app).logged_in_as(each) for each in (people.mona, people.kari))
        snapshot = asking.Snapshot(app)
        before = snapshot.digest()
    for seconds in (59, 60):
        with clock.stopped_at(started + timedelta(seconds=seconds)):
            assert mona.get("/varsler").status == 200
            assert snapshot.digest() == before
    with clock.stopped_at(started + timedelta(seconds=61)):
        for _time in range(3):
            assert mona.get("/varsler").status == 200
        after = snapshot.digest()
        assert {name for name in before if before[name] != after[name]} == {"login_session"}
        rows = set(before["login_session"]) - set(after["login_session"])
        assert len(rows) == 1
        assert other.get("/varsler").status == 200


def test_every_answer_carries_the_headers_and_no_foreign_origin_is_let_in(
    app: Flask, people: Cast, share: Share
) -> None:
    """HD-01, HD-02, HD-13: pages, redirects, refusals and files, by a leader and a visitor."""
    built = world.build(app, people)
    browsers = asking.browsers(app, people)
    faults = []
    for route, rule in shares.some(list(asking.routes(app)), share):
        method = route.split()[0]
        for address in asking.addresses(app, rule, built).values():
            for role in ("leader", VISITOR):
                response = browsers[role].client.open(
                    address, method=method, headers={"Origin": "https://evil.example"}
                )
                faults += [f"{route} {role}: {fault}" for fault in _faults(response, rule.endpoint)]
                response.close()
    assert not faults, "\n".join(sorted(set(faults)))


def _faults(response: object, endpoint: str) -> list[str]:
    headers = response.headers  # type: ignore[attr-defined]
    wanted = dict(FIXED)
    if endpoint.startswith(("anonymous.", "varsling.")):
        # Not even our own pages are told that somebody came from there.
        wanted["Referrer-Policy"] = "no-referrer"
    found = [
        f"{name} is {headers.get(name)}" for name in wanted if headers.get(name) != wanted[name]
    ]
    policy = headers.get("Content-Security-Policy", "")
    if policy != CSP and not policy.startswith("default-src 'none'"):
        found.append(f"policy is {policy}")
    if "unsafe" in policy:
        found.append("unsafe policy")
    if "Access-Control-Allow-Origin" in headers:
        found.append("another origin is let in")
    # The browser's worker is the same for all, and is asked for again each time.
    kept = endpoint == "deviations.service_worker" and headers.get("Cache-Control") == "no-cache"
    if not kept and endpoint != "static" and "no-store" not in headers.get("Cache-Control", ""):
        found.append(f"cache: {headers.get('Cache-Control')}")
    if "Werkzeug" in headers.get("Server", "") or "X-Powered-By" in headers:
        found.append("tells what it runs on")
    return found


def test_session_cookie_is_closed_to_scripts_and_other_sites(app: Flask, client: Browser) -> None:
    """HD-03."""
    page = client.get("/logg-inn")
    cookies = page.response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert len(cookie) < 4096
    with app.app_context():
        assert not get_settings().is_https


@pytest.mark.parametrize(
    "address",
    ["/.git/config", "/console", "/metrics", "/debug", "/.env", "/instance/settings.toml",
     "/static/../config.py", "/static/%2e%2e/config.py", "/wsgi.py", "/server-status"],
)  # fmt: skip
def test_nothing_lies_open_beside_the_pages(client: Browser, address: str) -> None:
    """HD-10."""
    page = client.get(address, inspect=False)
    assert page.status == 404
    assert "Traceback" not in page.source


def test_detours_to_a_case_decide_as_the_address_itself(
    app: Flask, people: Cast, share: Share
) -> None:
    """AZ-28: methods, overrides and spellings of every address, for one who may see nothing."""
    built = world.build(app, people)
    browser = Browser(app).logged_in_as(people.tor)
    token = browser.csrf_token()
    for route, rule in shares.some(list(asking.routes(app)), share):
        if asking.kind_of(rule) != "case" or rule.endpoint in ONLY_REDIRECT:
            continue
        method = route.split()[0]
        address = asking.addresses(app, rule, built)["own"]
        assert asking.ask(browser, token, method, address) == 404, route
        path, _slash, last = address.rpartition("/")
        for other in (
            f"{address}/", f"/{address}", f"{path}//{last}", address.upper(), f"{path}/%2e/{last}",
            f"{address};a=b", f"{address}%00", f"{address}.json",
        ):  # fmt: skip
            assert asking.ask(browser, token, method, other) in (301, 308, 400, 404), other
        for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL"):
            response = browser.client.open(
                address, method=method, headers={name: "GET"}, data={"csrf_token": token}
            )
            assert response.status_code == 404, name
        options = browser.client.options(address)
        assert options.get_data() == b""


def test_mark_of_a_file_that_another_fetched_opens_nothing(app: Flask, people: Cast) -> None:
    """AZ-29: neither by the mark, by the time, nor by a part."""
    values = world.build(app, people).kinds["case"]["own"]
    address = f"/avvik/{values['number']}/fil/{values['file_id']}"
    fetched = Browser(app).logged_in_as(people.mona).get(address, inspect=False)
    assert fetched.status == 200
    for headers in (
        {"If-None-Match": fetched.response.headers.get("ETag", "*")},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Wed, 01 Jan 2031 00:00:00 GMT"},
        {"Range": "bytes=0-1"},
    ):
        stranger = Browser(app).logged_in_as(people.tor)
        assert stranger.get(address, inspect=False, headers=headers).status == 404
    # The file of a case that the person may read, under the number of another.
    other = f"/avvik/{values['number'] + 1}/fil/{values['file_id']}"
    assert Browser(app).logged_in_as(people.kari).get(other, inspect=False).status == 404
