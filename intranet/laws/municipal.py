"""How near an act or regulation is to what a municipality does. Pure; the words stand in `data/`.

Of the 4,200 in force, most are for others: the sea, the air, finance. Without this, everyday words
find those first.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_OURS, _OTHERS = 1.7, 0.6


def municipal_weight(refid: str, title: str) -> float:
    """What relevance is multiplied by: more than 1 for what every municipality works by."""
    if refid in _municipal_acts():
        return _OURS
    others, ours = _trade_words()
    text = title.lower()
    if any(word in text for word in others) and not any(word in text for word in ours):
        return _OTHERS
    return 1.0


@cache
def _municipal_acts() -> frozenset[str]:
    return frozenset(line.split()[0] for line in _lines("municipal_acts.txt"))


@cache
def _trade_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = _lines("other_trades.txt")
    at = lines.index("but")
    others = tuple(word for line in lines[:at] for word in line.split())
    return others, tuple(word for line in lines[at + 1 :] for word in line.split())


def _lines(name: str) -> list[str]:
    text = files("intranet.laws").joinpath("data", name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
