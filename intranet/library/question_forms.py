"""The shape of the control questions as they are written; the rules are in the action."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from intranet.core.text import _l
from intranet.library.reading import MOST_CHOICES, MOST_QUESTIONS, QUESTION_LENGTH, Question
from intranet.web.forms import VersionedForm

_TOO_LONG = Length(max=QUESTION_LENGTH, message=_l("Teksten kan ha høyst 300 tegn."))
PLACES = range(MOST_QUESTIONS)


def _text() -> Any:
    return StringField(_l("Spørsmål"), validators=[_TOO_LONG])


def _choices() -> Any:
    return TextAreaField(
        _l("Svar å velge mellom"),
        validators=[Length(max=1000, message=_l("Teksten kan ha høyst 1000 tegn."))],
        description=_l("Fra to til fire, ett på hver linje."),
        render_kw={"rows": 4},
    )


def _right() -> Any:
    return SelectField(
        _l("Riktig svar står på linje"),
        coerce=int,
        validate_choice=False,
        choices=[SelectChoice(place, str(place + 1)) for place in range(MOST_CHOICES)],
    )


def _explanation() -> Any:
    return StringField(
        _l("Hjelp til den som svarer feil"),
        validators=[_TOO_LONG],
        description=_l("Si hvor i teksten svaret står. Ikke skriv selve svaret."),
    )


class EditQuestionsForm(VersionedForm):
    """Up to three control questions with choices."""

    text_0, text_1, text_2 = _text(), _text(), _text()
    choices_0, choices_1, choices_2 = _choices(), _choices(), _choices()
    right_0, right_1, right_2 = _right(), _right(), _right()
    explanation_0, explanation_1, explanation_2 = _explanation(), _explanation(), _explanation()


def values_of_questions(questions: list[Question]) -> dict[str, Any]:
    """Return the questions as the form shows them."""
    values: dict[str, Any] = {}
    for place, question in enumerate(questions):
        values[f"text_{place}"] = question.text
        values[f"choices_{place}"] = "\n".join(question.choices)
        values[f"right_{place}"] = question.right
        values[f"explanation_{place}"] = question.explanation
    return values


def questions_in(form: EditQuestionsForm) -> list[Question]:
    """Return what was typed, empty questions among it, in their places."""
    return [
        Question(
            form[f"text_{place}"].data or "",
            tuple(
                line.strip()
                for line in (form[f"choices_{place}"].data or "").splitlines()
                if line.strip()
            ),
            form[f"right_{place}"].data if isinstance(form[f"right_{place}"].data, int) else -1,
            form[f"explanation_{place}"].data or "",
        )
        for place in PLACES
    ]
