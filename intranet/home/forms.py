"""Forms of the shell: language, appearance, and what is wrong on a page."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from intranet.core.text import _l
from intranet.web.forms import BaseForm


class ReportPageProblemForm(BaseForm):
    """What is wrong, and on which page."""

    what = TextAreaField(
        _l("Hva er feil?"),
        validators=[
            DataRequired(_l("Skriv hva som er feil på siden.")),
            Length(max=4000, message=_l("Skriv kortere: høyst 4000 tegn.")),
        ],
    )
    page = HiddenField(validators=[Length(max=300)])
