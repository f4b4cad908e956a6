"""Reads and writes amounts in whole kroner as people do. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from intranet.delegations.rules import LARGEST_AMOUNT

NO_BREAK_SPACE = "\u00a0"
_AROUND = re.compile(r"^(?:kr\.?|nok)|(?:kroner|kr\.?|nok)$", re.IGNORECASE)
_NO_ORE = re.compile(r",(?:00|0|-|–|—)?$")
_MILLIONS = re.compile(r"^(\d{1,6})(?:,(\d{1,3}))?(?:mill(?:ion(?:er)?)?|mnok)\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"^\d{1,18}$|^\d{1,3}(?:\.\d{3}){1,5}$")
_MINUS = ("-", "−", "–")


class AmountFault(StrEnum):
    """Why what was typed is no amount."""

    UNREADABLE = "unreadable"
    NOT_POSITIVE = "not_positive"
    HAS_ORE = "has_ore"
    TOO_LARGE = "too_large"


def parse_amount(typed: str) -> int | AmountFault | None:
    """Return whole kroner of «250 000», «250.000 kr», «kr 250 000,-» or «1,5 mill.»; None of "".

    A dot parts thousands and a comma parts øre, as Norwegians write; øre are refused.
    """
    text = "".join(typed.split())
    if not text:
        return None
    text = _AROUND.sub("", _AROUND.sub("", text))
    if text.startswith(_MINUS):
        return AmountFault.NOT_POSITIVE
    millions = _MILLIONS.match(text)
    if millions:
        found = int(millions[1]) * 10**6 + int((millions[2] or "0").ljust(3, "0")) * 1000
    else:
        text = _NO_ORE.sub("", text)
        if re.fullmatch(r"[\d.]+,\d{1,2}", text):
            return AmountFault.HAS_ORE
        if not text.isascii() or not _PLAIN.match(text):
            return AmountFault.UNREADABLE
        found = int(text.replace(".", ""))
    if found <= 0:
        return AmountFault.NOT_POSITIVE
    return AmountFault.TOO_LARGE if found > LARGEST_AMOUNT else found


def write_amount(amount: int) -> str:
    """Return «250 000», its parts kept on one line."""
    return f"{amount:,}".replace(",", NO_BREAK_SPACE)
