"""Does a request once more when the database was away; never what may be done already."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from flask import current_app, g, request

from intranet.core.faults import Fault
from intranet.core.transaction import drop_session, has_committed

# Together longer than the ten seconds that a database takes to change servers.
PAUSES = (0.1, 0.4, 1.0, 2.0, 4.0, 5.0)
# What the first attempt read, and the second must read anew.
_READ = ("viewer", "session_opened_at", "restored_text", "tasks")


def try_again(error: Exception, fault: Fault) -> Any:
    """Return the answer of a new attempt, or None where there shall be none.

    SQLite has waited for its lock already. What changes something is done again only when the
    database certainly kept nothing, or when the form's key keeps it from being done twice.
    """
    if fault not in (Fault.AWAY, Fault.UNDONE) and not (
        fault is Fault.UNKNOWN and request.form.get("send_key")
    ):
        return None
    if isinstance(getattr(error, "orig", None), sqlite3.Error) or has_committed():
        return None
    attempt = g.get("attempts", 0)
    if attempt >= len(PAUSES):
        return None
    drop_session()
    time.sleep(PAUSES[attempt])
    g.attempts = attempt + 1
    for name in _READ:
        g.pop(name, None)
    for upload in request.files.values():
        upload.stream.seek(0)
    return _dispatch()


def _dispatch() -> Any:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        answer = app.preprocess_request()
        return app.dispatch_request() if answer is None else answer
    except Exception as error:  # noqa: BLE001  As Flask does: the error table answers.
        return app.handle_user_exception(error)
