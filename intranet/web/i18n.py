"""Which language and time zone the request is answered in."""

from __future__ import annotations

from flask import has_request_context, request

from intranet.core.settings import get_settings
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


def select_timezone() -> str:
    """Return Norway's zone: deadlines are Norwegian wherever the browser is."""
    return "Europe/Oslo"
