"""The forms on the page of one corrective action: shapes and limits of what is typed."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, FileField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.files import accepted_extensions
from intranet.core.text import _l
from intranet.deviations.forms import GuardedForm
from intranet.deviations.words import EFFECTS
from intranet.deviations.workflow import Effect
from intranet.people.forms import PersonField
from intranet.web.forms import VersionedForm

LONGEST = 4000
_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")


def _text(label: Any, missing: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(
        label,
        validators=[DataRequired(missing), Length(max=LONGEST, message=_TOO_LONG)],
        description=description,
        render_kw={"rows": 3},
    )


class TakeFollowUpForm(VersionedForm):
    """Who does it and by when, where that is another than the proposal says."""

    responsible = PersonField(
        _l("Hvem har ansvaret?"),
        validators=[
            DataRequired(_l("Skriv hvem som har ansvaret.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Navn eller brukernavn. Personen ser tiltaket, men ikke saken."),
        render_kw={"list": "colleagues", "autocomplete": "off"},
    )
    due_on = DateField(_l("Frist"), validators=[DataRequired(_l("Velg en frist."))])


class DeclineFollowUpForm(GuardedForm, VersionedForm):
    """Why it is not needed."""

    reason = _text(
        _l("Hvorfor trengs det ikke?"),
        _l("Skriv hvorfor det ikke trengs."),
        _l("Grunnen blir tatt vare på i saken. Ikke skriv navn."),
    )


class FinishForm(VersionedForm):
    """What was done, and a file that shows it."""

    note = _text(_l("Hva er gjort?"), _l("Skriv noen ord."))
    proof = FileField(
        _l("Bilde eller fil som viser det"),
        description=_l("Ikke ta bilde av personer."),
        render_kw={"accept": accepted_extensions()},
    )


class DropForm(VersionedForm):
    """Why the action will not be done."""

    note = _text(_l("Hvorfor droppes tiltaket?"), _l("Skriv hvorfor tiltaket droppes."))


class ChangeForm(VersionedForm):
    """Another person, another day, and why."""

    responsible = PersonField(
        _l("Hvem har ansvaret?"),
        validators=[
            DataRequired(_l("Skriv hvem som har ansvaret.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Navn eller brukernavn. Personen ser tiltaket, men ikke saken."),
        render_kw={"list": "colleagues", "autocomplete": "off"},
    )
    due_on = DateField(_l("Frist"), validators=[DataRequired(_l("Velg en frist."))])
    reason = _text(_l("Hvorfor?"), _l("Skriv en grunn."))


class RateForm(VersionedForm):
    """What the action did, and how that shows."""

    effect = RadioField(
        _l("Virker tiltaket?"),
        choices=[SelectChoice(effect, EFFECTS[effect][0]) for effect in Effect],
        validators=[InputRequired(_l("Velg om tiltaket virker."))],
    )
    note = _text(_l("Hvordan ser du det?"), _l("Skriv hvordan du ser det."))
