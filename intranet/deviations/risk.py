"""Risk as consequence x probability, five by five: how grave a pair is. Pure."""

from __future__ import annotations

from enum import StrEnum

LEVELS = (1, 2, 3, 4, 5)
_HIGH_FROM = 15
_MEDIUM_FROM = 6


class Band(StrEnum):
    """How grave the risk is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def band_of(consequence: int, probability: int) -> Band:
    """Return the band of the pair; the worst consequence is never a low risk, however rare."""
    if consequence not in LEVELS or probability not in LEVELS:
        raise ValueError(f"not on the scale from 1 to 5: {consequence} x {probability}")
    score = consequence * probability
    if score >= _HIGH_FROM:
        return Band.HIGH
    if score >= _MEDIUM_FROM or consequence == max(LEVELS):
        return Band.MEDIUM
    return Band.LOW
