"""Ends the session of this browser, for the pages after which somebody else takes the device."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, session, url_for
from werkzeug.wrappers import Response

from intranet.core.transaction import transaction
from intranet.login import actions
from intranet.web.access import find_viewer

COOKIE_KEY = "sid"


def end_this_session() -> None:
    """End the session here and on the server; twice does no harm."""
    token = session.get(COOKIE_KEY)
    if isinstance(token, str):
        viewer = find_viewer()
        # Whoever comes next in this request is somebody else, or the same with another standing.
        g.pop("viewer", None)
        with transaction():
            actions.end_session(token, actor=viewer)
    session.clear()


def leave(**arguments: Any) -> Response:
    """End the session and lead to the login page, where the next one finds nothing of the last."""
    end_this_session()
    response = redirect(url_for("login.log_in", **arguments))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
