"""Who may give, pass on and withdraw. The register itself is read by everybody. Pure."""

from __future__ import annotations

from datetime import date

from intranet.core.actor import Role, Viewer
from intranet.delegations.rules import Chain, Grant, Standing, own_standing, standing


def can_keep_register(viewer: Viewer) -> bool:
    """Administrators write in what council and law have decided, and keep the kinds."""
    return viewer.has_role(Role.ADMINISTRATOR)


def holds(viewer: Viewer, grant: Grant) -> bool:
    """Whether it is the viewer's: by name, or as the one who leads the unit.

    A stand-in uses what belongs to the office, but gives nothing away: nobody hands on what was
    lent.
    """
    if grant.holder_id is not None:
        return grant.holder_id == viewer.id
    return any(led.unit_id == grant.office_id and led.on_behalf_of is None for led in viewer.led)


def can_pass_on(viewer: Viewer, chain: Chain, on: date) -> bool:
    """The holder, while it is in force and was given to be passed on."""
    return (
        holds(viewer, chain[0])
        and chain[0].may_pass_on
        and standing(chain, on) is Standing.IN_FORCE
    )


def may_end(viewer: Viewer, chain: Chain, on: date) -> bool:
    """Administrators, and whoever holds something that it rests on."""
    return can_keep_register(viewer) or any(
        holds(viewer, chain[step]) and standing(chain[step:], on) is Standing.IN_FORCE
        for step in range(1, len(chain))
    )


def can_withdraw(viewer: Viewer, chain: Chain, on: date) -> bool:
    """Who may end it, as long as it is not over."""
    is_over = own_standing(chain[0], on) not in (Standing.IN_FORCE, Standing.COMING)
    return not is_over and may_end(viewer, chain, on)
