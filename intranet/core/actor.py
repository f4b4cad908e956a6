"""Who acts: a person with the units and roles of this moment, or the system. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Actor(Protocol):
    """Whoever an action is done by."""

    @property
    def id(self) -> int | None:
        """Person id, or None for the system."""

    @property
    def name(self) -> str:
        """What the timeline shows."""


@dataclass(frozen=True)
class SystemActor:
    """The clock acting on its own: reminders, escalation, synchronisation."""

    id: None = None
    name: str = "Systemet"


SYSTEM = SystemActor()


class Role(StrEnum):
    """A part that someone plays beside the line of leaders, for a unit or for all."""

    EDITOR = "editor"
    QUALITY_ADVISER = "quality_adviser"
    SAFETY_REPRESENTATIVE = "safety_representative"
    CHIEF_SAFETY_REPRESENTATIVE = "chief_safety_representative"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    OCCUPATIONAL_HEALTH = "occupational_health"
    WORK_ENVIRONMENT_COMMITTEE = "work_environment_committee"
    HR = "hr"
    ADMINISTRATOR = "administrator"
    WHISTLEBLOWING_RECIPIENT = "whistleblowing_recipient"


@dataclass(frozen=True)
class LedUnit:
    """A unit that the viewer leads now, in own right or as somebody's stand-in."""

    unit_id: int
    path: str
    level: str
    on_behalf_of: int | None = None
    on_behalf_of_name: str = ""


@dataclass(frozen=True)
class Viewer:
    """The logged-in person as permissions see them, loaded anew for each request."""

    id: int
    name: str
    initials: str = ""
    username: str = ""
    language: str = "nb"
    colour_scheme: str = "auto"
    home_unit_id: int | None = None
    home_unit_name: str = ""
    unit_ids: frozenset[int] = frozenset()
    unit_ancestor_ids: frozenset[int] = frozenset()
    roles: frozenset[tuple[Role, int | None]] = frozenset()
    led: tuple[LedUnit, ...] = ()
    is_chief: bool = False
    session_id: int | None = None
    # The number behind the bell when the request began.
    unread_notices: int = 0
    # The notice of a crisis that stands on every page, if any.
    crisis_id: int | None = None

    def has_role(self, role: Role, unit_id: int | None = None) -> bool:
        """Whether the role is held for the unit, or for the whole municipality."""
        return (role, None) in self.roles or (unit_id is not None and (role, unit_id) in self.roles)

    def has_role_on_path(self, role: Role, unit_path: str) -> bool:
        """Whether the role is held for the unit with this path, one above it, or for all."""
        if (role, None) in self.roles:
            return True
        return any(held == role and f"/{unit}/" in unit_path for held, unit in self.roles if unit)

    def has_role_anywhere(self, role: Role) -> bool:
        """Whether the role is held for some unit or for all."""
        return any(held == role for held, _unit in self.roles)

    def leads(self, unit_path: str) -> bool:
        """Whether the viewer leads the unit with this path or one above it."""
        return any(unit_path.startswith(led.path) for led in self.led)

    def leads_directly(self, unit_id: int) -> bool:
        """Whether the viewer is the unit's own leader, or stands in for that leader."""
        return any(led.unit_id == unit_id for led in self.led)

    @property
    def is_leader(self) -> bool:
        """Whether the viewer leads any unit now."""
        return bool(self.led)

    @property
    def stands_in_for(self) -> frozenset[int]:
        """Ids of the leaders whose stand-in the viewer is today."""
        return frozenset(led.on_behalf_of for led in self.led if led.on_behalf_of is not None)

    @property
    def audience(self) -> frozenset[str]:
        """Tokens of what the viewer may find in search: all, own units and those above, roles."""
        units = {f"unit:{unit_id}" for unit_id in self.unit_ancestor_ids}
        roles = {f"role:{role}" for role, _unit in self.roles}
        return frozenset({"all"} | units | roles | ({"role:leader"} if self.led else set()))

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Person id as text."""
        return str(self.id)
