"""From directory groups to roles in the portal, by the municipality's own table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from intranet.core.actor import Role
from intranet.people.snapshot import (
    DEPARTMENT,
    DirectoryPerson,
    DirectoryUnit,
    fold,
)

WHOLE_MUNICIPALITY = "all"
HOME_UNIT = "home"
Grant = tuple[Role, str | None]


@dataclass(frozen=True)
class RoleRule:
    """That members of a group hold a role.

    `group` may hold a star. `scope`: "all" for the whole municipality, "home" for the member's own
    unit (a department counts as its unit), or a unit's name or key.
    """

    group: str
    role: Role
    scope: str = WHOLE_MUNICIPALITY


# Given by a group in the directory and never by hand: an administrator must not be able to let
# oneself in to whistleblowing cases.
DIRECTORY_ONLY = frozenset({Role.WHISTLEBLOWING_RECIPIENT})

# The names that the presets assume; settings replace the whole table.
USUAL_RULES = (
    RoleRule("intranett-admin", Role.ADMINISTRATOR),
    RoleRule("intranett-redaktor-alle", Role.EDITOR),
    RoleRule("red-*", Role.EDITOR, HOME_UNIT),
    RoleRule("hr", Role.HR),
    RoleRule("kvalitetsansvarlig", Role.QUALITY_ADVISER),
    RoleRule("verneombud", Role.SAFETY_REPRESENTATIVE, HOME_UNIT),
    RoleRule("hovedverneombud", Role.CHIEF_SAFETY_REPRESENTATIVE),
    RoleRule("bedriftshelsetjeneste", Role.OCCUPATIONAL_HEALTH),
    RoleRule("amu", Role.WORK_ENVIRONMENT_COMMITTEE),
    RoleRule("varslingsmottaker", Role.WHISTLEBLOWING_RECIPIENT),
    RoleRule("personvernombud", Role.DATA_PROTECTION_OFFICER),
)


def read_rules(table: Mapping[str, Any] | None) -> tuple[RoleRule, ...]:
    """Return the rules of a `[directory.roles]` table: group = "role" or {role=…, scope=…}.

    Without a table the usual ones. Raises ValueError that names the wrong line.
    """
    if not table:
        return USUAL_RULES
    rules = []
    for group, value in table.items():
        role, scope = value, WHOLE_MUNICIPALITY
        if isinstance(value, Mapping):
            role, scope = value.get("role"), str(value.get("scope", WHOLE_MUNICIPALITY))
        try:
            rules.append(RoleRule(group, Role(str(role)), scope))
        except ValueError:
            known = ", ".join(Role)
            raise ValueError(f"roles.{group}: ukjent rolle {role!r} (kjente: {known})") from None
    return tuple(rules)


def role_groups(names: Iterable[str], rules: Iterable[RoleRule]) -> frozenset[str]:
    """Return those of the group names that give somebody a role."""
    patterns = [fold(rule.group) for rule in rules]
    return frozenset(
        name for name in names if any(fnmatchcase(fold(name), pattern) for pattern in patterns)
    )


class RoleBook:
    """Applies the rules to persons of one snapshot."""

    def __init__(self, units: Iterable[DirectoryUnit], rules: Iterable[RoleRule]) -> None:
        self._units = {unit.key: unit for unit in units}
        self._by_name = {fold(unit.name): unit.key for unit in self._units.values()}
        self._rules = tuple(rules)
        self._matching: dict[str, tuple[RoleRule, ...]] = {}

    def grants_of(self, person: DirectoryPerson) -> frozenset[Grant]:
        """Return the roles that the person's groups give, with the unit's key or None for all.

        A rule for a home or a named unit that does not exist gives nothing: never more than meant.
        """
        grants: set[Grant] = set()
        for group in person.groups:
            for rule in self._rules_for(group):
                if rule.scope == WHOLE_MUNICIPALITY:
                    grants.add((rule.role, None))
                    continue
                unit = self._unit_of(rule, person)
                if unit is not None:
                    grants.add((rule.role, unit))
        return frozenset(grants)

    def _rules_for(self, group: str) -> tuple[RoleRule, ...]:
        if group not in self._matching:
            self._matching[group] = tuple(
                rule for rule in self._rules if fnmatchcase(fold(group), fold(rule.group))
            )
        return self._matching[group]

    def _unit_of(self, rule: RoleRule, person: DirectoryPerson) -> str | None:
        if rule.scope != HOME_UNIT:
            return rule.scope if rule.scope in self._units else self._by_name.get(fold(rule.scope))
        if not person.unit_keys:
            return None
        unit = self._units.get(person.unit_keys[0])
        while unit is not None and unit.level == DEPARTMENT and unit.parent_key is not None:
            unit = self._units.get(unit.parent_key)
        return None if unit is None else unit.key
