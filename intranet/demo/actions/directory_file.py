"""Writes the files that the demonstration needs on disk; no row of the database."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from intranet.demo.organisation import Organisation
from intranet.people.embedded_directory import hash_password

# Told by `flask demo accounts` and the README: it opens nothing but invented persons.
DEMO_PASSWORD = "Havnsund-2026"  # noqa: S105
# The control committee's secretary.
ABOVE_CHIEF = "ragnhild.storvik"


def write_directory_file(path: Path, organisation: Organisation) -> None:
    """Write all accounts, readable by the owner only; the file is whole or not there.

    The told accounts have a hash each; the others share one, for 250 of them would take long.
    """
    shared = hash_password(DEMO_PASSWORD)
    persons = [
        {
            "key": person.key,
            "username": person.username,
            "password_hash": hash_password(DEMO_PASSWORD) if person.account_role else shared,
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "title": person.title,
            "email": person.email,
            "phone": person.phone,
            "mobile": person.mobile,
            "unit_keys": list(person.unit_keys),
            "groups": list(person.groups),
            "is_enabled": True,
        }
        for person in organisation.persons
    ]
    units = [
        {
            "key": unit.key,
            "name": unit.name,
            "level": unit.level,
            "parent_key": unit.parent_key,
            "leader_key": unit.leader_key,
        }
        for unit in organisation.units
    ]
    _write(path, {"units": units, "persons": persons, "groups": {}})


def write_settings_file(path: Path) -> None:
    """Name who receives what concerns the chief executive, where no settings are made yet."""
    if not path.exists():
        path.write_text(f'recipient_above_chief = "{ABOVE_CHIEF}"\n', encoding="utf-8")


def _write(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    temporary.replace(path)
