"""The shape of a notice of a crisis."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from intranet.core.text import _l
from intranet.web.forms import SendOnceForm


class RaiseCrisisForm(SendOnceForm):
    """What every page will say, whether all get it by mail, and why one person does it alone."""

    title = StringField(
        _l("Hva skjer?"),
        validators=[
            DataRequired(_l("Skriv hva som skjer.")),
            Length(max=120, message=_l("Skriv kortere: høyst 120 tegn.")),
        ],
        description=_l("Det viktigste i én setning. Ingen navn på dem det gjelder."),
    )
    text = TextAreaField(
        _l("Hva skal de ansatte gjøre?"),
        validators=[
            DataRequired(_l("Skriv hva de ansatte skal gjøre.")),
            Length(max=600, message=_l("Skriv kortere: høyst 600 tegn.")),
        ],
        description=_l("Kort og tydelig, og hvor de får vite mer. Høyst 600 tegn."),
    )
    sends_mail = BooleanField(_l("Send også e-post til alle ansatte med en gang"))
    alone_reason = TextAreaField(
        _l("Hvorfor publiserer du alene?"),
        validators=[Length(max=300, message=_l("Skriv kortere: høyst 300 tegn."))],
        description=_l("Bare når ingen andre kan godkjenne i tide. Grunnen blir tatt vare på."),
    )
