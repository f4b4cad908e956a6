"""What a stranger at the login page can learn and do: timing, spraying, stale cookies, traces."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask_login.utils import encode_cookie
from sqlalchemy import select

from intranet.core.settings import get_settings
from intranet.extensions import db
from intranet.login import checking, throttle
from intranet.login.models import LoginAttempt, LoginSession
from intranet.login.throttle import NO_WAIT, PAUSE, WINDOW, Failures, wait_before
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people import directories
from intranet.people.snapshot import BeforePassword, DirectoryPerson, LoginRefusal, LoginRefused
from tests.browser import Browser
from tests.cast import Cast
from tests.conftest import MORNING
from tests.login.conftest import PASSWORD
from tests.login.test_login import At, attempt, events
from tests.meanwhile import meanwhile

LogIn = Callable[[int], Browser]
SESSION = "okt="
# What a page asks for beside itself, and pages that other tabs have open.
SUB_RESOURCES = (
    "/static/app.css", "/avvik/sw.js", "/avvik/nokkel", "/sok/forslag?q=gulv", "/varsler", "/",
    "/tilgjengelighet",
)  # fmt: skip


@pytest.mark.usefixtures("directory")
def test_unknown_wrong_and_closed_take_equally_long(client: Browser, at: At) -> None:
    """AU-06: by the processor time of this thread, in turns, so that a busy machine is no matter."""
    names = ("finnes-ikke", "mona", "tor")
    spent: dict[str, list[float]] = {name: [] for name in names}
    told = set()
    token = client.csrf_token()
    for turn in range(34):
        for name in names:
            # Each attempt in a quarter of its own, so that none is braked.
            at(MORNING + timedelta(minutes=16 * turn))
            data = {"username": name, "password": "feil passord", "csrf_token": token}
            before = time.thread_time()
            response = client.client.post("/logg-inn", data=data)
            spent[name].append(time.thread_time() - before)
            told.add((response.status_code, len(response.get_data()) - len(name)))
    assert len(told) == 1
    middle = [median(times) for times in spent.values()]
    assert max(middle) / min(middle) < 1.2


class RefusingDirectory:
    """A directory in which every name is an account and every password wrong; counts them."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def authenticate(
        self, username: str, password: str, before_password: BeforePassword
    ) -> DirectoryPerson:
        """Refuse, after the brake has let the attempt through."""
        before_password(f"person-{username}")
        self.tried.append(username)
        raise LoginRefused(LoginRefusal.WRONG, f"person-{username}")


@pytest.mark.usefixtures("directory")
def test_spraying_is_braked_and_told_and_keeps_nobody_out(
    app: Flask, people: Cast, client: Browser, at: At
) -> None:
    """AU-20: five wrong passwords for each of 200 names, each from an address of its own."""
    refusing = RefusingDirectory()
    with app.app_context(), app.test_request_context():
        directories._opened = (get_settings(), refusing)  # type: ignore[assignment]
        try:
            for turn in range(5):
                at(MORNING + turn * (PAUSE + timedelta(seconds=1)))
                for name in range(200):
                    checking.log_in(
                        f"navn{name}", "Høst2026", address=f"10.1.{name}.{turn}", agent=""
                    )
        finally:
            directories._opened = None
            db.session.remove()
    assert len(refusing.tried) == throttle.EVERYWHERE
    assert events(app).count("login.sprayed") == 1
    with app.app_context():
        told = db.session.execute(
            select(Notice.recipient_id, Notice.is_urgent).where(Notice.event == "login.sprayed")
        ).all()
        assert [tuple(row) for row in told] == [(people.adam, True)]
        [mail] = db.session.execute(select(OutboxMessage)).scalars()
        assert "navn" not in f"{mail.subject} {mail.body}"
    assert attempt(client, "kaja").status == 303
    assert attempt(Browser(app), "mona", "feil").status == 422
    assert attempt(Browser(app), "mona").status == 429
    at(MORNING + timedelta(minutes=25))
    assert attempt(Browser(app), "mona").status == 303


@pytest.mark.parametrize(
    ("account", "since", "wait"),
    [(0, WINDOW, NO_WAIT), (1, timedelta(0), PAUSE), (1, PAUSE, NO_WAIT), (2, WINDOW, WINDOW)],
)
def test_each_account_has_one_attempt_and_a_late_second_while_names_are_sprayed(
    account: int, since: timedelta, wait: timedelta
) -> None:
    """AU-20."""
    failures = Failures(account=account, everywhere=throttle.EVERYWHERE, since_last=since)
    assert wait_before(failures, 5) == wait


