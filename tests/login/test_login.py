"""Logging in and out through the page, against a directory of accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from intranet.audit.models import AuditEntry
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.login import actions, checking
from intranet.login.models import LoginAttempt, LoginSession
from intranet.login.queries import find_session
from intranet.login.throttle import (
    MOST_PER_ADDRESS,
    NO_WAIT,
    PAUSE,
    PER_ADDRESS,
    WINDOW,
    Failures,
    wait_before,
)
from intranet.notifications.models import OutboxMessage
from intranet.people import directories
from intranet.people.directories import DEFAULT_ATTEMPTS as ATTEMPTS
from intranet.people.directories import login_attempts
from intranet.people.models import Person, RoleGrant
from intranet.people.snapshot import (
    BeforePassword,
    DirectoryPerson,
    LoginRefusal,
    LoginRefused,
)
from tests.browser import Browser, Page
from tests.cast import Cast
from tests.conftest import MORNING
from tests.login.conftest import PASSWORD

At = Callable[[datetime], None]


def attempt(client: Browser, username: str, password: str = PASSWORD, **fields: str) -> Page:
    client.get("/logg-inn")
    return client.post(
        "/logg-inn",
        {"username": username, "password": password, **fields},
        follow_redirects=False,
    )


def events(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.execute(select(AuditEntry.event).order_by(AuditEntry.sequence)).scalars()
        )


@pytest.mark.usefixtures("directory")
def test_person_logs_in_and_lands_where_they_were_going(app: Flask, client: Browser) -> None:
    page = client.get("/varsler")
    assert page.heading == "Logg inn"
    wanted = page.form()["next"]
    assert attempt(client, "mona", next=wanted).location == "/varsler"
    assert client.get("/varsler").heading == "Varsler"
    assert "login.succeeded" in events(app)


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("typed", ["mona", "MONA", "  mona ", "Mona"])
def test_one_person_however_the_name_is_typed(client: Browser, app: Flask, typed: str) -> None:
    """AU-04."""
    assert attempt(client, typed).status == 303
    with app.app_context():
        assert len(list(db.session.execute(select(Person).where(Person.name == "Mona Dahl")))) == 1


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("mona", ""),
        ("mona", "   "),
        ("", PASSWORD),
        ("*", PASSWORD),
        ("mo*", PASSWORD),
        (")(uid=*", PASSWORD),
        ("mona", PASSWORD.strip()),
        ("mona", PASSWORD.upper()),
        ("ukjent", PASSWORD),
        ("mona", "x\0y"),
        ("mona", "x" * 1_000_000),
        ("m" * 10_000, PASSWORD),
        ("mona\0", PASSWORD),
    ],
)
def test_wrong_name_or_password_is_refused_in_the_form(
    client: Browser, username: str, password: str
) -> None:
    """AU-01, AU-02, AU-03, AU-05."""
    page = attempt(client, username, password)
    assert page.status in (413, 422)
    assert client.get("/varsler").heading == "Logg inn"


@pytest.mark.usefixtures("directory")
def test_unknown_name_and_wrong_password_read_the_same(client: Browser) -> None:
    """AU-06."""
    unknown, wrong = attempt(client, "ukjent", "feil"), attempt(client, "mona", "feil")
    told = [page.find("//div[@data-error-summary]")[0].text_content() for page in (unknown, wrong)]
    assert told[0] == told[1]
    assert "feil" not in wrong.form()["password"]


@pytest.mark.usefixtures("directory")
def test_closed_account_is_told_so_only_with_the_right_password(client: Browser) -> None:
    assert "stengt" in attempt(client, "tor").text
    assert "stengt" not in attempt(client, "tor", "feil").text


@pytest.mark.usefixtures("directory")
def test_session_is_new_at_login_and_dead_after_logout(app: Flask, client: Browser) -> None:
    """AU-07, AU-08, AU-09, AU-10."""
    attempt(client, "mona")
    with client.client.session_transaction() as cookie:
        first = cookie["sid"]
    attempt_again = Browser(app)
    attempt(attempt_again, "mona")
    with attempt_again.client.session_transaction() as cookie:
        assert cookie["sid"] != first
    assert client.get("/logg-ut", inspect=False).status == 405
    assert client.get("/varsler").heading == "Varsler"
    assert client.post("/logg-ut", token=False).status == 400
    assert client.get("/varsler").heading == "Varsler"
    left = client.post("/logg-ut", follow_redirects=False)
    assert "cache" in left.response.headers["Clear-Site-Data"]
    assert client.post("/logg-ut", follow_redirects=False).status == 303
    with client.client.session_transaction() as cookie:
        cookie["sid"] = first
    assert client.get("/varsler").heading == "Logg inn"
    with app.app_context():
        ended = select(AuditEntry.actor_name).where(AuditEntry.event == "login.ended")
        # Twice pressed, once noted.
        assert len(db.session.execute(ended).all()) == 1


@pytest.mark.usefixtures("directory")
def test_cookie_secret_is_not_in_the_database(app: Flask, client: Browser) -> None:
    attempt(client, "mona")
    with client.client.session_transaction() as cookie:
        token = cookie["sid"]
    with app.app_context():
        rows = db.session.execute(text("SELECT token_hash, agent FROM login_session")).all()
    assert rows
    assert all(token not in str(row) for row in rows)


def test_session_ends_when_idle_and_after_a_working_day(
    app: Flask, people: Cast, log_in: Callable[[int], Browser], at: At
) -> None:
    """AU-18."""
    at(MORNING)
    browser = log_in(people.mona)
    for minutes in (25, 50, 75):
        at(MORNING + timedelta(minutes=minutes))
        assert browser.get("/varsler").heading == "Varsler"
    at(MORNING + timedelta(minutes=110))
    assert browser.get("/varsler").heading == "Logg inn"
    at(MORNING)
    lasting = log_in(people.mona)
    with app.app_context(), transaction():
        for row in db.session.execute(select(LoginSession)).scalars():
            row.seen_at = MORNING + timedelta(hours=12)
    at(MORNING + timedelta(hours=12, minutes=1))
    assert lasting.get("/varsler").heading == "Logg inn"


@pytest.mark.parametrize("column", ["is_directory_active", "is_blocked"])
def test_person_who_is_gone_or_blocked_is_out_at_the_next_request(
    app: Flask, people: Cast, log_in: Callable[[int], Browser], column: str
) -> None:
    """AU-15."""
    browser = log_in(people.mona)
    with app.app_context(), transaction():
        setattr(db.session.get_one(Person, people.mona), column, column == "is_blocked")
    assert browser.get("/varsler").heading == "Logg inn"


@pytest.mark.usefixtures("directory")
def test_right_password_gets_in_a_minute_after_twenty_wrong_ones(
    app: Flask, client: Browser, at: At
) -> None:
    """AU-19, AU-21: also from the same browser; and few of the wrong ones reached the directory."""
    at(MORNING)
    statuses = [attempt(client, "mona", "feil").status for _n in range(20)]
    assert set(statuses[: ATTEMPTS - 2]) == {422}
    assert set(statuses[ATTEMPTS - 2 :]) == {429}
    with app.app_context():
        assert len(list(db.session.execute(select(LoginAttempt)))) == ATTEMPTS - 2
    assert "login.throttled" in events(app)
    assert "ett minutt" in attempt(client, "MONA ").text
    assert attempt(Browser(app), "kaja").status == 303
    at(MORNING + timedelta(seconds=61))
    assert attempt(client, "mona").status == 303


@pytest.mark.usefixtures("directory")
def test_hammering_one_account_for_a_quarter_does_not_keep_its_owner_out(
    app: Flask, client: Browser, at: At
) -> None:
    """AU-19, AU-21: a wrong one every ten seconds from one address, the right one from another."""
    for second in range(0, 14 * 60, 10):
        at(MORNING + timedelta(seconds=second))
        assert attempt(client, "mona", "feil").status in (422, 429)
    with app.app_context():
        assert len(list(db.session.execute(select(LoginAttempt)))) == ATTEMPTS - 1
    owner = Browser(app)
    owner.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert attempt(owner, "mona").status == 303


@pytest.mark.usefixtures("directory")
def test_spraying_one_password_over_many_names_is_braked(app: Flask, client: Browser) -> None:
    """AU-20."""
    fail_from(app, "127.0.0.1", PER_ADDRESS)
    assert attempt(client, "mona", "feil").status == 422
    assert attempt(client, "mona").status == 429
    assert "login.sprayed" in events(app)
    elsewhere = Browser(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert attempt(elsewhere, "mona").status == 303


@pytest.mark.usefixtures("directory")
def test_a_town_hall_behind_one_address_is_not_closed_by_one_of_its_machines(
    app: Flask, client: Browser
) -> None:
    """HD-08, AU-20: who types the right password gets in from there; the administrators are told."""
    fail_from(app, "127.0.0.1", MOST_PER_ADDRESS - 2)
    assert attempt(client, "kaja").status == 303
    assert attempt(Browser(app), "mona").status == 303
    assert events(app).count("login.sprayed") == 1


@pytest.mark.usefixtures("directory")
def test_an_address_from_which_the_attempts_go_on_is_closed(app: Flask, client: Browser) -> None:
    """AU-20: five hundred accounts that nobody got into."""
    fail_from(app, "127.0.0.1", MOST_PER_ADDRESS)
    page = attempt(client, "kaja")
    assert page.status == 429
    assert "kvarter" in page.text


def fail_from(app: Flask, address: str, times: int) -> None:
    """Let so many accounts have failed from the address just now."""
    with app.app_context(), transaction():
        for number in range(times):
            actions.note_attempt(f"?{number}", address)


def test_directory_that_is_down_is_told_and_does_not_crash(app: Flask, client: Browser) -> None:
    """CF-06."""
    with app.app_context():
        path = get_settings().directory_file
        assert path is not None
        path.write_text("{", encoding="utf-8")
    page = attempt(client, "mona")
    assert page.status == 503
    assert "brukerkatalog" in page.text


def test_emergency_administrator_gets_in_without_the_directory(app: Flask, client: Browser) -> None:
    """AU-25."""
    with app.app_context():
        path = get_settings().directory_file
        assert path is not None
        path.unlink(missing_ok=True)
    result = app.test_cli_runner().invoke(args=["login", "break-glass", "nød"])
    assert result.exit_code == 0, result.output
    username, password = re.findall(r": (\S+)", result.output)
    assert attempt(client, username, "feil").status == 422
    assert attempt(client, username, password).status == 303
    assert client.get("/revisjonslogg").status == 200
    assert "break_glass.used" in events(app)


def test_use_of_the_emergency_account_is_told_to_the_administrators(
    app: Flask, client: Browser, people: Cast
) -> None:
    """AU-25: at once, each time, and not to the account itself."""
    made = app.test_cli_runner().invoke(args=["login", "break-glass", "nød"])
    username, password = re.findall(r": (\S+)", made.output)
    for _time in range(2):
        assert attempt(Browser(app), username, password).status == 303
    with app.app_context():
        mails = db.session.execute(select(OutboxMessage)).scalars().all()
        assert [mail.recipient_id for mail in mails] == [people.adam, people.adam]
        assert all("Nødkontoen nød" in mail.subject and mail.is_urgent for mail in mails)
    assert attempt(client, username, "feil").status == 422
    with app.app_context():
        assert len(db.session.execute(select(OutboxMessage)).scalars().all()) == 2


@pytest.mark.usefixtures("directory")
def test_giving_access_asks_for_the_password_again_after_half_an_hour(
    app: Flask, client: Browser, people: Cast, at: At
) -> None:
    """AU-26: the role is not given before; what was chosen is sealed; a new session follows."""
    with app.app_context(), transaction():
        # Given by hand, so that the directory does not take it at the login.
        db.session.execute(
            update(RoleGrant).where(RoleGrant.person_id == people.adam).values(source="local")
        )
    at(MORNING)
    attempt(client, "adam")
    page = client.get(f"/ansatt/{people.tor}")
    address = f"/ansatt/{people.tor}/roller"
    fields = {**page.form(address), "role": "editor", "unit_id": str(people.school)}
    for minutes in (20, 31):
        at(MORNING + timedelta(minutes=minutes))
        client.get("/varsler")
    with client.client.session_transaction() as cookie:
        old = cookie["sid"]
    page = client.post(address, fields)
    assert page.status == 401
    assert page.heading == "Logg inn for å fortsette"
    with app.app_context():
        assert not _roles_of(people.tor)
    client.post("/logg-inn", {**page.form(), "username": "adam", "password": PASSWORD})
    with client.client.session_transaction() as cookie:
        assert cookie["sid"] != old
    client.post(address, {**client.get(f"/ansatt/{people.tor}").form(address), **fields})
    with app.app_context():
        assert _roles_of(people.tor) == ["editor"]
    with app.app_context():
        assert find_session(old, timedelta(hours=1)) is None


def _roles_of(person_id: int) -> list[str]:
    return list(
        db.session.execute(select(RoleGrant.role).where(RoleGrant.person_id == person_id)).scalars()
    )


@pytest.mark.usefixtures("directory")
def test_next_cannot_lead_away(client: Browser) -> None:
    """AU-13."""
    assert attempt(client, "mona", next="//evil.example/").location == "/"


@pytest.mark.usefixtures("directory")
def test_login_from_another_site_is_refused(client: Browser) -> None:
    """AU-22: without the token of this browser's own session."""
    page = client.post("/logg-inn", {"username": "mona", "password": PASSWORD}, token=False)
    assert page.status == 400
    assert PASSWORD.strip() not in page.source


