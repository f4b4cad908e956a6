"""Tables of persons, units and who leads, stands in or holds a role."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model


class UnitLevel(StrEnum):
    """How high a unit stands in the municipality."""

    MUNICIPALITY = "municipality"
    SECTOR = "sector"
    UNIT = "unit"
    DEPARTMENT = "department"


class Unit(Model, Created):
    """A part of the municipality. `path` holds the ids from the top, "/1/4/17/"."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_path", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    directory_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[UnitLevel] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), default="")
    # None: the post is vacant.
    leader_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", use_alter=True), index=True
    )
    is_active: Mapped[bool] = mapped_column(default=True)


class Person(Model, Created):
    """Someone who works here. Known by the directory's stable key, never by name or login."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    directory_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    username: Mapped[str] = mapped_column(String(120), default="")
    # Casefolded NFC: the databases do not agree on the case of Å.
    username_key: Mapped[str] = mapped_column(String(120), default="", index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), default="", index=True)
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    initials: Mapped[str] = mapped_column(String(4), default="")
    title: Mapped[str] = mapped_column(String(160), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    mobile: Mapped[str] = mapped_column(String(40), default="")
    home_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="")
    colour_scheme: Mapped[str] = mapped_column(String(10), default="")
    is_directory_active: Mapped[bool] = mapped_column(default=True)
    # The administrator's own block; the directory never lifts it.
    is_blocked: Mapped[bool] = mapped_column(default=False)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Sessions begun before this moment are dead: set when the person is deactivated or blocked.
    sessions_valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Nothing here tells who it was any more; the row stays for what points at it.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_active(self) -> bool:
        """Whether the person may log in and be given tasks."""
        return self.is_directory_active and not self.is_blocked


class Membership(Model):
    """That a person belongs to a unit; one of them is home."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    is_home: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Model):
    """A role held for a unit and all below it, or (unit_id None) for the whole municipality."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # "directory": comes and goes with the group. "local": given here, survives the sync.
    source: Mapped[str] = mapped_column(String(20), default="directory")


class StandIn(Model, Created):
    """That someone does a leader's tasks from a day to a day, both included."""

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("leader_id <> stand_in_id", name="not_self"),
        # The notice and the audit name the id of a period that was taken back; never reuse it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Leadership(Model):
    """That a person led a unit from the day on which it was known until the day it ended.

    `known_from` is when the portal learnt of it: before the first row of all, nobody knows.
    """

    __tablename__ = "leadership"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    known_from: Mapped[date]
    # The first day on which somebody else led it, or nobody.
    ended_on: Mapped[date | None]


class SyncOutcome(StrEnum):
    """How a synchronisation with the directory ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class SyncRun(Model):
    """One synchronisation: when, how it ended, and how many of what."""

    __tablename__ = "sync_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[SyncOutcome] = mapped_column(String(20), index=True)
    # Why it stopped or failed; holds names of groups and servers, never of persons.
    reason: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Members of each group that gives a role: the next run stops when one became empty.
    group_sizes: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class SyncChange(Model):
    """What one synchronisation did to one person: new, back, gone, changed, moved or roles."""

    __tablename__ = "sync_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_run.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
