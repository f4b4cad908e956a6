"""The login form."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired

from intranet.core.text import _l
from intranet.web.forms import BaseForm


class LogInForm(BaseForm):
    """Name and password; the password is passed on exactly as typed."""

    username = StringField(_l("Brukernavn"), validators=[DataRequired(_l("Skriv brukernavnet."))])
    password = PasswordField(_l("Passord"), validators=[DataRequired(_l("Skriv passordet."))])
    next = HiddenField()
    # What was typed when the last session ended, sealed; see `web/kept_text.py`.
    kept = HiddenField()
