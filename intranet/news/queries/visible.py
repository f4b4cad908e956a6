"""Which articles somebody may see, in SQL: the twins of `policy` and `visibility`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, or_, select, true

from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.models import UtcDateTime
from intranet.news.models import Article, ArticleRoleTarget, ArticleTarget
from intranet.news.policy import roles_reached
from intranet.news.visibility import ArticleState
from intranet.people.models import Unit

# The databases' integers end here.
LARGEST_ID = 2**31 - 1


def is_live(at: Any, not_after: Any = None) -> ColumnElement[bool]:
    """The SQL twin of `phase(...) is Phase.LIVE`, of those published no later than `not_after`.

    Both are moments or bind parameters; `not_after` is no later than `at`. SQLite seeks in the
    index by one upper bound only: a deep page must give its own, or it walks through everything
    newer.
    """
    return and_(
        Article.state == ArticleState.PUBLISHED,
        Article.publish_at <= (at if not_after is None else not_after),
        or_(Article.expire_at.is_(None), Article.expire_at > at),
    )


def is_meant_for(unit_ids: Any, roles: Any) -> ColumnElement[bool]:
    """Meant for one of these units or roles; lists or bind parameters."""
    mine = select(ArticleTarget.article_id).where(
        ArticleTarget.article_id == Article.id, ArticleTarget.unit_id.in_(unit_ids)
    )
    by_role = select(ArticleRoleTarget.article_id).where(
        ArticleRoleTarget.article_id == Article.id, ArticleRoleTarget.role.in_(roles)
    )
    return or_(mine.exists(), by_role.exists())


def readable_by(viewer: Viewer, at: datetime) -> ColumnElement[bool]:
    """Live and meant for the viewer."""
    meant = is_meant_for(sorted(viewer.unit_ancestor_ids), sorted(roles_reached(viewer)))
    return and_(is_live(at), or_(Article.is_for_all, meant))


# The same, made once for what lists and the front page show; `reader_values` fills it.
UNITS: BindParameter[Any] = bindparam("units", expanding=True)
ROLES: BindParameter[Any] = bindparam("roles", type_=String, expanding=True)
READABLE = and_(
    is_live(bindparam("at", type_=UtcDateTime), bindparam("not_after", type_=UtcDateTime)),
    or_(Article.is_for_all, is_meant_for(UNITS, ROLES)),
)


def reader_values(viewer: Viewer, not_after: datetime | None = None) -> dict[str, Any]:
    """Return the parameters of `READABLE`."""
    at = now()
    return {
        "at": at,
        "not_after": min(at, not_after or at),
        "units": sorted(viewer.unit_ancestor_ids),
        "roles": sorted(roles_reached(viewer)),
    }


def editable_by(viewer: Viewer) -> ColumnElement[bool]:
    """The SQL twin of `can_edit_article`; the select must have joined the owning unit."""
    edited = {unit_id for role, unit_id in viewer.roles if role is Role.EDITOR}
    if viewer.is_chief or None in edited:
        return true()
    return or_(*(Unit.path.contains(f"/{unit_id}/") for unit_id in edited), Article.id < 0)


def shared_with(viewer: Viewer) -> ColumnElement[bool]:
    """The SQL twin of `shares_draft`."""
    return and_(
        Article.state == ArticleState.DRAFT,
        Article.is_shared,
        Article.owner_unit_id.in_(sorted(viewer.unit_ancestor_ids)),
    )


def visible_to(viewer: Viewer, at: datetime) -> ColumnElement[bool]:
    """The SQL twin of `can_read_article`; the select must have joined the owning unit."""
    return or_(readable_by(viewer, at), shared_with(viewer), editable_by(viewer))
