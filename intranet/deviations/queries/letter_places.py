"""Where a letter stands in its case, and the document that it makes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from intranet.core.clock import OSLO, now
from intranet.core.settings import get_settings
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.letter_document import (
    LetterDocument,
    Setting,
    compose_letter,
    day_words,
    document_from,
)
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_shapes import LetterKind, LetterState, missing_fields
from intranet.deviations.letters import LETTERS
from intranet.deviations.numbers import number_words
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.letter_facts import is_letter_late, sender_address
from intranet.deviations.queries.letters import find_clock_of, find_earlier, next_number_of


@dataclass(frozen=True)
class Place:
    """The next letter of a kind in a case: its number, its deadline, and the one before."""

    kind: LetterKind
    number: int
    clock: StatutoryClock | None
    earlier: DeviationLetter | None
    is_late: bool


def place_of(case: Case, kind: LetterKind) -> Place:
    """Return where the next letter of the kind stands now."""
    clock = find_clock_of(case.deviation.id, kind)
    return Place(
        kind,
        next_number_of(case.deviation.id, kind),
        clock,
        find_earlier(case.deviation.id, kind),
        is_letter_late(clock),
    )


def document_of(case: Case, letter: DeviationLetter, *, dated: bool = False) -> LetterDocument:
    """Return the letter as it was finished, or as the draft stands now, with everything in it.

    `dated`: with today's day, for the one that is to be finished.
    """
    if letter.state == LetterState.FINISHED and letter.document:
        return document_from(letter.document)
    place = place_of(case, LetterKind(letter.kind))
    setting = Setting(
        municipality=get_settings().municipality,
        unit=case.unit_name,
        reference=number_words(case.deviation.number),
        number=place.number,
        on=_day(now()) if dated else None,
        before_on=_day(place.earlier.finished_at) if place.earlier else None,
        address=sender_address(),
        known={"one_year": day_words(_one_year_after(case.deviation.happened_at))},
    )
    return compose_letter(place.kind, letter.language, letter.values, setting)


def missing_in(case: Case, letter: DeviationLetter) -> list[str]:
    """Return the keys of what the law demands and the draft does not say yet."""
    place = place_of(case, LetterKind(letter.kind))
    return missing_fields(
        LETTERS[place.kind], letter.values, number=place.number, is_late=place.is_late
    )


def _one_year_after(moment: datetime) -> date:
    """The last day within one year (folketrygdloven § 13-14 fourth paragraph)."""
    day = moment.astimezone(OSLO).date()
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(OSLO).date()
