"""How an endpoint says who may come, and who the request's person is; `refusing` is the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g
from werkzeug.exceptions import HTTPException

from intranet.core.actor import Viewer
from intranet.core.errors import NotAllowed
from intranet.core.text import _

View = TypeVar("View", bound=Callable[..., Any])
Predicate = Callable[[Viewer], bool]
ViewerLoader = Callable[[], Viewer | None]
StandingCheck = Callable[[Viewer], bool]

PUBLIC = "public"
_UNKNOWN = object()


def public(view: View) -> View:
    """Let anybody in, logged in or not."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(*predicates: Predicate) -> Callable[[View], View]:
    """Let logged-in persons in for whom every predicate holds; with none, all of them."""

    def declare(view: View) -> View:
        view.access = predicates  # type: ignore[attr-defined]
        return view

    return declare


def is_sensitive(view: View) -> View:
    """Ask for the password again when the session is older than the setting `password_again`."""
    view.asks_again = True  # type: ignore[attr-defined]
    return view


def set_viewer_loader(app: Flask, loader: ViewerLoader, still_stands: StandingCheck) -> None:
    """Tell how the request's person is found, and asked for anew; the login room calls this once.

    `still_stands`: whether session, units, roles and what is led are as when it was found.
    """
    app.extensions["intranet_viewer_loader"] = loader
    app.extensions["intranet_standing_check"] = still_stands


def find_viewer() -> Viewer | None:
    """Return the request's person, or None when nobody is logged in."""
    viewer = g.get("viewer", _UNKNOWN)
    if viewer is _UNKNOWN:
        loader = current_app.extensions.get("intranet_viewer_loader")
        viewer = g.viewer = loader() if loader else None
    return cast("Viewer | None", viewer)


def current_viewer() -> Viewer:
    """Return the request's person, where `requires` has made sure that there is one."""
    viewer = find_viewer()
    if viewer is None:
        raise NotAllowed(_("Du må logge inn."))
    return viewer


def declared_access(app: Flask, endpoint: str) -> Any:
    """Return what the endpoint's view declares, or None."""
    return getattr(app.view_functions[endpoint], "access", None)


def find_page(address: str) -> str | None:
    """Return the endpoint of a page of ours of which there is one alone, or None.

    A page about one thing among many (`/avvik/<number>`) is none such: who may see it hangs on the
    thing.
    """
    try:
        endpoint, values = current_app.url_map.bind("").match(address, method="GET")
    except HTTPException:
        return None
    return None if values else str(endpoint)
