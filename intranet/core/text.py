"""Gettext under the names that the extraction looks for: `_` now, `_l` when it is shown."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, ngettext

_ = gettext
_l = lazy_gettext

__all__ = ["_", "_l", "ngettext"]
