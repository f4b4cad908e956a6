"""Where a form may send the browser on: only to a page of ours that can be shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

FRONT_PAGE = "home.show_front_page"
# Pages that make no sense to land on.
NEVER = frozenset({"login.log_in", "login.log_out", "static", "jobs.show_health"})


def internal_url(wanted: str) -> str:
    """Return `wanted` when it is the path of a page of ours that GET shows, else the front page."""
    front = url_for(FRONT_PAGE)
    wanted = wanted.strip()
    if len(wanted) > 1000 or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return front
    if any(ord(char) < 32 or char == "\\" for char in wanted):
        return front
    try:
        parts = urlsplit(wanted)
        endpoint, _values = current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return front
    if parts.scheme or parts.netloc or endpoint in NEVER or "file" in str(endpoint):
        return front
    return wanted
