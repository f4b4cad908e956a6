"""Reads of sessions and failed attempts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal, or_, select, union_all

from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.login.models import BreakGlass, LoginAttempt, LoginSession, PendingText
from intranet.login.throttle import WINDOW, Failures
from intranet.notifications.queries import active_crisis, unread_notices
from intranet.people.models import Person
from intranet.people.queries.viewer import (
    HOME,
    ME,
    NO_TEXT,
    NOBODY,
    PERSON_COLUMNS,
    STANDING_PARTS,
    stands_as,
)
from intranet.people.snapshot import fold

CLOCK_SLACK = timedelta(minutes=5)


def hash_of(token: str) -> str:
    """Return what is stored of a cookie's secret: it has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


# Made once; see `core.reads`. What ends a session is asked of the row at each request.
_SESSION = (
    select(
        LoginSession.id.label("session_id"),
        LoginSession.person_id,
        LoginSession.seen_at,
        LoginSession.created_at.label("opened_at"),
        *PERSON_COLUMNS,
        unread_notices(LoginSession.person_id).label("unread_notices"),
        active_crisis().label("crisis_id"),
    )
    .select_from(LoginSession)
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(HOME, HOME.id == Person.home_unit_id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("moment"),
        LoginSession.seen_at > bindparam("idle_since"),
        LoginSession.seen_at < bindparam("soon"),
        Person.is_directory_active,
        ~Person.is_blocked,
        or_(
            Person.sessions_valid_from.is_(None),
            Person.sessions_valid_from <= LoginSession.created_at,
        ),
    )
)


def find_session(token: str, idle: timedelta) -> AnyRow | None:
    """Return the session's id, person and last use while it lives, else None; one select.

    With it come the person's own columns, for `viewer_of`, and the number behind the bell.
    A session from before the person was deactivated or blocked stays dead when they come back, and
    one from the future (a clock set back) is nobody's.
    """
    moment = now()
    return read(
        _SESSION,
        token_hash=hash_of(token),
        moment=moment,
        idle_since=moment - idle,
        soon=moment + CLOCK_SLACK,
    ).one_or_none()


# The same person's standing, and one row more while the session lives: one select.
_STILL: Any = union_all(
    *STANDING_PARTS,
    select(literal("session"), LoginSession.id, NO_TEXT, NO_TEXT, NOBODY, NO_TEXT)
    .join(Person, Person.id == LoginSession.person_id)
    .where(
        LoginSession.id == bindparam("session"),
        LoginSession.person_id == ME,
        Person.is_directory_active,
        ~Person.is_blocked,
    ),
)


def still_stands(viewer: Viewer) -> bool:
    """Whether the session lives, and the person has the units, roles and tasks as when it was read.

    Asked within a transaction, so that nothing is done on a standing that was taken meanwhile.
    """
    rows = read(_STILL, person=viewer.id, day=today(), session=viewer.session_id).all()
    return any(row[0] == "session" for row in rows) and stands_as(
        viewer, [row for row in rows if row[0] != "session"]
    )


def list_sessions_for(viewer: Viewer) -> list[AnyRow]:
    """Return the person's open sessions, newest first."""
    rows = db.session.execute(
        select(LoginSession.id, LoginSession.created_at, LoginSession.seen_at, LoginSession.agent)
        .where(LoginSession.person_id == viewer.id, LoginSession.expires_at > now())
        .order_by(LoginSession.id.desc())
        .limit(50)
    )
    return list(rows)


def get_session_for(viewer: Viewer, session_id: int) -> LoginSession:
    """Return the person's own session. Raises NotFound."""
    found = db.session.get(LoginSession, session_id)
    if found is None or found.person_id != viewer.id:
        raise NotFound(_("Vi finner ikke denne økten."))
    return found


def count_failures(account_key: str, address: str, besides: int = 0) -> Failures:
    """Return the failed attempts of the last quarter of an hour, one's own attempt left out."""
    moment = now()
    within = (
        LoginAttempt.happened_at > moment - WINDOW,
        # Left from before the clock was set back: else they would count until it comes there again.
        LoginAttempt.happened_at <= moment + CLOCK_SLACK,
        LoginAttempt.id != besides,
    )
    recent = select(func.count()).where(*within)
    mine = LoginAttempt.account_key == account_key
    here = recent.where(mine, LoginAttempt.address == address)
    last = db.session.execute(
        select(LoginAttempt.happened_at)
        .where(mine, *within)
        .order_by(LoginAttempt.happened_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return Failures(
        here=db.session.execute(here).scalar_one(),
        since_last=WINDOW if last is None else moment - last,
        account=db.session.execute(recent.where(mine)).scalar_one(),
        address=db.session.execute(recent.where(LoginAttempt.address == address)).scalar_one(),
        everywhere=db.session.execute(recent).scalar_one(),
    )


def count_accounts_tried() -> int:
    """Return for how many accounts something failed within the last quarter of an hour."""
    since = now() - WINDOW
    return db.session.execute(
        select(func.count(LoginAttempt.account_key.distinct())).where(
            LoginAttempt.happened_at > since
        )
    ).scalar_one()


def find_break_glass(username: str) -> tuple[Person, str] | None:
    """Return the emergency administrator of this name with the password's hash, or None."""
    row = db.session.execute(
        select(Person, BreakGlass.password_hash)
        .join(BreakGlass, BreakGlass.person_id == Person.id)
        .where(
            Person.username_key == fold(username)[:120],
            Person.is_directory_active,
            ~Person.is_blocked,
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def find_pending_text(person_id: int, key: str) -> PendingText | None:
    """Return what the person typed when a session ended; another's key gives nothing."""
    return db.session.execute(
        select(PendingText).where(
            PendingText.key_hash == hash_of(key), PendingText.person_id == person_id
        )
    ).scalar_one_or_none()
