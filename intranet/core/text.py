"""Gettext under the names that the extraction looks for: `_` now, `_l` when it is shown.

A page holds some hundred texts, so a text is looked up in its language's table with one step, and
Flask-Babel is asked only for the language, which it keeps for the request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from flask import g
from flask_babel import LazyString


class _Texts(dict[str, str]):
    """Texts of the source and what they read in one language; filled as they are asked for."""

    def __init__(self, translations: Any) -> None:
        super().__init__()
        self._translations = translations

    def __missing__(self, message: str) -> str:
        text = self[message] = str(self._translations.ugettext(message))
        return text


_texts: dict[str, _Texts] = {}


def current_locale() -> Any:
    """Return what Flask-Babel has found for this moment, or None outside of the application."""
    try:
        return g._flask_babel.babel_locale or flask_babel.get_locale()
    except (AttributeError, RuntimeError):
        # The first question of a request, or none at all.
        return flask_babel.get_locale()


def translate(message: str) -> str:
    """Return the text in the language of this moment, its placeholders not yet filled."""
    locale = current_locale()
    if locale is None:
        return message
    try:
        return _texts[locale.language][message]
    except KeyError:
        texts = _texts[locale.language] = _Texts(flask_babel.get_translations())
        return texts[message]


def _(message: str, **values: Any) -> str:
    """Return the text now."""
    text = translate(message)
    return text % values if values else text


def _l(message: str, **values: Any) -> Any:
    """Return what becomes the text when it is shown: WTForms and templates call `str()`."""
    return LazyString(_, message, **values)


ngettext: Callable[..., str] = flask_babel.ngettext

__all__ = ["_", "_l", "current_locale", "ngettext", "translate"]
