"""Logging in and out, and the list of one's own sessions."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db, login_manager
from intranet.login import actions, checking, queries
from intranet.login.forms import LogInForm
from intranet.people.queries.viewer import load_viewer
from intranet.web.access import current_viewer, find_viewer, public, requires, set_viewer_loader
from intranet.web.redirects import internal_url

blueprint = Blueprint("login", __name__)

COOKIE_KEY = "sid"


@blueprint.record_once
def _connect(state: object) -> None:
    """Let the rest of the house know who is logged in."""
    app = state.app  # type: ignore[attr-defined]
    assert isinstance(app, Flask)
    set_viewer_loader(app, load_session_viewer)


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _for_flask_login(_request: object) -> Viewer | None:
    """Flask-Login's `current_user` is the same person, found in the same way."""
    return find_viewer()


def load_session_viewer() -> Viewer | None:
    """Return the request's person from the session row: checked anew at each request."""
    token = session.get(COOKIE_KEY)
    if not isinstance(token, str):
        return None
    found = queries.find_session(token, get_settings().session_idle)
    if found is None:
        return None
    if now() - found.seen_at > actions.SEEN_STEP:
        with transaction():
            actions.touch_session(found.id)
    viewer = load_viewer(found.person_id, session_id=found.id)
    db.session.rollback()
    return viewer


@blueprint.route("/logg-inn", methods=["GET", "POST"])
@public
def log_in() -> Response | tuple[str, int]:
    """Ask for name and password, and go on to the page that was wanted."""
    if request.method == "GET" and find_viewer() is not None:
        return redirect(internal_url(request.args.get("next", "")))  # type: ignore[return-value]
    form = LogInForm(next=request.args.get("next", "")[:1000])
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("login/log_in.html", form=form), status
    answer = checking.log_in(
        form.username.data,
        form.password.data,
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
    )
    if not answer.token:
        form.form_errors.append(str(answer.text))
        return render_template("login/log_in.html", form=form), answer.status
    session.clear()
    session[COOKIE_KEY] = answer.token
    return redirect(internal_url(form.next.data or ""))  # type: ignore[return-value]


@blueprint.post("/logg-ut")
@public
def log_out() -> Response:
    """End the session here and on the server; twice does no harm."""
    token = session.get(COOKIE_KEY)
    if isinstance(token, str):
        with transaction():
            actions.end_session(token)
    session.clear()
    response = redirect(url_for("login.log_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response  # type: ignore[return-value]


@blueprint.get("/okter")
@requires()
def list_sessions() -> str:
    """Show where I am logged in."""
    viewer = current_viewer()
    return render_template("login/list_sessions.html", sessions=queries.list_sessions_for(viewer))


@blueprint.post("/okter/<int:session_id>/avslutt")
@requires()
def end_session(session_id: int) -> Response:
    """End one of my sessions."""
    viewer = current_viewer()
    with transaction():
        actions.end_own_session(queries.get_session_for(viewer, session_id), actor=viewer)
    return redirect(url_for("login.list_sessions"))  # type: ignore[return-value]
