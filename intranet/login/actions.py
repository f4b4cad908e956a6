"""Opens and ends sessions, and decides whether a name and a password let someone in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.queries import is_recorded
from intranet.core.actor import SYSTEM, Role, Viewer
from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.extensions import db
from intranet.login.models import BreakGlass, LoginAttempt, LoginSession, PendingText
from intranet.login.queries import count_accounts_tried, hash_of
from intranet.notifications.actions import notify
from intranet.people.embedded_directory import hash_password
from intranet.people.models import Person, RoleGrant
from intranet.people.queries.units import holders_of
from intranet.people.snapshot import LOCAL_KEY, fold
from intranet.web.kept_text import KeptText

KEEP_ATTEMPTS = timedelta(days=1)
KEEP_TEXT = timedelta(hours=2)
# The last use is written at most this often: reading pages must not write rows.
SEEN_STEP = timedelta(minutes=1)


def open_session(person_id: int, *, address: str, agent: str) -> str:
    """Return the secret of a new session for the person. Whoever proved who they are.

    Always a new one: what another site or an earlier user planted in the browser is worth nothing.
    """
    token = secrets.token_urlsafe(32)
    moment = now()
    db.session.add(
        LoginSession(
            token_hash=hash_of(token),
            person_id=person_id,
            seen_at=moment,
            expires_at=moment + get_settings().session_absolute,
            agent="".join(char for char in agent if char.isprintable())[:200],
        )
    )
    db.session.flush()
    return token


def end_session(token: str, *, actor: Viewer | None) -> None:
    """End the session of this secret; one that is gone already is no error and leaves no entry."""
    mine = LoginSession.token_hash == hash_of(token)
    gone = db.session.execute(delete(LoginSession).where(mine).returning(LoginSession.id)).scalar()
    if gone is not None and actor is not None:
        record(AuditEvent.LOGGED_OUT, actor=actor, subject="person", subject_id=actor.id)


def end_own_session(session: LoginSession, *, actor: Viewer) -> None:
    """The person ends one of the own sessions, on a lost phone for example."""
    record(AuditEvent.SESSION_ENDED, actor=actor, subject="person", subject_id=actor.id)
    db.session.delete(session)
    db.session.flush()


def end_every_session() -> int:
    """Log everybody out, and return how many sessions there were; for a restored backup.

    Its sessions are older than what has ended them.
    """
    return int(db.session.execute(delete(LoginSession)).rowcount)  # type: ignore[attr-defined]


def keep_text(kept: KeptText) -> str:
    """Keep what the person typed, who has just proved to be themselves; return the key to it."""
    key = secrets.token_urlsafe(18)
    db.session.add(
        PendingText(
            key_hash=hash_of(key),
            person_id=kept.person_id,
            page=kept.page,
            endpoint=kept.endpoint,
            form_name=kept.form_name,
            fields=kept.fields,
        )
    )
    db.session.flush()
    return key


def touch_session(session_id: int) -> None:
    """Remember that the session was used now. An ended one does not come back: it is an update."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now())
    )


def record_login(person: Person, *, is_break_glass: bool = False) -> None:
    """Write in the audit that the person came in; forget the failed attempts."""
    actor = Viewer(id=person.id, name=person.name)
    event = AuditEvent.BREAK_GLASS_USED if is_break_glass else AuditEvent.LOGIN_SUCCEEDED
    record(event, actor=actor, subject="person", subject_id=person.id)
    db.session.execute(
        delete(LoginAttempt).where(LoginAttempt.account_key == (person.directory_key or ""))
    )


def record_local_login(person_id: int) -> None:
    """The same for an emergency administrator, whose every use is marked and told."""
    person = db.session.get_one(Person, person_id)
    record_login(person, is_break_glass=True)
    notify(
        [each for each in holders_of(Role.ADMINISTRATOR) if each != person_id],
        event=str(AuditEvent.BREAK_GLASS_USED),
        subject_key=f"person:{person_id}:{now().isoformat()}",
        title=_("Nødkontoen %(name)s er tatt i bruk", name=person.username),
        body=_("Er det ikke avtalt, må kontoen sperres med en gang."),
        url="/revisjonslogg",
        is_urgent=True,
    )


