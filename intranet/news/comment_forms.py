"""The shape of a comment, and of why one is hidden."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from intranet.core.text import _l
from intranet.news.contents import COMMENT_LENGTH, NOTE_LENGTH
from intranet.web.forms import BaseForm, SendOnceForm


class CommentArticleForm(SendOnceForm):
    """What somebody says under an article."""

    text = TextAreaField(
        _l("Skriv en kommentar"),
        validators=[
            DataRequired(_l("Skriv en kommentar.")),
            Length(max=COMMENT_LENGTH, message=_l("Skriv kortere: høyst 2000 tegn.")),
        ],
        description=_l("Alle som ser saken, ser navnet ditt. Skriv ikke om brukere og pasienter."),
    )


class HideCommentForm(BaseForm):
    """Why a comment is hidden."""

    reason = StringField(
        _l("Hvorfor skjuler du kommentaren?"),
        validators=[
            DataRequired(_l("Skriv hvorfor du skjuler kommentaren.")),
            Length(max=NOTE_LENGTH, message=_l("Skriv kortere: høyst 200 tegn.")),
        ],
        description=_l("Alle som ser saken, ser grunnen."),
    )