def test_own_sessions_can_be_ended_and_others_do_not_exist(
    people: Cast, log_in: Callable[[int], Browser]
) -> None:
    """AU-27."""
    phone, desk = log_in(people.mona), log_in(people.mona)
    action = desk.get("/okter").find("//main//form/@action")[0]
    assert log_in(people.kaja).post(action).status == 404
    desk.post(action)
    assert phone.get("/varsler").heading == "Logg inn"
    assert desk.get("/varsler").heading == "Varsler"


def test_reading_pages_writes_nothing_within_a_minute(
    people: Cast, log_in: Callable[[int], Browser], at: At
) -> None:
    """HD-05."""
    at(MORNING)
    page = log_in(people.mona).get("/varsler")
    assert not [sql for sql in page.queries if sql.startswith(("UPDATE", "INSERT", "DELETE"))]


class CountingDirectory:
    """A directory that finds one account, refuses every password and counts them."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def authenticate(
        self, username: str, password: str, before_password: BeforePassword
    ) -> DirectoryPerson:
        """Refuse, after the brake has let the attempt through."""
        before_password("person-kari")
        self.tried.append(password)
        raise LoginRefused(LoginRefusal.WRONG, "person-kari")


def test_attempts_at_the_same_moment_do_not_slip_past_the_brake(app: Flask, people: Cast) -> None:
    """AU-21: counted before the password is tried, so that twenty at once lock nobody out."""
    counting = CountingDirectory()
    with app.app_context():
        directories._opened = (get_settings(), counting)  # type: ignore[assignment]
    barrier = Barrier(8)

    def try_once(number: int) -> int:
        if number < 8:
            barrier.wait()
        with app.app_context(), app.test_request_context():
            answer = checking.log_in("kari", f"feil{number}", address="10.0.0.1", agent="")
            db.session.remove()
            return answer.status

    try:
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(try_once, range(20)))
    finally:
        directories._opened = None
    assert len(counting.tried) <= ATTEMPTS
    assert set(statuses) <= {422, 429}
    assert statuses.count(429) >= 16


def test_installation_decides_how_many_wrong_passwords_are_tried(app: Flask) -> None:
    """AU-21: a domain that locks after three is served by a portal that asks twice."""
    with app.app_context():
        strict = replace(get_settings(), directory_config={"login_attempts": 2})
    assert login_attempts(strict) == 2
    assert wait_before(Failures(account=2), login_attempts(strict)) == WINDOW
    assert wait_before(Failures(account=1), login_attempts(strict)) == NO_WAIT


@pytest.mark.parametrize("budget", [2, 3, 4, 5, 9])
def test_no_address_can_spend_the_last_attempt_of_an_account(budget: int) -> None:
    """AU-19, AU-21: whoever hammers from one place leaves one attempt for everybody else."""
    spent, second = 0, 0
    since = WINDOW
    while second < WINDOW.total_seconds():
        failures = Failures(account=spent, here=spent, since_last=since)
        if wait_before(failures, budget) == NO_WAIT:
            spent, since = spent + 1, timedelta(0)
        second, since = second + 1, since + timedelta(seconds=1)
    assert spent == max(1, budget - 1)
    elsewhere = Failures(account=spent, here=0, since_last=PAUSE)
    assert wait_before(elsewhere, budget) == NO_WAIT
    assert wait_before(Failures(account=budget, since_last=PAUSE), budget) == WINDOW
