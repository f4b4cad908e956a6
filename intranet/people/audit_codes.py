"""Who and where the audit's details speak of, and what the codes of a role mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intranet.core.text import _l
from intranet.people.forms import ROLE_NAMES
from intranet.people.queries.persons import names_of

# Those who got something to do. Not "person" and "persons": whom a case concerns is not told here.
_WITH_A_DUTY = (
    "approver",
    "handler",
    "handler_before",
    "handler_after",
    "owner",
    "responsible",
    "to",
)
_SOURCES: dict[str, Any] = {"directory": _l("katalogen"), "local": _l("portalen")}


def audit_codes(details: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return by the name of the detail what each code or number stands for."""
    ids = {each.get(name) for each in details for name in _WITH_A_DUTY}
    names = names_of(number for number in ids if isinstance(number, int))
    shown = {str(number): name for number, name in names.items()}
    stems = {name.removesuffix("_before").removesuffix("_after") for name in _WITH_A_DUTY}
    return {
        "role": {str(role): name for role, name in ROLE_NAMES.items()},
        "source": _SOURCES,
        **dict.fromkeys(stems, shown),
    }
