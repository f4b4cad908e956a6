"""Texts are found the short way, and still follow the language of the moment."""

from __future__ import annotations

from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext
from markupsafe import Markup

from intranet.core.text import _, _l

LAZY = _l("Varsler")


def test_lazy_text_follows_the_language_also_within_a_request(app: Flask) -> None:
    with app.test_request_context("/", headers={"Cookie": "sprak=en"}):
        english = str(LAZY)
        assert english == str(lazy_gettext("Varsler")) != "Varsler"
        with force_locale("nn"):
            assert str(LAZY) == _("Varsler") == gettext("Varsler") != english
        assert str(LAZY) == english
    with app.test_request_context("/", headers={"Cookie": "sprak=nb"}):
        assert str(LAZY) == "Varsler"
    assert str(LAZY)  # also where there is no request


def test_template_texts_follow_the_language_and_escape_their_values(app: Flask) -> None:
    source = "{{ _('Tilbake til %(page)s', page=page) }}|{{ _('Varsler') }}|{{ 100 }}%"
    seen = set()
    for language in ("nb", "nn", "en", "nb"):
        with app.test_request_context("/", headers={"Cookie": f"sprak={language}"}):
            shown = render_template_string(source, page="<b>")
            assert shown.startswith(Markup.escape(gettext("Tilbake til %(page)s", page="<b>")))
            assert shown.endswith(f"|{gettext('Varsler')}|100%")
            seen.add(shown)
    assert len(seen) == 3
