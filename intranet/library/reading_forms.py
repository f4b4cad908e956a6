"""The shape of what is typed about readers; the rules are in `reading.py` and the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from intranet.core.text import _, _l
from intranet.library.reading import DEFAULT_DAYS, MOST_DAYS, MOST_QUESTIONS, Question, Readers
from intranet.people.forms import ROLE_NAMES
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.people.roles import DIRECTORY_ONLY
from intranet.web.forms import BaseForm, ChoiceField, VersionedForm

_WRONG_NUMBER = _l("Skriv et antall dager fra 1 til 365.")
# What a choice of readers is sent as: "all", "role:editor", "title:Sykepleier".
_SEPARATOR = ":"
QUESTION_FIELDS = [f"answer_{place}" for place in range(MOST_QUESTIONS)]


class AddReadersForm(BaseForm):
    """Who must read the document, and within how many days."""

    unit = ChoiceField(_l("Sted"), validators=[InputRequired(_l("Velg en enhet."))])
    who = SelectField(_l("Hvem der"), validators=[InputRequired(_l("Velg hvem som skal lese."))])
    days = IntegerField(
        _l("Dager til å lese"),
        validators=[
            InputRequired(_WRONG_NUMBER),
            NumberRange(1, MOST_DAYS, message=_WRONG_NUMBER),
        ],
        default=DEFAULT_DAYS,
        description=_l("Regnes fra dagen da den enkelte blir bedt om å lese."),
    )


class ConfirmReadingForm(VersionedForm):
    """That the version shown is read and understood, with the answers to the control questions."""

    answer_0 = RadioField("", coerce=int, validators=[Optional()], validate_choice=False)
    answer_1 = RadioField("", coerce=int, validators=[Optional()], validate_choice=False)
    answer_2 = RadioField("", coerce=int, validators=[Optional()], validate_choice=False)


class ReadersFilterForm(BaseForm):
    """Whose reading is listed; sent in the address."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False

    enhet = ChoiceField(_l("Enhet"), validate_choice=False)
    vis = SelectField(_l("Vis"), validate_choice=False)


def offer_readers(form: AddReadersForm, units: list[UnitRow], titles: Sequence[str]) -> None:
    """Fill in the places that the person may ask in, and whom."""
    form.unit.choices = [("", _("Velg")), *unit_choices(units)]
    form.who.choices = [
        (str(Readers.ALL), _("Alle ansatte")),
        (str(Readers.LEADERS), _("Ledere")),
        *(
            (f"{Readers.ROLE}{_SEPARATOR}{role}", str(name))
            for role, name in ROLE_NAMES.items()
            if role not in DIRECTORY_ONLY
        ),
        *((f"{Readers.TITLE}{_SEPARATOR}{title}", title) for title in titles),
    ]


def chosen_readers(form: AddReadersForm) -> tuple[Readers, str]:
    """Return whom the form names, after it was found valid."""
    kind, _colon, value = form.who.data.partition(_SEPARATOR)
    return Readers(kind), value


def readers_label(readers: str, value: str) -> str:
    """Return whom a rule means, in words."""
    if readers == Readers.ROLE:
        return next((str(name) for role, name in ROLE_NAMES.items() if role == value), value)
    return {Readers.ALL: _("Alle ansatte"), Readers.LEADERS: _("Ledere")}.get(
        Readers(readers), value
    )


def offer_questions(form: ConfirmReadingForm, questions: Sequence[Question]) -> None:
    """Fill in the control questions of the document."""
    for field, question in zip(question_fields(form, questions), questions, strict=True):
        field.label.text = question.text
        field.choices = list(enumerate(question.choices))


def question_fields(form: ConfirmReadingForm, questions: Sequence[Question]) -> list[Any]:
    """Return the fields that are in use."""
    return [form[name] for name in QUESTION_FIELDS[: len(questions)]]


def answers_of(form: ConfirmReadingForm) -> list[int | None]:
    """Return what was answered, None where nothing was."""
    return [
        form[name].data if isinstance(form[name].data, int) else None for name in QUESTION_FIELDS
    ]


def mark_wrong(form: ConfirmReadingForm, questions: Sequence[Question], wrong: list[int]) -> None:
    """Say at each question that is not answered right what to think of."""
    fields = question_fields(form, questions)
    for place in wrong:
        hint = questions[place].explanation
        missing = fields[place].data is None
        text = _("Velg et svar.") if missing else _("Ikke helt riktig. Prøv en gang til.")
        fields[place].errors = [f"{text} {hint}".strip() if not missing else text]
