"""The forms by which a case is judged, closed off and corrected: shapes and limits of input."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.text import _l
from intranet.deviations.forms import LONG, SHORT, ReasonForm
from intranet.deviations.risk import LEVELS
from intranet.deviations.risk_words import CONSEQUENCES, PROBABILITIES
from intranet.web.forms import VersionedForm


class RiskForm(VersionedForm):
    """How grave, and how often."""

    consequence = RadioField(
        _l("Hvor alvorlig kan det bli?"),
        coerce=int,
        choices=[SelectChoice(level, CONSEQUENCES[level]) for level in LEVELS],
        validators=[InputRequired(_l("Velg hvor alvorlig det kan bli."))],
    )
    probability = RadioField(
        _l("Hvor ofte kan det skje?"),
        coerce=int,
        choices=[SelectChoice(level, PROBABILITIES[level]) for level in LEVELS],
        validators=[InputRequired(_l("Velg hvor ofte det kan skje."))],
    )


class ConfidentialForm(ReasonForm):
    """Why the case is to be confidential, or no longer."""


class CorrectForm(VersionedForm):
    """How the text is to read, and why."""

    text = TextAreaField(
        _l("Slik skal teksten være"),
        validators=[
            DataRequired(_l("Skriv teksten slik den skal være.")),
            Length(max=LONG, message=_l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")),
        ],
        description=_l("Den opprinnelige teksten blir tatt vare på."),
        render_kw={"rows": 6},
    )
    reason = TextAreaField(
        _l("Hvorfor rettes teksten?"),
        validators=[
            DataRequired(_l("Skriv hvorfor teksten rettes.")),
            Length(max=SHORT, message=_l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")),
        ],
        description=_l("Melderen ser grunnen. Gjenta ikke det du tar bort."),
        render_kw={"rows": 2},
    )
