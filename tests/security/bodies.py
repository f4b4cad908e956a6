"""Reads `bodies.toml`: what each POST route is sent, with the values of the world filled in."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("bodies.toml")
ALL_FIELDS = "*"
Body = dict[str, Any]


def read() -> dict[str, Body]:
    """Return the body of each endpoint as it stands in the file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def fill(body: Body, values: Body) -> Body:
    """Return the body with values and files in place of their names, as a client sends it."""
    found: Body = {}
    for name, value in body.items():
        if name == ALL_FIELDS:
            found.update(values[value.removeprefix("$")])
        elif value.startswith("$"):
            found[name] = str(values[value.removeprefix("$")])
        elif value.startswith("@"):
            file = value.removeprefix("@")
            found[name] = (io.BytesIO(values.get(file, b"En liten fil.")), file)
        else:
            found[name] = value
    return found
