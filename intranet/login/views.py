"""Logging in and out, and the list of one's own sessions."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.faults import Fault, find_fault
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.extensions import login_manager
from intranet.login import actions, checking, queries
from intranet.login.forms import LogInForm
from intranet.login.leaving import COOKIE_KEY, end_this_session, leave
from intranet.people.queries.viewer import viewer_of
from intranet.web.access import current_viewer, find_viewer, public, requires, set_viewer_loader
from intranet.web.error_pages import kept_text
from intranet.web.kept_text import KEY_ARGUMENT, KeptText, open_seal, set_keeper
from intranet.web.redirects import internal_url

blueprint = Blueprint("login", __name__)

# Seconds that a page waits to note that its session is in use.
_PATIENCE = 0.3


@blueprint.record_once
def _connect(state: object) -> None:
    """Let the rest of the house know who is logged in."""
    app = state.app  # type: ignore[attr-defined]
    assert isinstance(app, Flask)
    set_viewer_loader(app, load_session_viewer, queries.still_stands)
    set_keeper(app, _find_kept, _keep)
    app.extensions["intranet_log_in_again"] = _log_in_again


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
        _note_use(found.session_id)
    g.session_opened_at = found.opened_at
    return viewer_of(
        found,
        session_id=found.session_id,
        unread_notices=found.unread_notices,
        crisis_id=found.crisis_id,
    )


def _note_use(session_id: int) -> None:
    """Note that the session is in use; where nothing can be written just now, reading goes on."""
    try:
        with transaction(patience=_PATIENCE):
            actions.touch_session(session_id)
    except SQLAlchemyError as error:
        if find_fault(error) not in (Fault.BUSY, Fault.FULL, Fault.READ_ONLY):
            raise


@blueprint.route("/logg-inn", methods=["GET", "POST"])
@public
def log_in() -> Response | tuple[str, int]:
    """Ask for name and password, and go on to the page that was wanted."""
    if request.method == "GET" and find_viewer() is not None:
        return redirect(internal_url(request.args.get("next", "")))  # type: ignore[return-value]
    form = LogInForm(next=request.args.get("next", "")[:1000])
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template(_page_of(form), form=form), status
    answer = checking.log_in(
        form.username.data,
        form.password.data,
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
    )
    if not answer.token:
        form.form_errors.append(str(answer.text))
        return render_template(_page_of(form), form=form), answer.status
    end_this_session()
    session[COOKIE_KEY] = answer.token
    if form.kept.data:
        return redirect(_restore(form.kept.data, answer.token))  # type: ignore[return-value]
    return redirect(internal_url(form.next.data or ""))  # type: ignore[return-value]


def _page_of(form: LogInForm) -> str:
    return f"login/{'log_in_again' if form.kept.data else 'log_in'}.html"


def _log_in_again(sealed: str) -> tuple[str, int]:
    """Ask for the password where a form came too late; what was typed goes along, sealed."""
    form = LogInForm(formdata=None, kept=sealed)
    kept = kept_text()
    return render_template("login/log_in_again.html", form=form, kept=kept), 401


def _restore(sealed: str, token: str) -> str:
    """Return the page of the form that was sent too late, if the same person came back."""
    kept = open_seal(sealed)
    found = queries.find_session(token, get_settings().session_idle)
    if kept is None or found is None:
        flash(_("Teksten er for gammel til å hentes fram. Skriv den på nytt."), "warning")
        return internal_url("")
    if found.person_id != kept.person_id:
        flash(_("Det som var skrevet, hører til en annen og vises ikke."), "warning")
        return internal_url("")
    return _keep(kept)


def _keep(kept: KeptText) -> str:
    with transaction():
        key = actions.keep_text(kept)
    flash(
        _(
            "Det du skrev, står i skjemaet igjen. Det er ikke sendt ennå. "
            "Filer må du velge på nytt."
        ),
        "info",
    )
    return f"{kept.page}?{KEY_ARGUMENT}={key}"


def _find_kept(key: str) -> KeptText | None:
    viewer = find_viewer()
    row = queries.find_pending_text(viewer.id, key) if viewer else None
    if row is None:
        return None
    return KeptText(row.person_id, row.page, row.endpoint, row.form_name, row.fields)


@blueprint.post("/logg-ut")
@public
def log_out() -> Response:
    """End the session here and on the server; twice does no harm."""
    return leave()


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
