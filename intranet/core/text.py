"""Gettext under the names that the extraction looks for: `_` now, `_l` when it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel

_: Callable[..., str] = flask_babel.gettext
# Lazy strings are shown by `str()`; WTForms and templates do that themselves.
_l: Callable[..., Any] = flask_babel.lazy_gettext
ngettext: Callable[..., str] = flask_babel.ngettext

__all__ = ["_", "_l", "ngettext"]
