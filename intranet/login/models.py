"""Tables of open sessions, failed attempts, and the local emergency administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class LoginSession(Model, Created):
    """One logged-in browser. Only the hash of the cookie's secret is kept."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    agent: Mapped[str] = mapped_column(String(200), default="")


class LoginAttempt(Model):
    """One failed attempt, by whom it was for and from where; swept after a day."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_account", "account_key", "happened_at"),
        Index("ix_login_attempt_address", "address", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The directory's key, or a hash of what was typed when no account has that name.
    account_key: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(45))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class BreakGlass(Model, Created):
    """The local password of an emergency administrator, for when the directory is down."""

    __tablename__ = "break_glass"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class PendingText(Model, Created):
    """What a person typed when the session ended, until the form is shown again; swept soon."""

    __tablename__ = "pending_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    page: Mapped[str] = mapped_column(String(1000))
    endpoint: Mapped[str] = mapped_column(String(120))
    form_name: Mapped[str] = mapped_column(String(80))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
