"""The shape of what is typed in a hearing; the rules are in `hearing.py` and the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.text import _, _l
from intranet.library.hearing import (
    ANSWER_LENGTH,
    COMMENT_LENGTH,
    NAME_LENGTH,
    REASON_LENGTH,
    WHOLE,
    WORDS_LENGTH,
    HearingAnswer,
)
from intranet.people.forms import PersonField
from intranet.people.queries.units import UnitRow
from intranet.web.forms import BaseForm, VersionedForm

_LINE = 60


def _comment_field() -> TextAreaField:
    return TextAreaField(
        _l("Merknad"),
        validators=[
            DataRequired(_l("Skriv merknaden.")),
            Length(max=COMMENT_LENGTH, message=_l("Merknaden kan ha høyst 4000 tegn.")),
        ],
        render_kw={"rows": 5},
    )


class SendToHearingForm(VersionedForm):
    """Who is asked, until when, and with which words."""

    units = SelectMultipleField(
        _l("Enheter"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Alle som arbeider der nå, og i enhetene under, blir spurt."),
    )
    persons = SelectMultipleField(
        _l("Personer som blir spurt"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    person = PersonField(
        _l("Legg til en person"),
        validators=[Length(max=NAME_LENGTH, message=_l("Skriv ett navn om gangen."))],
        description=_l("Navn eller brukernavn."),
    )
    due_on = DateField(
        _l("Frist"),
        validators=[InputRequired(_l("Velg siste dag for merknader."))],
        description=_l("Siste dag for merknader."),
    )
    words = TextAreaField(
        _l("Hva vil du ha svar på?"),
        validators=[Length(max=WORDS_LENGTH, message=_l("Teksten kan ha høyst 2000 tegn."))],
        render_kw={"rows": 4},
    )


class CommentForm(BaseForm):
    """A comment on the whole document or on a paragraph."""

    place = SelectField(_l("Hva gjelder merknaden?"), coerce=int)
    text = _comment_field()


class ChangeCommentForm(VersionedForm):
    """The own comment in other words."""

    text = _comment_field()


class AnswerCommentForm(VersionedForm):
    """Whether a comment is followed, and why not."""

    answer = RadioField(
        _l("Er merknaden fulgt?"),
        choices=[
            SelectChoice(HearingAnswer.FOLLOWED, _l("Fulgt")),
            SelectChoice(HearingAnswer.NOT_FOLLOWED, _l("Ikke fulgt")),
        ],
        validators=[InputRequired(_l("Velg om merknaden er fulgt."))],
    )
    text = TextAreaField(
        _l("Begrunnelse"),
        validators=[Length(max=ANSWER_LENGTH, message=_l("Teksten kan ha høyst 2000 tegn."))],
        description=_l(
            "Må være med når merknaden ikke er fulgt. Alle som leser høringen, ser den."
        ),
        render_kw={"rows": 4},
    )


class ExtendHearingForm(VersionedForm):
    """A later deadline."""

    due_on = DateField(_l("Ny frist"), validators=[InputRequired(_l("Velg en dag."))])


class CloseHearingForm(VersionedForm):
    """Why a hearing ends before its deadline."""

    reason = TextAreaField(
        _l("Hvorfor avsluttes den før fristen?"),
        validators=[
            DataRequired(_l("Skriv hvorfor høringen avsluttes.")),
            Length(max=REASON_LENGTH, message=_l("Teksten kan ha høyst 1000 tegn.")),
        ],
        render_kw={"rows": 3},
    )


def offer_units(form: SendToHearingForm, units: list[UnitRow]) -> None:
    """Fill in the units that may be asked, in reading order."""
    form.units.choices = [
        (unit.id, "\N{NO-BREAK SPACE}" * 3 * unit.depth + unit.name) for unit in units
    ]


def offer_persons(form: SendToHearingForm, people: Sequence[tuple[int, str]]) -> None:
    """Fill in the persons chosen so far, as (id, name); who is unticked is not asked."""
    form.persons.choices = list(people)


def add_person(form: SendToHearingForm, person_id: int, name: str) -> None:
    """Put one more on the list, ticked, and empty the field."""
    chosen = [*(form.persons.data or []), person_id]
    form.persons.choices = list(dict.fromkeys([*(form.persons.choices or []), (person_id, name)]))
    form.persons.data = list(dict.fromkeys(chosen))
    form.person.data, form.person.raw_data = "", None


def offer_places(form: CommentForm, blocks: Sequence[Any]) -> None:
    """Fill in the paragraphs of the text, each with its first words."""
    form.place.choices = [
        (WHOLE, _("Hele dokumentet")),
        *(
            (place, f"{place_name(place)}: {_first_words(block)}")
            for place, block in enumerate(blocks, 1)
        ),
    ]


def place_name(place: int) -> str:
    """Return what a place in the text is called."""
    return _("Avsnitt %(number)s", number=place) if place else _("Hele dokumentet")


def _first_words(block: Any) -> str:
    words = " ".join(block.striptags().split())
    return words if len(words) <= _LINE else f"{words[:_LINE].rstrip()} …"
