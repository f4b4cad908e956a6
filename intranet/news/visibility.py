"""What an article is at a moment and whom it reaches. Pure: knows no database and no request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ArticleState(StrEnum):
    """What its editors have decided."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Phase(StrEnum):
    """What the decision and the clock make of it together."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ArticleFacts:
    """Everything that decides who may read an article."""

    state: ArticleState
    publish_at: datetime | None
    expire_at: datetime | None
    is_for_all: bool
    target_ids: frozenset[int]
    owner_path: str
    target_roles: frozenset[str] = frozenset()
    is_shared: bool = False

    @property
    def owner_id(self) -> int:
        """The owning unit: the last of its path."""
        return int(self.owner_path.strip("/").rpartition("/")[2])


def phase(
    state: ArticleState, publish_at: datetime | None, expire_at: datetime | None, at: datetime
) -> Phase:
    """Tell what the article is at the moment `at`; it is gone from the very moment it expires."""
    if state == ArticleState.DRAFT:
        return Phase.DRAFT
    if state == ArticleState.WITHDRAWN:
        return Phase.WITHDRAWN
    if publish_at is None or publish_at > at:
        return Phase.SCHEDULED
    if expire_at is not None and expire_at <= at:
        return Phase.EXPIRED
    return Phase.LIVE


def next_change(
    state: ArticleState, publish_at: datetime | None, expire_at: datetime | None, at: datetime
) -> datetime | None:
    """Return when the clock alone will next change what readers see, or None."""
    if state != ArticleState.PUBLISHED:
        return None
    ahead = [moment for moment in (publish_at, expire_at) if moment is not None and moment > at]
    return min(ahead, default=None)


def reaches(facts: ArticleFacts, unit_ids: Iterable[int], roles: Iterable[str] = ()) -> bool:
    """Tell whether it is meant for someone of these units (own and all above) or these roles."""
    return (
        facts.is_for_all
        or not facts.target_ids.isdisjoint(unit_ids)
        or not facts.target_roles.isdisjoint(roles)
    )


def audience(
    is_for_all: bool, target_ids: Iterable[int], target_roles: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the search tokens of those whom it is meant for; see `Viewer.audience`."""
    if is_for_all:
        return ("all",)
    return (
        *(f"unit:{unit_id}" for unit_id in sorted(target_ids)),
        *(f"role:{role}" for role in sorted(target_roles)),
    )
