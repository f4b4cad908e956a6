"""The forms of deviations: shapes and limits of what is typed; decide nothing."""

from __future__ import annotations

from typing import Any, TypeVar

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    MultipleFileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.files import accepted_extensions
from intranet.core.text import _l
from intranet.deviations.categories import CategorySettings
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import Severity
from intranet.deviations.words import SEVERITIES, in_language
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm

LONG = 8000
SHORT = 4000
_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _text(label: Any, missing: Any, *, longest: int = SHORT, **kwargs: Any) -> TextAreaField:
    return TextAreaField(
        label, validators=[DataRequired(missing), Length(max=longest, message=_TOO_LONG)], **kwargs
    )


def _coerce_blank(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class GuardedForm(BaseForm):
    """A form whose text is looked through for identity numbers, telephones and names."""

    # What `views/guarding.py` found; the reason is asked for only then.
    found: Any = ()
    privacy_reason = TextAreaField(
        _l("Hvorfor må det stå?"),
        validators=[Length(max=500, message=_TOO_LONG)],
        description=_l("Fyll ut hvis du ikke fjerner det. Den som behandler saken, ser grunnen."),
        render_kw={"rows": 2},
    )


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

    what = _text(
        _l("Hva skjedde?"),
        _l("Skriv hva som skjedde."),
        longest=LONG,
        description=_l("Fortell kort hva som hendte. Ikke skriv navn eller fødselsnummer."),
        render_kw={"rows": 5},
    )
    unit_id = ChoiceField(
        _l("Hvor skjedde det?"),
        validators=[DataRequired(_l("Velg hvor det skjedde."))],
        description=_l("Forslaget er hentet fra profilen din."),
    )
    day = DateField(_l("Dato"), validators=[DataRequired(_l("Skriv datoen det skjedde."))])
    clock = TimeField(
        _l("Klokkeslett"), validators=[InputRequired(_l("Skriv omtrent når det skjedde."))]
    )
    immediate_action = TextAreaField(
        _l("Hva gjorde dere med en gang?"),
        validators=[Length(max=SHORT, message=_TOO_LONG)],
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
        validators=[Length(max=40, message=_TOO_LONG)],
        description=_l("Skriv noen ord, og velg et forslag. La feltet stå tomt hvis du ikke vet."),
    )
    law_reference = StringField(
        _l("Hvilken lov eller forskrift ble brutt?"),
        validators=[Length(max=200, message=_TOO_LONG)],
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
        validators=[Length(max=200, message=_TOO_LONG)],
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


class StepForm(VersionedForm):
    """A step without anything to fill in."""


class MessageForm(GuardedForm):
    """A message between handler and reporter, or an internal note."""

    text = _text(_l("Skriv en melding"), _l("Skriv en melding."), render_kw={"rows": 3})


class HandlerMessageForm(MessageForm):
    """The handler's message, which may be an internal note."""

    is_internal = BooleanField(_l("Internt notat. Bare ledere ser det."))


class ReasonForm(VersionedForm):
    """A step that demands a reason."""

    reason = _text(_l("Hvorfor?"), _l("Skriv en grunn."), render_kw={"rows": 3})


class ForwardForm(ReasonForm):
    """To which leader, and why."""

    unit_id = ChoiceField(
        _l("Leder som skal ha avviket"), validators=[DataRequired(_l("Velg en leder."))]
    )


class ForwardManyForm(BaseForm):
    """To which leader, and why, for several cases at once."""

    unit_id = ChoiceField(
        _l("Leder som skal ha avvikene"), validators=[DataRequired(_l("Velg en leder."))]
    )
    reason = _text(_l("Hvorfor?"), _l("Skriv en grunn."), render_kw={"rows": 3})


class CloseForm(GuardedForm, VersionedForm):
    """The answer to the reporter."""

    answer = _text(
        _l("Svar til den som meldte"),
        _l("Skriv et svar til den som meldte."),
        description=_l("Hva har dere funnet ut, og hva er gjort? Skriv så alle forstår det."),
    )


class RejectForm(ReasonForm):
    """Why it is no deviation."""

    reason = _text(
        _l("Hvorfor er dette ikke et avvik?"),
        _l("Skriv hvorfor meldingen avvises."),
        description=_l("Melderen og lederen over deg får se grunnen."),
    )


class NotSolvedForm(ReasonForm):
    """What is not solved."""

    reason = _text(_l("Hva er ikke løst?"), _l("Skriv hva som ikke er løst."))


class ActionForm(VersionedForm):
    """What, who, and by when."""

    what = _text(_l("Hva skal gjøres?"), _l("Skriv hva som skal gjøres."), render_kw={"rows": 2})
    responsible = StringField(
        _l("Hvem har ansvaret?"),
        validators=[
            DataRequired(_l("Skriv hvem som har ansvaret.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Navn eller brukernavn. Personen ser tiltaket, men ikke saken."),
        render_kw={"list": "colleagues", "autocomplete": "off"},
    )
    due_on = DateField(_l("Frist"), validators=[DataRequired(_l("Velg en frist."))])
    background = TextAreaField(
        _l("Hva må den ansvarlige vite?"),
        validators=[Length(max=SHORT, message=_TOO_LONG)],
        description=_l("Bare det som trengs for å gjøre tiltaket. Ikke skriv navn."),
        render_kw={"rows": 2},
    )


class PlanForm(VersionedForm):
    """When the effect is looked at."""

    evaluate_on = DateField(
        _l("Når skal effekten sjekkes?"), validators=[DataRequired(_l("Velg en dag."))]
    )


class EvaluateForm(VersionedForm):
    """Whether the actions work."""

    evaluation = _text(_l("Virker tiltakene?"), _l("Skriv om tiltakene virker."))


class SeverityForm(ReasonForm):
    """The new severity, and why."""

    severity = RadioField(
        _l("Hvor alvorlig er det?"),
        choices=[SelectChoice(severity, SEVERITIES[severity][0]) for severity in Severity],
        validators=[InputRequired(_l("Velg hvor alvorlig det er."))],
    )


class CategoryForm(VersionedForm):
    """The new category."""

    category = RadioField(
        _l("Hvem eller hva gjelder det?"),
        validators=[InputRequired(_l("Velg en type."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [
            SelectChoice(row.key, in_language(row.words)) for row in load_categories().active
        ]


class ConcernedForm(VersionedForm):
    """Somebody whom the case concerns."""

    person = StringField(
        _l("Hvem gjelder saken?"),
        validators=[DataRequired(_l("Skriv et navn.")), Length(max=200, message=_TOO_LONG)],
        description=_l("Personen og personens stedfortreder mister tilgangen med en gang."),
    )


class LinkForm(VersionedForm):
    """Another case that this one has to do with."""

    other = StringField(
        _l("Nummeret på den andre saken"),
        validators=[DataRequired(_l("Skriv et nummer.")), Length(max=40, message=_TOO_LONG)],
        description=_l("For eksempel 2026-0412. Begge sakene viser koblingen."),
    )


class MergeForm(VersionedForm):
    """The case that this one is a duplicate of."""

    other = StringField(
        _l("Nummeret på saken som skal behandles videre"),
        validators=[DataRequired(_l("Skriv et nummer.")), Length(max=40, message=_TOO_LONG)],
        description=_l("Denne saken avsluttes sammen med den. Melderen får svaret derfra."),
    )


class AttachFileForm(VersionedForm):
    """One more file."""

    file = FileField(_l("Fil"), render_kw={"accept": accepted_extensions()})
    is_public = BooleanField(_l("Melderen skal se filen"))
