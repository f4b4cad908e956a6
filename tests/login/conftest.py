"""A directory whose accounts the login page asks."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from intranet.core.settings import get_settings
from intranet.people.embedded_directory import hash_password
from tests.cast import PERSONS, Cast

PASSWORD = " Sommer²½ 2026! "


@pytest.fixture
def directory(app: Flask, people: Cast) -> None:
    """The cast as accounts of the directory; everybody has the same awkward password."""
    with app.app_context():
        write_directory()


def write_directory() -> None:
    """Write the file that the directory in use reads."""
    secret = hash_password(PASSWORD)
    content = {
        "units": [
            {"key": "unit-municipality", "name": "Havnsund kommune", "level": "municipality"}
        ],
        "persons": [
            {
                "key": f"person-{key}",
                "username": key,
                "password_hash": secret,
                "name": name,
                "unit_keys": ["unit-municipality"],
                "is_enabled": key != "tor",
            }
            for key, (name, _unit) in PERSONS.items()
        ],
    }
    path = get_settings().directory_file
    assert path is not None
    path.write_text(json.dumps(content), encoding="utf-8")