@pytest.mark.usefixtures("directory")
def test_password_in_the_name_field_is_in_no_log_and_no_table(
    app: Flask, client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """AU-29: neither as typed nor as a hash that could be guessed at."""
    typed = "Hemmelig-Sommer-2026"
    caplog.set_level(logging.DEBUG)
    assert attempt(client, typed, "feil").status == 422
    traces = [
        form
        for word in (typed, typed.casefold())
        for form in (word, hashlib.sha256(word.encode()).hexdigest()[:16])
    ]
    kept = "\n".join(record.getMessage() for record in caplog.records)
    with app.app_context(), db.engine.connect() as connection:
        assert connection.execute(select(LoginAttempt.__table__)).all()
        for table in db.metadata.sorted_tables:
            kept += "\n".join(str(tuple(row)) for row in connection.execute(table.select()))
    assert "login.failed" in kept
    assert not [trace for trace in traces if trace in kept]


def test_session_lives_no_longer_than_the_browser_and_nothing_else_is_a_key(
    app: Flask, people: Cast, client: Browser, directory: None
) -> None:
    """AU-30: no "remember me": not in the form, not in the cookie, not by Flask-Login's own."""
    page = client.get("/logg-inn")
    assert set(page.form()) == {"csrf_token", "next", "kept", "username", "password"}
    answer = attempt(client, "mona", remember="y", remember_me="1").response
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(SESSION)]
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    with app.app_context():
        forged = encode_cookie(str(people.mona))
    stranger = Browser(app)
    stranger.client.set_cookie("remember_token", forged)
    assert stranger.get("/varsler").heading == "Logg inn"


@pytest.mark.parametrize("ended_by", ["administrator", "the person"])
def test_session_that_is_ended_while_it_is_in_use_does_not_come_back(
    app: Flask, people: Cast, log_in: LogIn, at: At, ended_by: str
) -> None:
    """AU-17: it is ended between the look at the session and the note that it was used."""
    at(MORNING)
    mona, adam, desk = log_in(people.mona), log_in(people.adam), log_in(people.mona)
    at(MORNING + timedelta(minutes=2))
    [address] = [
        each for each in desk.get("/okter").find("//main//form/@action") if "avslutt" in each
    ][-1:]
    tokens = adam.csrf_token(), desk.csrf_token()
    ended: list[int] = []

    def end() -> None:
        if ended_by == "administrator":
            data = {"csrf_token": tokens[0], "block": "1"}
            answer = adam.client.post(f"/ansatt/{people.mona}/sperr", data=data)
        else:
            answer = desk.client.post(address, data={"csrf_token": tokens[1]})
        ended.append(answer.status_code)

    with meanwhile("login_session.token_hash", end):
        during = mona.client.get("/varsler")
    assert ended == [303]
    assert during.status_code == 200
    assert mona.get("/varsler").heading == "Logg inn"
    with app.app_context():
        alive = db.session.execute(
            select(LoginSession.id).where(LoginSession.person_id == people.mona)
        ).all()
    assert len(alive) == (2 if ended_by == "administrator" else 1)


@pytest.mark.usefixtures("directory")
def test_no_answer_beside_a_login_or_logout_sets_a_cookie(app: Flask, people: Cast) -> None:
    """AU-23: twenty requests of other tabs, with the cookie from before, around the login itself."""
    browser = Browser(app)
    token = browser.csrf_token()
    for address, fields in (
        ("/logg-inn", {"username": "mona", "password": PASSWORD}),
        ("/logg-ut", {}),
    ):
        before = _cookie_of(browser)
        answers = _beside(app, before, lambda a=address, f=fields: browser.client.post(
            a, data={**f, "csrf_token": token}
        ))  # fmt: skip
        late = [_ask(app, before, each) for each in SUB_RESOURCES]
        stale = [each for each in (*answers, *late) if SESSION in each]
        assert not stale
        token = browser.csrf_token()
        if address == "/logg-inn":
            assert browser.get("/varsler").heading == "Varsler"
    assert browser.get("/varsler").heading == "Logg inn"


def _cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("okt")
    assert cookie is not None
    return cookie.value


def _beside(app: Flask, cookie: str, act: Callable[[], Any]) -> list[str]:
    """Do it while twenty requests with the cookie run; return what cookies their answers set."""
    barrier = Barrier(21)

    def ask(number: int) -> str:
        barrier.wait()
        return _ask(app, cookie, SUB_RESOURCES[number % len(SUB_RESOURCES)])

    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(ask, number) for number in range(20)]
        barrier.wait()
        act()
        return [each.result() for each in asked]


def _ask(app: Flask, cookie: str, address: str) -> str:
    client = app.test_client(use_cookies=False)
    response = client.get(address, headers={"Cookie": f"okt={cookie}"})
    found = " ".join(response.headers.getlist("Set-Cookie"))
    response.close()
    return found
