"""What may stand in an address: numbers that the databases can hold, and text without NUL."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

# The databases' integers end here; a longer one is somebody's experiment.
LARGEST = 2**31 - 1


class NumberConverter(IntegerConverter):
    """`<int:number>` in plain digits; anything larger is an address that does not exist."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **options})


def number_parameter(name: str) -> int | None:
    """Return the number that `?name=` holds; None for everything that no page of ours writes."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST else None


def text_parameter(name: str, longest: int) -> str:
    """Return what `?name=` holds, without what no keyboard types, at most `longest` signs."""
    return request.args.get(name, "").replace("\0", "")[:longest]


def install(app: Flask) -> None:
    """Take over `int` in all addresses; called before any route is registered."""
    app.url_map.converters["int"] = NumberConverter
