"""What the pages of letters share: who the writer is, the letter as a document, the case's list."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request

from intranet.core.actor import Viewer
from intranet.core.errors import NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.deviations import letter_words
from intranet.deviations.letter_document import LetterDocument
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_policy import (
    reads_closed_letters,
    waits_for_reopening,
    writes_letters,
)
from intranet.deviations.letter_shapes import LetterKind, Shape
from intranet.deviations.letters import LETTERS, kinds_for
from intranet.deviations.queries import letters as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.queries.letter_places import document_of
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.special import Special, roles_of
from intranet.web.access import current_viewer


@dataclass(frozen=True)
class Button:
    """A letter that can be begun, or the draft of it that somebody has begun."""

    kind: LetterKind
    slug: str
    label: str
    draft_id: int | None = None


@dataclass(frozen=True)
class Letters:
    """What the case's page shows of letters: the list, and the buttons by deadline."""

    rows: list[queries.LetterRow] = field(default_factory=list)
    buttons: dict[str, list[Button]] = field(default_factory=dict)
    others: list[Button] = field(default_factory=list)


@blueprint.context_processor
def add_letters() -> dict[str, object]:
    """Give the case's page its letters, and the words for them."""
    return {
        "letters_of": letters_of,
        "letter_name": letter_words.letter_name,
        "letter_state": letter_state,
        "letter_languages": letter_words.LANGUAGES,
    }


def letters_of(case: Case, special: Special) -> Letters:
    """Return the letters of the case, as far as the viewer may see and make them."""
    if special.details is None or not special.sees:
        return Letters()
    rows = queries.list_letters(case.deviation.id)
    if not special.works:
        return Letters(rows)
    drafts = {row.kind: row.id for row in reversed(rows) if row.is_draft}
    buttons: dict[str, list[Button]] = {}
    others = []
    names = [(clock.key, clock.phase) for clock in special.clocks]
    open_names = {(clock.key, clock.phase) for clock in special.clocks if clock.is_open}
    for each in kinds_for(special.kind, names):
        rule = LETTERS[each]
        if rule.clock in open_names:
            button = Button(each, rule.slug, str(letter_words.MAKE[each]), drafts.get(each))
            buttons.setdefault(".".join(rule.clock), []).append(button)
        elif rule.shape != Shape.DECISION:
            name = _("Nytt: %(letter)s", letter=letter_words.letter_name(each))
            others.append(Button(each, rule.slug, name, drafts.get(each)))
    return Letters(rows, buttons, others)


def letter_state(row: queries.LetterRow | DeviationLetter) -> tuple[object, str]:
    """Return the state of a letter in words, and its colour."""
    is_letter = LETTERS[LetterKind(row.kind)].shape != Shape.DECISION
    return letter_words.state_words(row.state, is_sent=row.sent_at is not None, is_letter=is_letter)


def decided_reason(number: int) -> str:
    """Return the reason of the decision that the address names, for the form that it leads to."""
    letter_id, viewer = request.args.get("brev", 0, type=int), current_viewer()
    if not letter_id:
        return ""
    letter = queries.get_letter_for(viewer, get_deviation_for(viewer, number), letter_id)
    return letter.texts.get("unlikely", "")


def demand_writer(case: Case, viewer: Viewer) -> None:
    """Raise NotAllowed for those who see the case and may not write its letters.

    NotPossibleNow for a writer whose case was rejected or withdrawn.
    """
    kind, roles = kind_of(case.deviation.id), roles_of(case)
    if waits_for_reopening(viewer, case.access, kind, roles):
        raise NotPossibleNow(_("Saken er avvist eller trukket. Da kan ingen skrive brev i den."))
    if not writes_letters(viewer, case.access, kind, roles):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))


def shown_document(case: Case, letter: DeviationLetter, viewer: Viewer) -> LetterDocument:
    """Return the letter as this viewer may read it."""
    document = document_of(case, letter)
    if reads_closed_letters(viewer, case.access):
        return document
    return document.without_closed()
