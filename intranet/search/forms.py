"""The shape of what those who tend the search type."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from intranet.core.text import _l
from intranet.web.forms import BaseForm

_TOO_LONG = _l("Teksten er for lang. Kort den ned.")


class AddSynonymsForm(BaseForm):
    """Words that mean the same."""

    words = TextAreaField(
        _l("Ord som betyr det samme"),
        validators=[DataRequired(_l("Skriv ordene.")), Length(max=600, message=_TOO_LONG)],
        description=_l("Med komma mellom: «arbeidstøy, uniform, arbeidsklær»."),
    )


class PinAnswerForm(BaseForm):
    """A question, and the answer that stands first for it."""

    question = StringField(
        _l("Når noen søker etter"),
        validators=[
            DataRequired(_l("Skriv ordene som noen søker med.")),
            Length(max=200, message=_TOO_LONG),
        ],
        description=_l("Rekkefølge, bøyning og spørreord betyr ikke noe."),
    )
    target = StringField(
        _l("Adressen til en side i portalen"),
        validators=[DataRequired(_l("Skriv adressen.")), Length(max=200, message=_TOO_LONG)],
        description=_l("Det som står etter navnet på nettstedet: «/avvik/meld»."),
    )
    title = StringField(_l("Hva lenken skal hete"), validators=[Length(max=120, message=_TOO_LONG)])
