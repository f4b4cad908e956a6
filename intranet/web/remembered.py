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
# Whole lists and forms, which are some thousand letters each.
_MOST_LARGE = 128
_KNOWN = "intranet.remembered"


def remembered(macro: Any, *arguments: Any) -> Markup:
    """Return what a macro of `_layout/remembered.html` writes for these arguments.

    Such a macro knows nothing but its arguments, the language and where the application is mounted;
    a test holds its file to that, so that nobody is shown what was written for another. What is
    written for somebody who must not be known is not remembered.
    """
    where = _where()
    if where is None:
        return cast(Markup, macro(*arguments))
    return _write(macro, *where, arguments)


def _where() -> tuple[str, str] | None:
    """Return the page's language and where the application is mounted; None where nothing is kept.

    A page asks some ten times, and is written in one language.
    """
    if not has_request_context():
        return current_language(), ""
    environ = request.environ
    if _KNOWN not in environ:
        environ[_KNOWN] = None if is_sessionless() else (current_language(), request.script_root)
    return cast("tuple[str, str] | None", environ[_KNOWN])


def remembered_whole(macro: Any, *arguments: Any) -> Markup:
    """Return the same of a whole list or form: fewer are kept, in a place of their own."""
    where = _where()
    if where is None:
        return cast(Markup, macro(*arguments))
    fixed = tuple(tuple(each) if isinstance(each, list) else each for each in arguments)
    return _write_large(macro, *where, fixed)


class ShownForm:
    """A form as an argument of a remembered piece: two forms that show the same are the same.

    For forms of plain fields; all that a field shows of what was sent stands in the key.
    """

    __slots__ = ("_hash", "_shows", "form")

    def __init__(self, form: Any) -> None:
        self.form = form
        self._shows = (type(form), tuple(map(_shown_of, form)))
        self._hash = hash(self._shows)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShownForm) and self._shows == other._shows


def _shown_of(field: Any) -> tuple[Any, ...]:
    choices = getattr(field, "choices", None) or ()
    sent, errors = tuple(field.raw_data or ()), tuple(field.errors)
    return (field.name, repr(field.data), sent, errors, tuple(choices))


# A macro belongs to one application, as its template does.
def _draw(macro: Any, _language: str, _place: str, arguments: tuple[Any, ...]) -> Markup:
    return cast(Markup, macro(*arguments))


_write = lru_cache(maxsize=_MOST)(_draw)
_write_large = lru_cache(maxsize=_MOST_LARGE)(_draw)
