"""The forms of deviations: shapes and limits of what is typed; decide nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.files import accepted_extensions
from intranet.core.text import _l
from intranet.deviations.queries.causes import ChosenCause
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import Severity
from intranet.deviations.words import SEVERITIES, in_language
from intranet.people.forms import PersonField
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm

LONG = 8000
SHORT = 4000
TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def needed_text(label: Any, missing: Any, *, longest: int = SHORT, **kwargs: Any) -> TextAreaField:
    """Return a text box that must be filled in, at most `longest` signs."""
    return TextAreaField(
        label, validators=[DataRequired(missing), Length(max=longest, message=TOO_LONG)], **kwargs
    )


class GuardedForm(BaseForm):
    """A form whose text is looked through for identity numbers, telephones and names."""

    # What `views/guarding.py` found; the reason is asked for only then.
    found: Any = ()
    privacy_reason = TextAreaField(
        _l("Hvorfor må det stå?"),
        validators=[Length(max=500, message=TOO_LONG)],
        description=_l("Fyll ut hvis du ikke fjerner det. Den som behandler saken, ser grunnen."),
        render_kw={"rows": 2},
    )


class StepForm(VersionedForm):
    """A step without anything to fill in."""


class MessageForm(GuardedForm, SendOnceForm):
    """A message between handler and reporter, or an internal note."""

    text = needed_text(_l("Skriv en melding"), _l("Skriv en melding."), render_kw={"rows": 3})


class HandlerMessageForm(MessageForm):
    """The handler's message, which may be an internal note."""

    is_internal = BooleanField(_l("Internt notat. Bare ledere ser det."))


class ReasonForm(VersionedForm):
    """A step that demands a reason."""

    reason = needed_text(_l("Hvorfor?"), _l("Skriv en grunn."), render_kw={"rows": 3})


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
    reason = needed_text(_l("Hvorfor?"), _l("Skriv en grunn."), render_kw={"rows": 3})


def causes_field(label: Any) -> CheckboxesField:
    """Return a field for several causes; `offer_causes` gives it what it offers."""
    return CheckboxesField(label, coerce=int, choices=[])


def offer_causes(field: Any, kept: Collection[ChosenCause] = ()) -> None:
    """Offer the causes in use, and those that the case has in the words that it keeps."""
    settings = load_categories()
    words = {cause.id: cause.words for cause in kept}
    offered = {cause.id for cause in settings.active_causes} | set(words)
    tops = {cause.id: in_language(cause.words) for cause in settings.causes if not cause.depth}
    field.choices = [
        SelectChoice(
            cause.id,
            in_language(words.get(cause.id, cause.words)),
            {"data-depth": cause.depth},
            optgroup=tops.get(cause.parent_id or cause.id),
        )
        for cause in settings.causes
        if cause.id in offered
    ]


class CausesForm(GuardedForm, VersionedForm):
    """Why it happened."""

    causes = causes_field(_l("Hvorfor skjedde det?"))
    cause_note = TextAreaField(
        _l("Mer om årsaken"),
        validators=[Length(max=SHORT, message=TOO_LONG)],
        description=_l("Se etter det som kan endres, ikke etter hvem som har skyld. Ingen navn."),
        render_kw={"rows": 2},
    )

    def __init__(self, *args: Any, kept: Collection[ChosenCause] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_causes(self.causes, kept)


class CloseForm(CausesForm):
    """The answer to the reporter, and why it happened where that is not said yet."""

    answer = needed_text(
        _l("Svar til den som meldte"),
        _l("Skriv et svar til den som meldte."),
        description=_l("Hva har dere funnet ut, og hva er gjort? Skriv så alle forstår det."),
    )


class RejectForm(ReasonForm):
    """Why it is no deviation."""

    reason = needed_text(
        _l("Hvorfor er dette ikke et avvik?"),
        _l("Skriv hvorfor meldingen avvises."),
        description=_l("Melderen og lederen over deg får se grunnen."),
    )


class NotSolvedForm(ReasonForm):
    """What is not solved."""

    reason = needed_text(_l("Hva er ikke løst?"), _l("Skriv hva som ikke er løst."))


class ActionForm(VersionedForm):
    """What, who, and by when."""

    what = needed_text(
        _l("Hva skal gjøres?"), _l("Skriv hva som skal gjøres."), render_kw={"rows": 2}
    )
    responsible = PersonField(
        _l("Hvem har ansvaret?"),
        validators=[
            DataRequired(_l("Skriv hvem som har ansvaret.")),
            Length(max=200, message=TOO_LONG),
        ],
        description=_l("Navn eller brukernavn. Personen ser tiltaket, men ikke saken."),
        render_kw={"list": "colleagues", "autocomplete": "off"},
    )
    due_on = DateField(_l("Frist"), validators=[DataRequired(_l("Velg en frist."))])
    background = TextAreaField(
        _l("Hva må den ansvarlige vite?"),
        validators=[Length(max=SHORT, message=TOO_LONG)],
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

    evaluation = needed_text(_l("Virker tiltakene?"), _l("Skriv om tiltakene virker."))


class SeverityForm(ReasonForm):
    """The new severity, and why."""

    severity = RadioField(
        _l("Hvor alvorlig er det?"),
        choices=[SelectChoice(severity, SEVERITIES[severity][0]) for severity in Severity],
        validators=[InputRequired(_l("Velg hvor alvorlig det er."))],
    )
    reason = needed_text(_l("Hvorfor?"), _l("Skriv en grunn."), render_kw={"rows": 3})


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
        validators=[DataRequired(_l("Skriv et navn.")), Length(max=200, message=TOO_LONG)],
        description=_l("Personen og personens stedfortreder mister tilgangen med en gang."),
    )


class LinkForm(VersionedForm):
    """Another case that this one has to do with."""

    other = StringField(
        _l("Nummeret på den andre saken"),
        validators=[DataRequired(_l("Skriv et nummer.")), Length(max=40, message=TOO_LONG)],
        description=_l("For eksempel 2026-0412. Begge sakene viser koblingen."),
    )


class MergeForm(VersionedForm):
    """The case that this one is a duplicate of."""

    other = StringField(
        _l("Nummeret på saken som skal behandles videre"),
        validators=[DataRequired(_l("Skriv et nummer.")), Length(max=40, message=TOO_LONG)],
        description=_l("Denne saken avsluttes sammen med den. Melderen får svaret derfra."),
    )


class AttachFileForm(VersionedForm):
    """One more file."""

    file = FileField(_l("Fil"), render_kw={"accept": accepted_extensions()})
    is_public = BooleanField(_l("Melderen skal se filen"))
