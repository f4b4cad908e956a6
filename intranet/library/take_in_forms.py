"""What is sent from a former system."""

from __future__ import annotations

from flask_wtf.file import FileField

from intranet.core.text import _l
from intranet.web.forms import BaseForm


class SendTakeInForm(BaseForm):
    """The documents in an archive, and the list of them."""

    archive = FileField(
        _l("Dokumentene (zip)"),
        description=_l("En zip-fil med DOCX og PDF, med eller uten mapper."),
    )
    list = FileField(
        _l("Listen (CSV eller XLSX)"),
        description=_l("En linje for hvert dokument. Den første linjen har navn på kolonnene."),
    )
