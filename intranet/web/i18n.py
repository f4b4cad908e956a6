"""Which language and time zone the request is answered in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from markupsafe import Markup

from intranet.core.settings import get_settings
from intranet.core.text import current_locale, translate
from intranet.web.access import find_viewer
from intranet.web.sessionless import asked_language, is_sessionless

# In the order of the language switch; names in the language itself.
LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LANGUAGE_COOKIE = "sprak"


def select_locale() -> str:
    """Return the person's choice, else the browser's cookie, else the municipality's own.

    A page without a session goes by its address alone.
    """
    default = get_settings().default_language
    if not has_request_context():
        return default
    if is_sessionless():
        asked = asked_language()
        return asked if asked in LANGUAGES else default
    viewer = find_viewer()
    if viewer is not None and viewer.language in LANGUAGES:
        return viewer.language
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else default


def current_language() -> str:
    """Return the language of the page, for `lang`."""
    locale = current_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else "nb"


def select_timezone() -> str:
    """Return Norway's zone: deadlines are Norwegian wherever the browser is."""
    return "Europe/Oslo"


# The sources' texts in three languages; a template cannot make up others.
_as_markup = lru_cache(maxsize=16_384)(Markup)


def text_of_page(message: str, **values: Any) -> Markup:
    """Return the text for a template, as Jinja's newstyle gettext does: values are escaped."""
    text = _as_markup(translate(message))
    return text % values if values or "%" in text else text


def install(app: Flask) -> None:
    """Let templates find their texts the short way; plurals stay Flask-Babel's."""
    app.jinja_env.globals.update(_=text_of_page, gettext=text_of_page)
