"""What the kinds of fault of a backup are called in the audit and on the administrator's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intranet.core.text import _l

FAULT_NAMES: dict[str, Any] = {
    "content": _l("innholdet stemmer ikke"),
    "database": _l("databasen kunne ikke kopieres"),
    "disk": _l("mappa kan ikke skrives i"),
    "disk_full": _l("ikke plass på disken"),
    "key": _l("offentlig nøkkel mangler"),
}


def audit_codes(details: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return by the name of the detail what each code stands for."""
    return {"fault": FAULT_NAMES}
