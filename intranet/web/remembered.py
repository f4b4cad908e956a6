"""Pieces of a page that many requests share: written once, then remembered by this process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from flask import has_request_context, request
from markupsafe import Markup

from intranet.web.i18n import current_language
from intranet.web.sessionless import is_sessionless

# Menus of some hundred persons, what differs from page to page, and rows of much-read lists.
_MOST = 4096


def remembered(macro: Any, *arguments: Any) -> Markup:
    """Return what a macro of `_layout/remembered.html` writes for these arguments.

    Such a macro knows nothing but its arguments, the language and where the application is mounted;
    a test holds its file to that, so that nobody is shown what was written for another. What is
    written for somebody who must not be known is not remembered.
    """
    if is_sessionless():
        return cast(Markup, macro(*arguments))
    place = request.script_root if has_request_context() else ""
    return _write(macro, current_language(), place, arguments)


# A macro belongs to one application, as its template does.
@lru_cache(maxsize=_MOST)
def _write(macro: Any, _language: str, _place: str, arguments: tuple[Any, ...]) -> Markup:
    return cast(Markup, macro(*arguments))
