"""Who tends the search: reads what was not found, adds words, fastens answers. Pure."""

from __future__ import annotations

from intranet.core.actor import Role, Viewer


def can_tend_search(viewer: Viewer) -> bool:
    """Administrators, and quality advisers for the whole municipality."""
    return viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.QUALITY_ADVISER)
