"""The door before each request and each transaction: what no declaration allows is refused."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app, g, has_request_context, redirect, request, url_for
from werkzeug.wrappers import Response

from intranet.core.clock import now
from intranet.core.errors import NotAllowed, SomeoneElseWasFirst
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import check_at_start
from intranet.web.access import PUBLIC, declared_access, find_viewer
from intranet.web.error_pages import render_kept_text
from intranet.web.kept_text import seal_sending


def refuse_undeclared() -> Response | None:
    """Before each request: refuse what is not declared, send strangers to the login page."""
    if request.endpoint is None:
        return None  # No such page: the error table answers 404.
    access = declared_access(current_app, request.endpoint)
    if access == PUBLIC:
        return None
    if access is None:
        raise NotAllowed(_("Siden er ikke åpnet for noen."))
    viewer = find_viewer()
    if viewer is None:
        return _ask_to_log_in()
    if not all(allows(viewer) for allows in access):
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    if _is_too_old_for(request.endpoint):
        return cast(Response, session_lost())
    return None


def _is_too_old_for(endpoint: str) -> bool:
    """Whether the view is sensitive and the person proved who they are too long ago."""
    if not getattr(current_app.view_functions[endpoint], "asks_again", False):
        return False
    opened_at = g.get("session_opened_at")
    return opened_at is None or now() - opened_at > get_settings().password_again


def _ask_to_log_in() -> Response:
    """Send to the login page and back again; a script's request gets 401 and no page."""
    if request.method in ("GET", "HEAD"):
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("login.log_in", next=wanted))
    return cast(Response, current_app.ensure_sync(session_lost)())


def session_lost() -> Any:
    """Answer a form sent after the session ended: the text goes along through the new login.

    Where it is not known whose text it is, it is shown instead, so that nothing is lost.
    """
    sealed = seal_sending()
    render = current_app.extensions.get("intranet_log_in_again")
    return render(sealed) if sealed and render else render_kept_text(401)


def demand_standing() -> None:
    """At the start of a transaction: refuse what was allowed on a standing that is gone (CC-09).

    The request's person was read before the transaction began; a role may have been taken since.
    """
    viewer = g.get("viewer") if has_request_context() else None
    if viewer is None or viewer.session_id is None:
        return
    if not current_app.extensions["intranet_standing_check"](viewer):
        raise SomeoneElseWasFirst(_("Tilgangen din ble endret mens du holdt på. Prøv igjen."))


def install(app: Flask) -> None:
    """Check each request before any view runs, and each transaction before it does anything."""
    app.before_request(refuse_undeclared)
    check_at_start(demand_standing)
