"""The forms of special types and statutory clocks: shapes and limits; decide nothing."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from intranet.core.text import _l
from intranet.deviations.clocks import Limit
from intranet.deviations.forms import SHORT, GuardedForm
from intranet.deviations.type_words import CHOICES, KINDS, LIMITS, QUESTIONS
from intranet.deviations.types import NO, TYPES, YES, Kind, Shape
from intranet.web.forms import BaseForm, VersionedForm

_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")
_DAY_MISSING = _l("Skriv datoen.")
_CLOCK_MISSING = _l("Skriv klokkeslettet.")
PREFIX = "svar_"
_WHEN_NEEDED = {
    False: _l("Må besvares før saken lukkes."),
    True: _l("Må besvares når bruddet ikke blir meldt."),
}


class KindForm(BaseForm):
    """What kind of event it is; the choices are set by the view."""

    kind = RadioField(
        _l("Hva slags hendelse er det?"),
        choices=[SelectChoice(kind, KINDS[kind]) for kind in Kind],
        validators=[InputRequired(_l("Velg en type."))],
    )


class AcceptKindForm(BaseForm):
    """The kind that the page proposed."""

    kind = HiddenField()


class DeclineKindForm(GuardedForm):
    """Why it was an ordinary case."""

    kind = HiddenField()
    reason = TextAreaField(
        _l("Hvorfor er det et vanlig avvik?"),
        validators=[
            DataRequired(_l("Skriv hvorfor det er et vanlig avvik.")),
            Length(max=SHORT, message=_TOO_LONG),
        ],
        description=_l("Grunnen blir tatt vare på. Frister som løper, blir avsluttet med den."),
        render_kw={"rows": 2},
    )


class MomentForm(BaseForm):
    """A day and a time of day."""

    day = DateField(_l("Dato"), validators=[DataRequired(_DAY_MISSING)])
    clock = TimeField(_l("Klokkeslett"), validators=[InputRequired(_CLOCK_MISSING)])


class SettleClockForm(MomentForm, GuardedForm):
    """What was done, when, and its number."""

    note = TextAreaField(
        _l("Hva er sendt eller gjort?"),
        validators=[
            DataRequired(_l("Skriv hva som er sendt eller gjort.")),
            Length(max=SHORT, message=_TOO_LONG),
        ],
        description=_l("Skriv hva, hvordan og hvem som tok det imot. Ikke skriv navn på berørte."),
        render_kw={"rows": 3},
    )
    reference = StringField(
        _l("Saksnummer eller kvittering"), validators=[Length(max=100, message=_TOO_LONG)]
    )
    reason = TextAreaField(
        _l("Hvorfor ble det for sent?"),
        validators=[Length(max=SHORT, message=_TOO_LONG)],
        description=_l("Må fylles ut når fristen var ute."),
        render_kw={"rows": 2},
    )


class DismissClockForm(GuardedForm):
    """Why the clock does not apply."""

    reason = TextAreaField(
        _l("Hvorfor gjelder ikke fristen?"),
        validators=[
            DataRequired(_l("Skriv hvorfor fristen ikke gjelder.")),
            Length(max=SHORT, message=_TOO_LONG),
        ],
        description=_l("Begrunnelsen blir tatt vare på i saken."),
        render_kw={"rows": 3},
    )


class CorrectStartForm(MomentForm, GuardedForm):
    """When the municipality became aware, and why the first moment was wrong."""

    reason = TextAreaField(
        _l("Hvorfor rettes tidspunktet?"),
        validators=[
            DataRequired(_l("Skriv hvorfor tidspunktet rettes.")),
            Length(max=SHORT, message=_TOO_LONG),
        ],
        description=_l("Det første tidspunktet blir tatt vare på."),
        render_kw={"rows": 3},
    )


class HiddenTextForm(VersionedForm):
    """Names, or medical facts with consent. Not guarded: it is the place for names."""

    text = TextAreaField(
        _l("Lukket del"),
        validators=[Length(max=SHORT, message=_TOO_LONG)],
        description=_l("Bare den som behandler saken ser dette. Hver åpning blir logget."),
        render_kw={"rows": 6},
    )


class ClockRuleForm(VersionedForm):
    """One rule of the administrator's table."""

    law = StringField(
        _l("Hjemmel"),
        validators=[DataRequired(_l("Skriv hjemmelen.")), Length(max=120, message=_TOO_LONG)],
    )
    recipient = StringField(
        _l("Hvem skal ha det?"),
        validators=[
            DataRequired(_l("Skriv hvem som skal ha det.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Ta med telefonnummer når det skal ringes."),
    )
    limit = SelectField(
        _l("Slik regnes fristen"),
        choices=[SelectChoice(limit, LIMITS[limit]) for limit in Limit],
        validators=[InputRequired(_l("Velg hvordan fristen regnes."))],
    )
    amount = IntegerField(
        _l("Antall"),
        validators=[
            InputRequired(_l("Skriv et tall.")),
            NumberRange(0, 1000, message=_l("Skriv et tall fra 0 til 1000.")),
        ],
        description=_l("0 når det skal skje straks."),
    )
    is_own = BooleanField(_l("Tallet er kommunens eget, loven sier «snarest» eller lignende"))
    valid_from = DateField(_l("Gjelder fra og med"), validators=[DataRequired(_DAY_MISSING)])
    valid_to = DateField(_l("Gjelder til og med"), validators=[Optional()])
    is_active = BooleanField(_l("I bruk i kommunen"))


def answers_form(kind: Kind, answers: dict[str, str], version: int, *, is_sent: bool) -> Any:
    """Return the form with the questions of a kind, filled in with what was answered."""
    fields: dict[str, Any] = {}
    for question in TYPES[kind].questions:
        if question.is_retired:
            continue
        label = QUESTIONS[f"{kind}.{question.key}"]
        hint = _WHEN_NEEDED[bool(question.when)] if question.is_demanded else _l("Valgfritt")
        if question.shape == Shape.TEXT:
            fields[PREFIX + question.key] = TextAreaField(
                label,
                validators=[Length(max=SHORT, message=_TOO_LONG)],
                description=hint,
                render_kw={"rows": 3},
            )
            continue
        choices = (YES, NO) if question.shape == Shape.YES_NO else question.choices
        fields[PREFIX + question.key] = RadioField(
            label,
            choices=[SelectChoice(choice, CHOICES[choice]) for choice in choices],
            validators=[Optional()],
            description=hint,
        )
    form_class = type("AnswersForm", (GuardedForm, VersionedForm), fields)
    values = {PREFIX + key: value for key, value in answers.items()}
    if is_sent:
        return form_class()
    return form_class(formdata=None, data={**values, "version": version})


def text_names(form: Any, kind: Kind) -> list[str]:
    """Return the names of the text fields among the questions of a kind."""
    return [
        PREFIX + question.key
        for question in TYPES[kind].questions
        if question.shape == Shape.TEXT and PREFIX + question.key in form
    ]


def answers_of(form: Any) -> dict[str, str]:
    """Return the answers by the questions' keys."""
    return {
        field.short_name.removeprefix(PREFIX): field.data or ""
        for field in form
        if field.short_name.startswith(PREFIX)
    }
