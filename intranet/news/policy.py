"""Who may write and read news. Pure; `queries.visible` says the same in SQL."""

from __future__ import annotations

from datetime import datetime

from intranet.core.actor import Role, Viewer
from intranet.news.contents import LEADER
from intranet.news.visibility import ArticleFacts, ArticleState, Phase, phase, reaches


def can_write_articles(viewer: Viewer) -> bool:
    """Whether the viewer is an editor of some unit, or the chief executive, who has it all."""
    return viewer.is_chief or viewer.has_role_anywhere(Role.EDITOR)


def can_edit_article(viewer: Viewer, owner_path: str) -> bool:
    """Whether the viewer is an editor of the owning unit or one above, or the chief executive."""
    return viewer.is_chief or viewer.has_role_on_path(Role.EDITOR, owner_path)


def roles_reached(viewer: Viewer) -> frozenset[str]:
    """Return the roles by which articles may be meant for the viewer."""
    held = {str(role) for role, _unit in viewer.roles}
    return frozenset(held | {LEADER} if viewer.is_leader else held)


def shares_draft(viewer: Viewer, facts: ArticleFacts) -> bool:
    """Whether it is a draft that its editors have shared with those who belong to the unit."""
    is_draft = facts.state == ArticleState.DRAFT and facts.is_shared
    return is_draft and facts.owner_id in viewer.unit_ancestor_ids


def can_raise_crisis(viewer: Viewer) -> bool:
    """Whether the viewer may speak to everybody in a crisis, and approve what another wrote.

    The chief executive and whoever stands in, administrators, and editors of the whole
    municipality.
    """
    return viewer.is_chief or viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.EDITOR)


def can_see_coverage(viewer: Viewer, owner_path: str) -> bool:
    """Whether the viewer sees who has read: its editors, and leaders for their own units."""
    return viewer.is_leader or can_edit_article(viewer, owner_path)


def can_read_article(viewer: Viewer, facts: ArticleFacts, at: datetime) -> bool:
    """Whether it is live and meant for the viewer, a draft shared with them, or theirs to edit."""
    is_live = phase(facts.state, facts.publish_at, facts.expire_at, at) is Phase.LIVE
    if is_live and reaches(facts, viewer.unit_ancestor_ids, roles_reached(viewer)):
        return True
    if shares_draft(viewer, facts):
        return True
    return can_edit_article(viewer, facts.owner_path)
