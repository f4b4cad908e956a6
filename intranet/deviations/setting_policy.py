"""Who may see and change what is set for all deviations. Pure."""

from __future__ import annotations

from intranet.core.actor import Role, Viewer


def can_edit_settings(viewer: Viewer) -> bool:
    """The administrator of the whole municipality."""
    return viewer.has_role(Role.ADMINISTRATOR)


def can_read_settings(viewer: Viewer) -> bool:
    """The administrator, and quality advisers who have to know the rules."""
    return can_edit_settings(viewer) or viewer.has_role_anywhere(Role.QUALITY_ADVISER)
