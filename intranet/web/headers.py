"""Security headers on every answer, also on errors and static files; 303 after what was sent."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from intranet.core.settings import get_settings

FOUND, SEE_OTHER = 302, 303
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'; object-src 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
# What is added where a view has not set its own.
_MISSING = {"Content-Security-Policy": CSP, **FIXED}


def add_headers(response: Response) -> Response:
    """Add what is missing; a view that needs a stricter policy (a file) has set its own."""
    present = {name.lower() for name, _value in response.headers}
    for name, value in _MISSING.items():
        if name.lower() not in present:
            response.headers.add(name, value)
    if get_settings().is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Pages hold case texts; a shared PC must not show them after log-out.
    if "cache-control" not in present and request.endpoint != "static":
        response.headers.add("Cache-Control", "no-store")
    return response


def lead_on(response: Response) -> Response:
    """Answer 303 where what was sent is done: the browser asks for the page, and sends nothing
    again.
    """
    if request.method not in ("GET", "HEAD") and response.status_code == FOUND:
        response.status_code = SEE_OTHER
    return response


def install(app: Flask) -> None:
    """Do both after each request."""
    app.after_request(add_headers)
    app.after_request(lead_on)
