"""The letters of a case for the copy of it: what they say, without names and health."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.deviations.case_copy import Part, PartKind
from intranet.deviations.letter_document import document_from
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import sees_letters
from intranet.deviations.letter_shapes import LetterState
from intranet.deviations.letter_words import letter_name
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.letters import list_whole_letters
from intranet.deviations.type_words import moment_words


def list_letter_parts(case: Case, viewer: Viewer) -> list[Part]:
    """Return each letter as a part that may be withheld; of a draft only that it is there."""
    return [_part(letter) for letter in _load(case, viewer)]


def list_all_letter_parts(deviation_id: int) -> list[Part]:
    """Return them asking nobody's leave, with names and health: for a room that takes over."""
    letters = list_whole_letters(deviation_id)
    return [_part(letter, reads_closed=True) for letter in letters]


def letter_data(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the letters as data; moments in UTC. `has_closed`: the letter says more."""
    return [
        {
            "kind": str(letter.kind),
            "number": letter.number,
            "language": str(letter.language),
            "state": str(letter.state),
            "finished_at": _iso(letter.finished_at),
            "sent_at": _iso(letter.sent_at),
            "sent": letter.sent_note,
            "reference": letter.sent_reference,
            "texts": letter.texts if letter.state == LetterState.FINISHED else {},
            "has_closed": bool(letter.closed_texts),
        }
        for letter in _load(case, viewer)
    ]


def _load(case: Case, viewer: Viewer) -> list[DeviationLetter]:
    if not sees_letters(viewer, case.access):
        return []
    return list_whole_letters(case.deviation.id)


def _part(letter: DeviationLetter, *, reads_closed: bool = False) -> Part:
    heading = letter_name(letter.kind, letter.number)
    about = _("Utkast")
    lines: list[str] = []
    if letter.finished_at is not None and letter.document:
        about = _("Ferdig %(moment)s", moment=moment_words(letter.finished_at))
        document = document_from(letter.document)
        document = document if reads_closed else document.without_closed()
        lines = [f"{each.heading}\n{each.text}" for each in document.sections]
    if letter.sent_at is not None:
        about += ". " + _("Sendt %(moment)s", moment=moment_words(letter.sent_at))
        lines.append("\n".join(filter(None, (letter.sent_note, letter.sent_reference))))
    return Part(f"letter-{letter.id}", PartKind.DETAIL, heading, "\n\n".join(lines), about)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
