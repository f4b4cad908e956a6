"""Addresses that are the same on every page, or but for numbers: built once, then remembered."""

from __future__ import annotations

import re
from typing import Any, cast

import flask
from flask import current_app, has_request_context, request

from intranet.web.sessionless import is_sessionless

_MOST_PLACES = 8  # an application is mounted in one; a request may claim any
# Where a request finds what is kept without asking for it anew.
_KNOWN = "intranet.kept_addresses"
# Stand where the numbers will; no other part of an address holds them.
_NUMBERS = (1_234_567_891, 1_234_567_892)
# A document's number is such a word: it stands in an address as it is.
_PLAIN = re.compile(r"[A-Z][A-Z0-9-]*")
# What is kept: an address by its endpoint, one with places by its endpoint and their names, and
# what hangs on addresses (a menu).
Kept = dict[str | tuple[str, ...], Any]


def kept_addresses() -> Kept:
    """Return what is kept of this application where it is mounted.

    A page asks for some thirty addresses. A page that knows nobody keeps its language in its
    addresses: there nothing is kept.
    """
    if not has_request_context():
        return _kept_in(None)
    environ = request.environ
    known: Kept | None = environ.get(_KNOWN)
    if known is None:
        known = environ[_KNOWN] = {} if is_sessionless() else _kept_in(request.script_root)
    return known


def _kept_in(place: str | None) -> Kept:
    places = cast(
        dict[str | None, Kept],
        current_app.extensions.setdefault("intranet_kept_addresses", {}),
    )
    if place not in places and len(places) > _MOST_PLACES:
        places.clear()
    return places.setdefault(place, {})


def url_for(endpoint: str, **values: Any) -> str:
    """Return what Flask's does; what a list asks for once a row is not built anew for each."""
    # A leading dot means another page in each room.
    if len(values) > len(_NUMBERS) or endpoint.startswith("."):
        return flask.url_for(endpoint, **values)
    if not values:
        return fixed_url(endpoint, kept_addresses()) or flask.url_for(endpoint)
    if all(map(_is_plain, values.values())):
        return _with_places(endpoint, values).format(*values.values())
    return flask.url_for(endpoint, **values)


def fixed_url(endpoint: str, known: Kept) -> str | None:
    """Return the address of an endpoint without values, or None where there is no such page."""
    if endpoint not in known:
        exists = endpoint in current_app.view_functions
        known[endpoint] = flask.url_for(endpoint) if exists else None
    return cast("str | None", known[endpoint])


def _is_plain(value: object) -> bool:
    if type(value) is int:
        return value >= 0
    return type(value) is str and _PLAIN.fullmatch(value) is not None


def _with_places(endpoint: str, values: dict[str, Any]) -> str:
    known = kept_addresses()
    key = (endpoint, *values)
    kept = known.get(key)
    if kept is None:
        marks = dict(zip(values, _NUMBERS, strict=False))
        kept = flask.url_for(endpoint, **marks).replace("{", "{{").replace("}", "}}")  # type: ignore[arg-type]
        for place, mark in enumerate(marks.values()):
            kept = kept.replace(str(mark), f"{{{place}}}")
        known[key] = kept
    return kept
