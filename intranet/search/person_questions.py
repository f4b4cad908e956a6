"""Whether a question asks for a person: by a role, by a telephone number; pure, and never raises.

"hvem er verneombud på Solbakken", "leder på hjemmetjenesten", "tlf 5512". A question about a role
("leder og taushetsplikt") is no such question: what is left of it must be a unit's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intranet.core.actor import Role
from intranet.search import norwegian


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONGEST = 200
_LEAST_DIGITS, _MOST_DIGITS = 3, 8
_COUNTRY = "47"
_NUMBER = re.compile(r"(?:\+|00)?\d[\d ]{1,18}\d")
_NUMBER_WORDS = _words(
    "tlf telefon telefonen telefonnummer telefonnummeret nummer nummeret nr mobil mobilnummer "
    "internnummer internnr intern linje ring ringe hvem kven har på til som er"
)
# Words around a role that say nothing of where.
_BETWEEN = _words(
    "hvem kven er heter heiter på ved i for hos til av vår våre vårt min mitt mine vår din dykkar "
    "den det som kan jeg eg finne finn navn namn navnet kontakt nå no våres meg oss"
)


# Stands for the whole municipality where a unit's words would.
CHIEF = "*"


@dataclass(frozen=True, slots=True)
class RoleAsked:
    """Who has a part: `role`, or leads. `unit` holds the words left, none for one's own unit."""

    role: Role | None
    unit: tuple[str, ...]

    @property
    def is_leader(self) -> bool:
        """Whether the unit's leader is asked for."""
        return self.role is None


_ENDINGS = ("", "en", "et", "ene", "ne")
# By whole forms: the stem of "leder" is that of "lede" too.
_ROLES: dict[str, Role | None] = {
    word + ending: role
    for role, words in (
        (None, "leder leiar enhetsleder einingsleiar avdelingsleder avdelingsleiar sjef rektor "
               "styrer styrar virksomhetsleder verksemdleiar kommunalsjef"),
        (Role.SAFETY_REPRESENTATIVE, "verneombud verneombod"),
        (Role.CHIEF_SAFETY_REPRESENTATIVE, "hovedverneombud hovudverneombod"),
        (Role.DATA_PROTECTION_OFFICER, "personvernombud personvernombod dpo"),
        (Role.QUALITY_ADVISER, "kvalitetsrådgiver kvalitetsrådgivar kvalitetsansvarlig"),
        (Role.EDITOR, "redaktør nettredaktør"),
    )
    for word in words.split()
    for ending in _ENDINGS
}  # fmt: skip
_CHIEFS = frozenset(word + end for word in ("rådmann", "kommunedirektør") for end in _ENDINGS)


def asked_number(text: str) -> str:
    """The digits of a telephone number or an extension that is all that the question asks for."""
    words = norwegian.normalise(text[:_LONGEST]).lower().split()
    left = " ".join(word for word in words if word.strip(".:,?") not in _NUMBER_WORDS)
    if not _NUMBER.fullmatch(left.strip("?. ")):
        return ""
    return own_digits(left)


def own_digits(number: str) -> str:
    """A number's digits without Norway's; empty for what is too short or long for one."""
    digits = re.sub(r"\D", "", number).removeprefix("00")
    if len(digits) == _MOST_DIGITS + len(_COUNTRY):
        digits = digits.removeprefix(_COUNTRY)
    return digits if _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS else ""


def asked_role(text: str) -> RoleAsked | None:
    """The role that somebody asks for, and the words that may name where."""
    words = list(norwegian.bare_words([norwegian.normalise(text[:_LONGEST])]))
    at = next((i for i, word in enumerate(words) if word in _ROLES or word in _CHIEFS), None)
    if at is None:
        return None
    left = tuple(word for word in (*words[:at], *words[at + 1 :]) if word not in _BETWEEN)
    if words[at] in _CHIEFS:
        return None if left else RoleAsked(None, (CHIEF,))
    return RoleAsked(_ROLES[words[at]], left)
