"""The shape of what is typed about people."""

from __future__ import annotations

from typing import Any

from flask import url_for
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.actor import Role
from intranet.core.text import _, _l
from intranet.people.erasure_models import ErasureOutcome
from intranet.people.roles import DIRECTORY_ONLY
from intranet.web.forms import BaseForm, ChoiceField

ROLE_NAMES = {
    Role.EDITOR: _l("Redaktør"),
    Role.QUALITY_ADVISER: _l("Kvalitetsrådgiver"),
    Role.SAFETY_REPRESENTATIVE: _l("Verneombud"),
    Role.CHIEF_SAFETY_REPRESENTATIVE: _l("Hovedverneombud"),
    Role.OCCUPATIONAL_HEALTH: _l("Bedriftshelsetjeneste"),
    Role.WORK_ENVIRONMENT_COMMITTEE: _l("Medlem av arbeidsmiljøutvalget"),
    Role.DATA_PROTECTION_OFFICER: _l("Personvernombud"),
    Role.HR: _l("HR"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.WHISTLEBLOWING_RECIPIENT: _l("Mottaker av varsler"),
}
OUTCOME_NAMES = {
    ErasureOutcome.ERASED: _l("Slettet"),
    ErasureOutcome.RESTRICTED: _l("Sperret"),
    ErasureOutcome.REFUSED: _l("Avslått"),
}
_OUTCOME_CHOICES = {
    ErasureOutcome.ERASED: _l("Slett alt som forteller hvem personen var"),
    ErasureOutcome.RESTRICTED: _l("Sperr: behold bare navnet, der arkivet trenger det"),
    ErasureOutcome.REFUSED: _l("Avslå kravet: ingenting blir slettet"),
}
_LONGEST_NAME = 120
_LONGEST_BASIS = 300
_LONGEST_REASON = 2000


class PersonField(StringField):
    """A name or user name. With scripts those who fit are proposed while it is typed."""

    def __call__(self, **kwargs: Any) -> Any:
        """Return the input, with where its proposals come from."""
        return super().__call__(**{**self._proposals(), **kwargs})

    def _proposals(self) -> dict[str, str]:
        return {
            "autocomplete": "off",
            "data-suggest": url_for("people.propose_persons"),
            "data-suggest-pick": "",
            "data-suggest-label": str(self.label.text),
            "data-suggest-count": _("{count} forslag"),
            "data-suggest-none": _("Ingen forslag"),
        }


class SetStandInForm(BaseForm):
    """Who does a leader's tasks, from a day to a day."""

    leader = ChoiceField(_l("Leder"), validators=[InputRequired(_l("Velg leder."))])
    stand_in = PersonField(
        _l("Stedfortreder"),
        description=_l("Skriv navnet eller brukernavnet til en ansatt."),
        validators=[
            DataRequired(_l("Skriv hvem som er stedfortreder.")),
            Length(max=_LONGEST_NAME, message=_l("Navnet er for langt.")),
        ],
    )
    starts_on = DateField(_l("Første dag"), validators=[InputRequired(_l("Velg første dag."))])
    ends_on = DateField(_l("Siste dag"), validators=[InputRequired(_l("Velg siste dag."))])
    note = StringField(
        _l("Beskjed til stedfortrederen"),
        validators=[Length(max=300, message=_l("Teksten er for lang. Kort den ned."))],
    )


class GrantRoleForm(BaseForm):
    """A role given by hand, beside those that come from the directory's groups."""

    role = SelectField(
        _l("Rolle"),
        choices=[
            SelectChoice(str(role), name)
            for role, name in ROLE_NAMES.items()
            if role not in DIRECTORY_ONLY
        ],
    )
    unit = ChoiceField(_l("Gjelder for"))


class DecideErasureForm(BaseForm):
    """How a claim for erasure ends, by which provision, and why."""

    outcome = RadioField(
        _l("Hva er avgjort?"),
        choices=[SelectChoice(str(key), name) for key, name in _OUTCOME_CHOICES.items()],
        validators=[InputRequired(_l("Velg hva som er avgjort."))],
    )
    basis = StringField(
        _l("Hjemmel"),
        description=_l("For eksempel personvernforordningen artikkel 17 eller arkivlova § 13."),
        validators=[
            DataRequired(_l("Skriv hjemmelen for avgjørelsen.")),
            Length(max=_LONGEST_BASIS, message=_l("Teksten er for lang. Kort den ned.")),
        ],
    )
    reason = TextAreaField(
        _l("Begrunnelse"),
        description=_l("Den blir tatt vare på. Skriv ikke navn eller annet om personen."),
        validators=[
            DataRequired(_l("Skriv hvorfor.")),
            Length(max=_LONGEST_REASON, message=_l("Teksten er for lang. Kort den ned.")),
        ],
        render_kw={"rows": 4},
    )
