"""Who keeps a unit's list of the laws that matter there. Reading it is for everybody. Pure."""

from __future__ import annotations

from intranet.core.actor import Role, Viewer

KEEPERS = (Role.EDITOR, Role.QUALITY_ADVISER)


def can_keep_list(viewer: Viewer, unit_path: str) -> bool:
    """Leaders, editors and quality advisers of the unit or one above it."""
    return viewer.leads(unit_path) or any(
        viewer.has_role_on_path(role, unit_path) for role in KEEPERS
    )


def can_keep_some_list(viewer: Viewer) -> bool:
    """Whoever may keep the list of at least one unit."""
    return viewer.is_leader or any(viewer.has_role_anywhere(role) for role in KEEPERS)
