"""Typesets a letter and keeps the bytes; to be called before the transaction begins."""

from __future__ import annotations

from intranet.core.clock import now
from intranet.core.files import ReceivedFile, keep_made
from intranet.core.pdf import make_pdf
from intranet.deviations.letter_document import FRAMES, LetterDocument
from intranet.deviations.letter_shapes import LetterKind, Shape
from intranet.deviations.letters import LETTERS
from intranet.deviations.numbers import number_words
from intranet.deviations.queries.cases import Case


def typeset_letter(case: Case, kind: LetterKind, document: LetterDocument) -> ReceivedFile | None:
    """Return the PDF of the letter, tagged for screen readers; a checklist has none."""
    if LETTERS[kind].shape == Shape.CHECKLIST:
        return None
    frame = FRAMES[document.language]
    words = {
        "to_label": frame.to,
        "copy_label": frame.copy,
        "reference_label": frame.reference,
        "page": frame.page,
    }
    made = make_pdf("deviations/letter.typ", {**document.as_data(), **words}, made_at=now())
    name = f"{LETTERS[kind].slug}-{number_words(case.deviation.number)}.pdf"
    return keep_made(made, name, "application/pdf")
