"""From a typed name and password to a person who is in, or to the words that say why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intranet.core.settings import get_settings
from intranet.core.text import _l
from intranet.core.transaction import transaction
from intranet.login import actions
from intranet.login.queries import count_failures, find_break_glass
from intranet.login.throttle import NO_WAIT, PAUSE, is_sprayed, wait_before
from intranet.people.actions.refresh import refresh_person
from intranet.people.credentials import clean_name, password_bytes
from intranet.people.directories import directory_of, login_attempts
from intranet.people.embedded_directory import verify_password
from intranet.people.snapshot import (
    DirectoryFailed,
    DirectoryPerson,
    LoginRefusal,
    LoginRefused,
)

WRONG = _l("Brukernavnet eller passordet er feil.")
TEXTS: dict[LoginRefusal, Any] = {
    LoginRefusal.WRONG: WRONG,
    LoginRefusal.EXPIRED: _l("Passordet ditt har gått ut. Bytt det på en jobb-PC først."),
    LoginRefusal.MUST_CHANGE: _l("Du må bytte passord på en jobb-PC før du kan logge inn her."),
    LoginRefusal.DISABLED: _l("Brukerkontoen din er stengt. Snakk med lederen din."),
    LoginRefusal.ACCOUNT_EXPIRED: _l("Brukerkontoen din har gått ut. Snakk med lederen din."),
    LoginRefusal.NOT_NOW: _l("Brukerkontoen din kan ikke brukes her eller på denne tiden."),
}
WAIT_A_LITTLE = _l("For mange forsøk. Vent ett minutt og prøv igjen.")
WAIT = _l("For mange forsøk. Vent et kvarter og prøv igjen.")
NO_DIRECTORY = _l("Vi får ikke kontakt med kommunens brukerkatalog. Prøv igjen om litt.")


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the secret of a session, or words and a status."""

    token: str = ""
    text: Any = ""
    status: int = 200


class _MustWait(Exception):
    """Raised between finding the account and trying the password, which is then not tried."""

    def __init__(self, account: str, wait: timedelta) -> None:
        super().__init__(account)
        self.account = account
        self.text = WAIT_A_LITTLE if wait <= PAUSE else WAIT


def log_in(username: str, password: str, *, address: str, agent: str) -> Answer:
    """Try the directory, then the emergency administrators; count and record what happens."""
    if clean_name(username) is None or password_bytes(password) is None:
        return Answer(text=WRONG, status=422)
    local = find_break_glass(username)
    if local is not None:
        return _try_local(
            local[0].directory_key or "", local[0].id, local[1], password, address, agent
        )

    reserved: list[int] = []

    def brake(key: str | None) -> None:
        reserved.append(_reserve(key or actions.unknown_account(username), address))

    try:
        told = directory_of(get_settings()).authenticate(username, password, brake)
    except _MustWait as wait:
        return _refuse(wait.account, address, wait.text, 429, is_throttled=True)
    except LoginRefused as refused:
        account = refused.key or actions.unknown_account(username)
        return _refuse(account, address, TEXTS[refused.refusal], 422)
    except DirectoryFailed:
        with transaction():
            # Nobody's password was wrong.
            actions.forget_attempts(reserved)
        return Answer(text=NO_DIRECTORY, status=503)
    return _let_in(told, address, agent)


def _reserve(account: str, address: str) -> int:
    """Count the attempt before the password is tried, and return its id. Raises _MustWait.

    Counted afterwards, twenty attempts at once would all reach the directory and lock the account.
    """
    with transaction():
        attempt_id = actions.note_attempt(account, address)
    failures = count_failures(account, address, besides=attempt_id)
    if is_sprayed(failures):
        with transaction():
            actions.alarm_of_spraying(failures.everywhere)
    wait = wait_before(failures, login_attempts(get_settings()))
    if wait > NO_WAIT:
        with transaction():
            actions.forget_attempts([attempt_id])
        raise _MustWait(account, wait)
    return attempt_id


def _let_in(told: DirectoryPerson, address: str, agent: str) -> Answer:
    with transaction():
        person = refresh_person(told)
        if person.is_blocked:
            actions.record_failure(told.key, address)
            return Answer(text=TEXTS[LoginRefusal.DISABLED], status=422)
        actions.record_login(person)
        return Answer(token=actions.open_session(person.id, address=address, agent=agent))


def _try_local(
    key: str, person_id: int, password_hash: str, password: str, address: str, agent: str
) -> Answer:
    try:
        _reserve(key, address)
    except _MustWait as wait:
        return _refuse(key, address, wait.text, 429, is_throttled=True)
    secret = password_bytes(password)
    if secret is None or not verify_password(password_hash, secret):
        return _refuse(key, address, WRONG, 422)
    with transaction():
        actions.record_local_login(person_id)
        return Answer(token=actions.open_session(person_id, address=address, agent=agent))


def _refuse(
    account: str, address: str, text: Any, status: int, *, is_throttled: bool = False
) -> Answer:
    with transaction():
        actions.record_failure(account, address, is_throttled=is_throttled)
    return Answer(text=text, status=status)
