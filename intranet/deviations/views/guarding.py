"""Holds back a text with identity numbers, telephones or names, and shows where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.deviations import privacy_guard as guard
from intranet.deviations.privacy_guard import Finding, FindingKind, Piece
from intranet.people.queries.persons import find_names

_BEFORE, _AFTER = 40, 40


@dataclass(frozen=True)
class Marked:
    """One place that was found, with some of the text around it."""

    label: str
    kind: FindingKind
    pieces: list[Piece]


def holds_back(form: Any, names: Iterable[str], viewer: Viewer) -> bool:
    """Whether the texts of these fields must be changed, or explained, before they are sent.

    An identity number must go. A telephone or a name may stay when `privacy_reason` says why. What
    was found is left in `form.found`, for the page to show.
    """
    fields = [form[name] for name in names]
    found = {field.name: _find(field.data or "", viewer) for field in fields}
    form.found = [
        Marked(str(field.label.text), one.kind, _around(field.data, one))
        for field in fields
        for one in found[field.name]
    ]
    if not form.found:
        form.privacy_reason.data = ""
        return False
    for field in fields:
        if any(one.kind == FindingKind.IDENTITY for one in found[field.name]):
            field.errors = [*field.errors, _("Fjern fødselsnummeret fra teksten.")]
    reason = form.privacy_reason
    if guard.find_identity_numbers(reason.data or ""):
        reason.errors = [*reason.errors, _("Fjern fødselsnummeret fra teksten.")]
    if _may_be_explained(form.found) and not reason.data:
        reason.errors = [*reason.errors, _("Fjern det som er merket, eller skriv hvorfor.")]
    return bool(reason.errors) or any(field.errors for field in fields)


def _may_be_explained(found: list[Marked]) -> bool:
    return any(one.kind != FindingKind.IDENTITY for one in found)


def _find(text: str, viewer: Viewer) -> list[Finding]:
    found = guard.find_identity_numbers(text)
    found += guard.find_phones(text, found)
    places = guard.possible_names(text)
    wanted = {reading for readings in places.values() for reading in readings}
    known = {guard.name_words(name) for name in find_names(wanted, besides=viewer.id)}
    found += guard.match_names(places, known)
    return sorted(found, key=lambda one: one.start)


def _around(text: str, one: Finding) -> list[Piece]:
    """Return the found words with a little before and after, cut between words."""
    first = max(0, one.start - _BEFORE)
    last = min(len(text), one.end + _AFTER)
    if first:
        first = text.find(" ", first, one.start) + 1 or first
    if last < len(text):
        space = text.rfind(" ", one.end, last)
        last = last if space < 0 else space
    before = ("… " if first else "") + text[first : one.start]
    after = text[one.end : last] + (" …" if last < len(text) else "")
    return [Piece(before), Piece(text[one.start : one.end], one.kind), Piece(after)]
