"""Addresses that are the same on every page, or but for one number: built once, then remembered."""

from __future__ import annotations

from typing import Any, cast

import flask
from flask import current_app, has_request_context, request

from intranet.web.sessionless import is_sessionless

_MOST_PLACES = 8  # an application is mounted in one; a request may claim any
# Stands where the number will; no other part of an address holds it.
_NUMBER = 1_234_567_891
# What is kept: an address by its endpoint, or what is before and after the number.
Kept = dict[str | tuple[str, str], str | tuple[str, str] | None]


def kept_addresses() -> Kept:
    """Return what is kept of this application where it is mounted.

    A page asks for some thirty addresses. A page that knows nobody keeps its language in its
    addresses: there nothing is kept.
    """
    if is_sessionless():
        return {}
    places = cast(
        dict[str | None, Kept],
        current_app.extensions.setdefault("intranet_kept_addresses", {}),
    )
    place = request.script_root if has_request_context() else None
    if place not in places and len(places) > _MOST_PLACES:
        places.clear()
    return places.setdefault(place, {})


def url_for(endpoint: str, **values: Any) -> str:
    """Return what Flask's does; what a list asks for once a row is not built anew for each."""
    # A leading dot means another page in each room.
    if len(values) == 1 and not endpoint.startswith("."):
        ((name, number),) = values.items()
        if type(number) is int and number >= 0:
            return _numbered(endpoint, name, number)
    return flask.url_for(endpoint, **values)


def fixed_url(endpoint: str, known: Kept) -> str | None:
    """Return the address of an endpoint without values, or None where there is no such page."""
    if endpoint not in known:
        exists = endpoint in current_app.view_functions
        known[endpoint] = flask.url_for(endpoint) if exists else None
    return cast("str | None", known[endpoint])


def _numbered(endpoint: str, name: str, number: int) -> str:
    known = kept_addresses()
    kept = known.get((endpoint, name))
    if kept is None:
        values: dict[str, Any] = {name: _NUMBER}
        before, _between, after = flask.url_for(endpoint, **values).partition(str(_NUMBER))
        kept = known[endpoint, name] = (before, after)
    return f"{kept[0]}{number}{kept[1]}"  # type: ignore[index]