def note_attempt(account_key: str, address: str) -> int:
    """Count an attempt that is about to be made; a login that succeeds forgets it again."""
    attempt = LoginAttempt(account_key=account_key[:80], address=address[:45], happened_at=now())
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def forget_attempts(attempt_ids: list[int]) -> None:
    """Take back attempts that never reached a password."""
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(attempt_ids)))


def record_failure(account_key: str, address: str, *, is_throttled: bool = False) -> None:
    """Write the failed attempt in the audit, without what was typed."""
    event = AuditEvent.LOGIN_THROTTLED if is_throttled else AuditEvent.LOGIN_FAILED
    record(event, actor=SYSTEM, subject="account", subject_id=account_key[:80])


def alarm_of_spraying(failures: int) -> None:
    """Tell the administrators, once in a quarter of an hour, that passwords are being sprayed."""
    quarter = f"spraying:{now().replace(second=0, microsecond=0):%Y-%m-%dT%H}:{now().minute // 15}"
    if is_recorded(AuditEvent.LOGIN_SPRAYED, subject="login", subject_id=quarter):
        return
    record(
        AuditEvent.LOGIN_SPRAYED,
        actor=SYSTEM,
        subject="login",
        subject_id=quarter,
        details={"failures": failures, "accounts": count_accounts_tried()},
    )
    notify(
        holders_of(Role.ADMINISTRATOR),
        event=str(AuditEvent.LOGIN_SPRAYED),
        subject_key=quarter,
        title=_("Noen prøver passord på mange kontoer"),
        body=_("Innloggingen er bremset. Den som skriver riktig passord, kommer fortsatt inn."),
        url="/revisjonslogg",
        is_urgent=True,
    )


def unknown_account(username: str) -> str:
    """Return the key that failed attempts for an unknown name are counted under.

    Keyed, for a password may have been typed in the name's place, and this is kept (AU-29).
    """
    key = get_settings().secret_key.encode("utf-8")
    typed = fold(username).encode("utf-8", "replace")
    return "?" + hmac.new(key, b"unknown-account:" + typed, hashlib.sha256).hexdigest()[:32]


def forget_person(person_id: int) -> None:
    """Remove sessions, failed attempts and unsent text of somebody who is erased."""
    key = select(Person.directory_key).where(Person.id == person_id).scalar_subquery()
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.account_key == key))
    for model in (LoginSession, PendingText, BreakGlass):
        db.session.execute(delete(model).where(model.person_id == person_id))


def sweep() -> None:
    """Remove sessions that are over and attempts that no longer count. The clock."""
    moment = now()
    idle = get_settings().session_idle
    db.session.execute(
        delete(LoginSession).where(
            (LoginSession.expires_at < moment) | (LoginSession.seen_at < moment - idle)
        )
    )
    db.session.execute(
        delete(LoginAttempt).where(LoginAttempt.happened_at < moment - KEEP_ATTEMPTS)
    )
    db.session.execute(delete(PendingText).where(PendingText.created_at < moment - KEEP_TEXT))


def make_break_glass(username: str) -> str:
    """Make (or give a new password to) the emergency administrator; return the password.

    A command on the server only. It exists here and not in the directory, and each use is audited.
    """
    password = secrets.token_urlsafe(15)
    key = f"{LOCAL_KEY}{fold(username)}"
    person = db.session.execute(
        select(Person).where(Person.directory_key == key)
    ).scalar_one_or_none()
    if person is None:
        person = Person(
            directory_key=key,
            username=username,
            username_key=fold(username),
            name=f"Nødadministrator {username}",
            name_key=fold(f"Nødadministrator {username}"),
            initials="NA",
        )
        db.session.add(person)
        db.session.flush()
        db.session.add(RoleGrant(person_id=person.id, role=str(Role.ADMINISTRATOR), source="local"))
    db.session.execute(delete(BreakGlass).where(BreakGlass.person_id == person.id))
    db.session.add(BreakGlass(person_id=person.id, password_hash=hash_password(password)))
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))
    record(AuditEvent.BREAK_GLASS_CREATED, actor=SYSTEM, subject="person", subject_id=person.id)
    db.session.flush()
    return password
