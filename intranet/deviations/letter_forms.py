"""The forms of letters: one text per thing that the law demands; decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from intranet.core.text import _l
from intranet.deviations.clock_forms import SettleClockForm
from intranet.deviations.forms import LONG, TOO_LONG, GuardedForm
from intranet.deviations.letter_shapes import Draft, Language, LetterField, LetterKind, is_needed
from intranet.deviations.letter_words import LANGUAGES, field_words
from intranet.web.forms import VersionedForm

PREFIX = "felt_"
_CLOSED = _l("Bare den som behandler saken, kan lese dette feltet.")


class SendLetterForm(SettleClockForm):
    """When and how a letter was sent, and whether its deadline is met by it."""

    settles = BooleanField(_l("Marker også fristen som gjort"), default=True)


class LetterStepForm(VersionedForm):
    """A step with a letter that has nothing to fill in."""


def letter_form(
    kind: LetterKind, fields: Sequence[LetterField], *, number: int, is_late: bool
) -> type[Any]:
    """Return the form of a letter: what must be there is marked, but a draft may lack it."""
    made: dict[str, Any] = {
        "language": RadioField(
            _l("Språk"),
            choices=[SelectChoice(each, LANGUAGES[each]) for each in Language],
            default=Language.BOKMAL,
            validators=[InputRequired(_l("Velg språk."))],
        )
    }
    for each in fields:
        label, why = field_words(kind, each.key)
        shape = StringField if each.rows == 1 else TextAreaField
        made[PREFIX + each.key] = shape(
            label,
            validators=[Length(max=LONG, message=TOO_LONG)],
            description=f"{why} {_CLOSED}" if each.is_closed else why,
            render_kw={"rows": each.rows},
        )
    made["needed"] = [
        PREFIX + each.key for each in fields if is_needed(each, number=number, is_late=is_late)
    ]
    return type("LetterForm", (GuardedForm, VersionedForm), made)


def mark_needed(form: Any) -> Any:
    """Mark the fields that the finished letter must have, and return the form."""
    for name in form.needed:
        form[name].flags.required = True
    return form


def draft_of(form: Any) -> Draft:
    """Return what was typed, by the fields' keys."""
    texts = {
        field.short_name.removeprefix(PREFIX): field.data or ""
        for field in form
        if field.short_name.startswith(PREFIX)
    }
    return Draft(texts, Language(form.language.data), form.privacy_reason.data or "")


def guarded_names(fields: Sequence[LetterField]) -> list[str]:
    """Return the fields that are looked through: not the places for names."""
    return [PREFIX + each.key for each in fields if not each.is_closed and not each.has_names]
