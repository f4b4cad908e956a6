"""What the list of proposals puts into a field where a person is chosen. Pure."""

from __future__ import annotations

import re

# Two may have the same name: then the number tells them apart.
_PICKED = re.compile(r".+ \(nr\. ([0-9]{1,9})\)")


def picked_id(typed: str) -> int | None:
    """Return the number of "Tor Tveit (nr. 7)", as the list of proposals writes it, or None."""
    found = _PICKED.fullmatch(typed.strip())
    return int(found[1]) if found else None
