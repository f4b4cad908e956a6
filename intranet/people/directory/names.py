"""Filters and distinguished names: the one place that builds or compares them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from intranet.people.snapshot import fold

_HEX = re.compile(r"[0-9a-fA-F]{2}")


def escape_value(value: str) -> str:
    """Return the text as an assertion value of a filter (RFC 4515): nothing in it is syntax."""
    return "".join(f"\\{ord(char):02x}" if char in "\\*()\0" else char for char in value)


def equals_any(attributes: Iterable[str], value: str) -> str:
    """Return the filter: one of the attributes equals the value."""
    parts = "".join(f"({attribute}={escape_value(value)})" for attribute in attributes)
    return f"(|{parts})"


def equals_one_of(attribute: str, values: Iterable[str]) -> str:
    """Return the filter: the attribute equals one of the values."""
    return "(|" + "".join(f"({attribute}={escape_value(value)})" for value in values) + ")"


def both(first: str, second: str) -> str:
    """Return the filter: both hold."""
    return f"(&{first}{second})"


@lru_cache(maxsize=100_000)
def dn_key(dn: str) -> tuple[str, ...]:
    """Return the name as a tuple from the top down, comparable whatever case and escapes it has.

    Each part is "attribute=value" folded; the attributes of a compound part are sorted. The tuple
    of an entry begins with the tuple of everything above it.
    """
    parts = []
    for rdn in _split(dn, ","):
        pairs = []
        for pair in _split(rdn, "+"):
            attribute, _equals, value = pair.partition("=")
            pairs.append(f"{attribute.strip().casefold()}={fold(_unescape(value.strip()))}")
        parts.append("+".join(sorted(pairs)))
    return tuple(reversed(parts))


def is_below(dn: str, base: str) -> bool:
    """Whether the entry lies below the base, or is it."""
    key, top = dn_key(dn), dn_key(base)
    return key[: len(top)] == top


def _split(text: str, separator: str) -> list[str]:
    parts, start, index = [], 0, 0
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        if text[index] == separator:
            parts.append(text[start:index])
            start = index + 1
        index += 1
    parts.append(text[start:])
    return parts


def _unescape(value: str) -> str:
    raw = bytearray()
    index = 0
    while index < len(value):
        char = value[index]
        if char != "\\" or index + 1 == len(value):
            raw += char.encode("utf-8", "surrogatepass")
            index += 1
        elif _HEX.match(value[index + 1 : index + 3]):
            raw.append(int(value[index + 1 : index + 3], 16))
            index += 3
        else:
            raw += value[index + 1].encode("utf-8", "surrogatepass")
            index += 2
    return raw.decode("utf-8", "replace")
