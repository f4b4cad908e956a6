"""What an editor hands in as an article, and the rules between its parts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from intranet.core.actor import Role
from intranet.core.clock import OSLO

TITLE_LENGTH = 120
LEAD_LENGTH = 300
BODY_LENGTH = 50_000
ALT_LENGTH = 200
NOTE_LENGTH = 200
COMMENT_LENGTH = 2000


class Category(StrEnum):
    """What an article is about; the archive is narrowed by it."""

    MANAGEMENT = "management"
    WORK = "work"
    OPERATIONS = "operations"
    STAFF = "staff"
    COURSES = "courses"
    SOCIAL = "social"


# Beside the roles of the house: whoever leads a unit, or stands in for its leader.
LEADER = "leader"
# Who receives whistleblowing is asked directly, never through an article for them.
TARGET_ROLES = (LEADER, *(role for role in Role if role is not Role.WHISTLEBLOWING_RECIPIENT))


class Fault(StrEnum):
    """What is wrong with an article; the action has the words for it."""

    TITLE_MISSING = "title_missing"
    TITLE_LONG = "title_long"
    LEAD_MISSING = "lead_missing"
    LEAD_LONG = "lead_long"
    BODY_LONG = "body_long"
    ALT_MISSING = "alt_missing"
    ALT_LONG = "alt_long"
    NO_TARGET = "no_target"
    EXPIRES_FIRST = "expires_first"
    READ_BY_PAST = "read_by_past"
    NOTE_LONG = "note_long"


@dataclass(frozen=True)
class ArticleContents:
    """An article as written. Targets are empty when it is for all; moments carry their zone."""

    title: str
    lead: str
    body: str
    owner_unit_id: int
    picture_alt: str = ""
    is_for_all: bool = True
    target_ids: frozenset[int] = frozenset()
    target_roles: frozenset[str] = frozenset()
    publish_at: datetime | None = None
    expire_at: datetime | None = None
    is_pinned: bool = False
    category: Category | None = None
    is_shared: bool = False
    must_read_by: date | None = None
    allows_comments: bool = False
    former_rules: str = ""


def find_fault(
    contents: ArticleContents, *, has_picture: bool, at: datetime
) -> tuple[str, Fault] | None:
    """Return the first (form field, fault), or None when the article can be kept as it is.

    `at` stands in for a missing publishing moment: what expires before it was ever shown is a slip.
    """
    begins_at = max(contents.publish_at or at, at)
    expire_at = contents.expire_at
    checks = (
        (not contents.title, "title", Fault.TITLE_MISSING),
        (len(contents.title) > TITLE_LENGTH, "title", Fault.TITLE_LONG),
        (not contents.lead, "lead", Fault.LEAD_MISSING),
        (len(contents.lead) > LEAD_LENGTH, "lead", Fault.LEAD_LONG),
        (len(contents.body) > BODY_LENGTH, "body", Fault.BODY_LONG),
        (has_picture and not contents.picture_alt, "picture_alt", Fault.ALT_MISSING),
        (len(contents.picture_alt) > ALT_LENGTH, "picture_alt", Fault.ALT_LONG),
        (len(contents.former_rules) > NOTE_LENGTH, "former_rules", Fault.NOTE_LONG),
        (_reaches_nobody(contents), "targets", Fault.NO_TARGET),
        (
            contents.must_read_by is not None
            and contents.must_read_by < begins_at.astimezone(OSLO).date(),
            "must_read_by",
            Fault.READ_BY_PAST,
        ),
        (expire_at is not None and expire_at <= begins_at, "expire_at", Fault.EXPIRES_FIRST),
    )
    return next(((field, fault) for is_wrong, field, fault in checks if is_wrong), None)


def _reaches_nobody(contents: ArticleContents) -> bool:
    return not (contents.is_for_all or contents.target_ids or contents.target_roles)
