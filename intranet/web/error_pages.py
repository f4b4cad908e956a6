"""What an error page shows: the words for the status, and what the person had typed."""

from __future__ import annotations

from flask import g, render_template, request
from werkzeug.exceptions import HTTPException

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})
# Never shown back: secrets, and what only the machine reads.
NOT_KEPT = frozenset(
    {"csrf_token", "password", "version", "send_key", "submit", "code", "seal", "owner"}
    | {"form_name", "kept"}
)


def kept_text() -> list[tuple[str, str]]:
    """Return the (name, text) pairs that the person typed, so that the error page can show them."""
    if request.method != "POST":
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []  # The form itself was too large to read.
    return [
        (name, value)
        for name, value in pairs
        if name not in NOT_KEPT and "\n" not in name and value.strip() and not value.isdigit()
    ]


def render_kept_text(status: int, message: object = "") -> tuple[str, int]:
    """Return the page of the status with what was typed still there."""
    page = status if status in PAGES else (500 if status >= 500 else 400)
    body = render_template(
        f"errors/{page}.html",
        message=str(message or ""),
        kept=kept_text(),
        request_id=g.get("request_id", "-"),
    )
    return body, status
