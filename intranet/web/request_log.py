"""One line per request for operators: no names, no form content, no query string."""

from __future__ import annotations

import logging
import secrets
import time

from flask import Flask, g, request
from werkzeug.wrappers import Response

from intranet.web.sessionless import is_sessionless

log = logging.getLogger("intranet.request")


def _start() -> None:
    g.request_id = "-" if is_sessionless() else secrets.token_hex(6)
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    if is_sessionless():
        return response
    elapsed = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info(
        "%s %s %s %.0f ms id=%s",
        request.method,
        request.endpoint or "-",
        response.status_code,
        elapsed,
        g.get("request_id", "-"),
    )
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    return response


def install(app: Flask) -> None:
    """Number and time each request."""
    app.before_request(_start)
    app.after_request(_finish)
