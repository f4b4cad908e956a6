"""Case numbers in a series of their own: "V2026-0003"; nothing else."""

from __future__ import annotations

from intranet.deviations import numbers


def number_words(number: int) -> str:
    """The number as people say it."""
    return f"V{numbers.number_words(number)}"
