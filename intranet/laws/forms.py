"""The shape of what is typed about a unit's list of laws."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.text import _l
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.web.forms import BaseForm, ChoiceField, VersionedForm

LAW_LENGTH = 200
NOTE_LENGTH = 1000
_TOO_LONG = _l("Teksten er for lang. Kort den ned.")


def _note() -> TextAreaField:
    return TextAreaField(
        _l("Hva betyr den for oss?"),
        validators=[Length(max=NOTE_LENGTH, message=_TOO_LONG)],
        description=_l("Med egne ord, for eksempel hvem som gjør hva hos dere."),
    )


class AddUnitLawForm(BaseForm):
    """A law or a paragraph for a unit's list."""

    unit = ChoiceField(_l("Enhet"), validators=[InputRequired(_l("Velg enheten."))])
    law = StringField(
        _l("Lov, forskrift eller paragraf"),
        validators=[
            DataRequired(_l("Skriv hvilken lov, forskrift eller paragraf.")),
            Length(max=LAW_LENGTH, message=_TOO_LONG),
        ],
        description=_l("Navn eller forkortelse, gjerne med paragraf: «aml § 3-1»."),
    )
    note = _note()

    def offer_units(self, units: list[UnitRow]) -> None:
        """Fill in the units whose lists the person keeps."""
        self.unit.choices = [SelectChoice(str(id_), name) for id_, name in unit_choices(units)]


class EditUnitLawForm(VersionedForm):
    """What a list says about a law that stands there."""

    note = _note()
