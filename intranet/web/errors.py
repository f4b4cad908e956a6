"""The only table from error to status and page."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from intranet.core import errors
from intranet.core.faults import Fault, find_fault
from intranet.core.text import _, _l
from intranet.core.transaction import drop_session, has_committed
from intranet.extensions import db
from intranet.web.access import PUBLIC, declared_access, find_viewer
from intranet.web.error_pages import kept_text, render_kept_text
from intranet.web.kept_text import keep_text, read_sending
from intranet.web.oversized import read_text_of
from intranet.web.refusing import session_lost
from intranet.web.resending import make_resending
from intranet.web.retrying import try_again
from intranet.web.sessionless import is_sessionless, log_fault_later
from intranet.web.uploads import PortalRequest

log = logging.getLogger("intranet.errors")

STATUS: dict[type[errors.IntranetError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.InvalidInput: 422,
    errors.NotPossibleNow: 409,
    errors.SomeoneElseWasFirst: 409,
    errors.DirectoryUnavailable: 503,
}
FAULTS: dict[Fault, Any] = {
    Fault.BUSY: _l("Databasen er opptatt med noe annet akkurat nå."),
    Fault.FULL: _l("Det er ikke plass til mer på serveren akkurat nå. Driften må rydde plass."),
    Fault.READ_ONLY: _l("Portalen kan leses, men ingenting kan lagres akkurat nå."),
    Fault.AWAY: _l("Databasen svarer ikke akkurat nå."),
    Fault.UNDONE: _l("To lagret på samme tid, og ditt måtte vike."),
    Fault.UNKNOWN: _l(
        "Forbindelsen til databasen ble brutt mens det ble lagret. Se etter om det kom med, "
        "før du sender på nytt."
    ),
}
RETRY_SECONDS = 30


def _on_ours(error: errors.IntranetError) -> tuple[str, int]:
    db.session.rollback()
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return render_kept_text(status, error.message)


def _on_http(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):
        # Asked under a name that is not ours: no page can be made, for it would hold that name.
        return Response(_("Portalen svarer ikke under dette navnet."), 400, mimetype="text/plain")
    if error.response is not None:
        return error.response
    if isinstance(error, RequestEntityTooLarge):
        return _on_too_large()
    body, status = render_kept_text(error.code or 500)
    headers = [(k, v) for k, v in error.get_headers() if k.lower() in ("allow", "retry-after")]
    return body, status, headers


def _on_too_large() -> Any:
    """A file was too large: the text stands in its form again, or at least on the error page."""
    if not is_sessionless() and read_text_of(request):
        kept = read_sending()
        viewer = find_viewer()
        if kept is not None and viewer is not None and kept.person_id == viewer.id:
            most = current_app.config["MAX_CONTENT_LENGTH"] // 2**20
            flash(
                _(
                    "Ingenting er sendt, for filene var for store. Til sammen kan de være høyst "
                    "%(size)d MB. Teksten din står i skjemaet.",
                    size=most,
                ),
                "warning",
            )
            return redirect(keep_text(kept), 303)
    return render_kept_text(413)


def _on_csrf(_error: CSRFError) -> Any:
    """The token belongs to a session that is over: log in again, or show the form once more."""
    public = declared_access(current_app, request.endpoint or "") == PUBLIC
    if not public:
        viewer = find_viewer()
        if viewer is None:
            return session_lost()
        kept = read_sending()
        if kept is not None and kept.person_id == viewer.id:
            return redirect(keep_text(kept), 303)
    return render_kept_text(
        400, _("Siden var åpen så lenge at den må lastes på nytt før du sender.")
    )


def _on_crash(error: Exception) -> tuple[str, int]:
    """The last door: logged with the traceback, shown without it, and without the database."""
    if is_sessionless():
        log_fault_later(error)
    log.exception("unhandled error id=%s", g.get("request_id", "-"), exc_info=error)
    _leave_database()
    return render_kept_text(500)


def _on_fault(error: Exception) -> Any:
    """The database or the disk fails for a while: once more by ourselves, or by the person."""
    fault = find_fault(error)
    if fault is None:
        return _on_crash(error)
    answer = try_again(error, fault)
    if answer is not None:
        return answer
    log.error("%s: %s id=%s", fault, type(error).__name__, g.get("request_id", "-"))
    is_kept = fault is Fault.UNKNOWN or has_committed()
    _leave_database()
    again = make_resending()
    status = 507 if fault is Fault.FULL else 503
    body = render_template(
        "errors/503.html",
        status_code=status,
        message=FAULTS[fault],
        again=again,
        kept=[] if again else kept_text(),
        is_lost=request.method == "POST" and not is_kept,
        request_id=g.get("request_id", "-"),
    )
    return body, status, {"Retry-After": str(RETRY_SECONDS)}


def _leave_database() -> None:
    """Let go of a database that may be gone; the page keeps the person's language at most."""
    drop_session()
    if "viewer" in g:
        get_locale()
    g.viewer = None


def install(app: Flask) -> None:
    """Register the table."""
    app.request_class = PortalRequest
    # Before Flask-SQLAlchemy's own: a finished answer is not lost because the database is gone.
    app.teardown_appcontext(lambda _error: drop_session())
    app.register_error_handler(errors.IntranetError, _on_ours)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(SQLAlchemyError, _on_fault)
    app.register_error_handler(OSError, _on_fault)
    app.register_error_handler(Exception, _on_crash)
