"""Who may do what with people. Pure."""

from __future__ import annotations

from intranet.core.actor import Role, Viewer


def can_set_stand_in(viewer: Viewer, leader_id: int, led_paths: tuple[str, ...] = ()) -> bool:
    """The leader, whoever leads the leader's unit from above, and administrators.

    `led_paths`: the units that the leader leads. A stand-in may not: nobody hands on what was lent.
    """
    if viewer.id == leader_id or viewer.has_role(Role.ADMINISTRATOR):
        return True
    own = [led.path for led in viewer.led if led.on_behalf_of is None]
    return any(path != above and path.startswith(above) for path in led_paths for above in own)


def can_manage_stand_ins(viewer: Viewer) -> bool:
    """Leaders in their own right and administrators; who only stands in has nothing to give."""
    own = any(led.on_behalf_of is None for led in viewer.led)
    return own or viewer.has_role(Role.ADMINISTRATOR)


def can_manage_access(viewer: Viewer) -> bool:
    """Only administrators block persons and give roles by hand."""
    return viewer.has_role(Role.ADMINISTRATOR)


def can_decide_erasure(viewer: Viewer) -> bool:
    """Administrators and the data protection officer decide claims for erasure."""
    return viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.DATA_PROTECTION_OFFICER)


def sees_departed(viewer: Viewer) -> bool:
    """Whoever blocks persons or decides what is kept of those who left."""
    return can_decide_erasure(viewer)


def sees_login(viewer: Viewer, person_id: int) -> bool:
    """The person, and administrators who look for those who never logged in."""
    return viewer.id == person_id or viewer.has_role(Role.ADMINISTRATOR)
