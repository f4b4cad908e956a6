"""The forms of reporting, with the questions of the administrator's own categories."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar, cast

from wtforms import (
    DateField,
    FileField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from intranet.core.files import accepted_extensions
from intranet.core.text import _l
from intranet.deviations.categories import CategorySettings
from intranet.deviations.forms import (
    LONG,
    SHORT,
    TOO_LONG,
    CheckboxesField,
    GuardedForm,
    needed_text,
)
from intranet.deviations.words import in_language
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm
from intranet.web.i18n import current_language


def _coerce_blank(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class AnswersForm(BaseForm):
    """What it touches, and the questions that say how serious it was."""

    category = RadioField(
        _l("Hvem eller hva gjelder det?"),
        coerce=_coerce_blank,
        validators=[Optional()],
    )

    def chosen_answers(self) -> list[str] | None:
        """Return what was ticked for the chosen category; None when none is chosen."""
        if self.category.data is None:
            return None
        field = self._fields.get(f"answers_{self.category.data}")
        return list(field.data or []) if field is not None else None

    def question_fields(self) -> list[CheckboxesField]:
        """Return the fields of questions in the order of the categories."""
        return [self._fields[f"answers_{choice.value}"] for choice in self.category.choices]


class ReportDeviationForm(GuardedForm, AnswersForm, SendOnceForm):
    """Three fields that must be there, and the rest for those who have a minute more."""

    what = needed_text(
        _l("Hva skjedde?"),
        _l("Skriv hva som skjedde."),
        longest=LONG,
        description=_l("Fortell kort hva som hendte. Ikke skriv navn eller fødselsnummer."),
        render_kw={"rows": 5},
    )
    # The places are read when the form is shown; one that is not in use is refused by the action.
    unit_id = ChoiceField(
        _l("Hvor skjedde det?"),
        validate_choice=False,
        validators=[DataRequired(_l("Velg hvor det skjedde."))],
        description=_l("Forslaget er hentet fra profilen din."),
    )
    day = DateField(_l("Dato"), validators=[DataRequired(_l("Skriv datoen det skjedde."))])
    clock = TimeField(
        _l("Klokkeslett"), validators=[InputRequired(_l("Skriv omtrent når det skjedde."))]
    )
    immediate_action = TextAreaField(
        _l("Hva gjorde dere med en gang?"),
        validators=[Length(max=SHORT, message=TOO_LONG)],
        render_kw={"rows": 3},
    )
    photo = FileField(
        _l("Ta et bilde"),
        description=_l("Ikke ta bilde av personer."),
        render_kw={"accept": "image/*", "capture": "environment"},
    )
    files = MultipleFileField(
        _l("Bilder eller filer"),
        description=_l("Ikke ta bilde av personer. Posisjon og tid blir fjernet fra bildene."),
        render_kw={"accept": accepted_extensions()},
    )
    procedure_number = StringField(
        _l("Hvilken prosedyre ble brutt?"),
        validators=[Length(max=40, message=TOO_LONG)],
        description=_l("Skriv noen ord, og velg et forslag. La feltet stå tomt hvis du ikke vet."),
    )
    law_reference = StringField(
        _l("Hvilken lov eller forskrift ble brutt?"),
        validators=[Length(max=200, message=TOO_LONG)],
        description=_l("Skriv noen ord, og velg et forslag. La feltet stå tomt hvis du ikke vet."),
    )
    concerns = CheckboxesField(
        _l("Gjelder det en leder?"),
        description=_l("Den det gjelder får ikke se meldingen. Den går til neste leder."),
        choices=[
            SelectChoice("place", _l("Lederen der det skjedde")),
            SelectChoice("own", _l("Lederen min")),
            SelectChoice("chief", _l("Øverste leder i kommunen")),
        ],
        validators=[Optional()],
    )
    concerned_person = StringField(
        _l("Gjelder det noen andre som ikke skal se meldingen?"),
        validators=[Length(max=200, message=TOO_LONG)],
        description=_l("Skriv navn eller brukernavn. Personen får ikke se meldingen."),
    )


class QuestionsForm(AnswersForm, VersionedForm):
    """What it touches and how bad it was, asked after the report is sent."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.category.flags.required = True  # The view asks for it by name.


Form = TypeVar("Form", bound=AnswersForm)


def report_form_class(settings: CategorySettings, base: type[Form]) -> type[Form]:
    """Return the form with the categories that are in force and a field of questions for each."""
    # A class is hashable, whatever mypy makes of its metaclass.
    known: Any = base
    return cast("type[Form]", _form_class(settings, known, current_language()))


@lru_cache(maxsize=24)
def _form_class(
    settings: CategorySettings, base: type[AnswersForm], _language: str
) -> type[AnswersForm]:
    """The same, made once for each language and each state of the settings."""
    fields: dict[str, Any] = {
        f"answers_{row.key}": CheckboxesField(
            _l("Kryss av for det som stemmer"),
            choices=[
                SelectChoice(row.name_of_answer(asked), in_language(asked.words))
                for asked in row.asked
            ],
            validators=[Optional()],
        )
        for row in settings.active
    }
    fields["category"] = RadioField(
        _l("Hvem eller hva gjelder det?"),
        coerce=_coerce_blank,
        choices=[
            SelectChoice(row.key, in_language(row.words), {"data-icon": row.icon})
            for row in settings.active
        ],
        validators=[Optional()],
        # One that was taken out of use in the meantime is refused by the action, in clear words.
        validate_choice=False,
    )
    # Under the same name: what was typed when a session ended finds its form by it.
    return type(base.__name__, (base,), fields)
