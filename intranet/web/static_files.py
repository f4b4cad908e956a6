"""Static files under /static: the built ones have their content's hash in the name."""

from __future__ import annotations

import re

from flask import Flask, send_from_directory
from werkzeug.wrappers import Response

from intranet.web.access import public

HASHED = re.compile(r"\.[0-9a-f]{8,}\.")
YEAR = 31_536_000


@public
def static(filename: str) -> Response:
    """Return the file; one with a hash in its name may be kept for a year."""
    response = send_from_directory("static", filename)
    if HASHED.search(filename):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def install(app: Flask) -> None:
    """Serve the static folder; `wsgi.py` puts WhiteNoise before it for compressed answers."""
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)
