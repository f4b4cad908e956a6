"""The application as gunicorn and `flask` find it: `wsgi:app`."""

from __future__ import annotations

import logging
import os
import sys
from wsgiref.headers import Headers

from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from intranet import create_app
from intranet.config import ROOT, ConfigurationError, load_settings
from intranet.core.log_stream import UnwaitingHandler
from intranet.core.schema import check_schema


def add_static_headers(headers: Headers, _path: str, _url: str) -> None:
    """Give built files the headers that every answer has."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


logging.basicConfig(
    level=os.environ.get("LOG_LEVEL", "WARNING"),
    format="%(asctime)s %(name)s %(message)s",
    handlers=[UnwaitingHandler()],
)

try:
    settings = load_settings()
    app = create_app(settings)
    # The commands make and mend the database; only what serves must find it whole.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        with app.app_context():
            check_schema()
except ConfigurationError as error:
    sys.exit(f"Kan ikke starte: {error}")

# Built files have their content's hash in the name: compressed ahead, kept for ever.
app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
    app.wsgi_app,
    root=str(ROOT / "intranet" / "static" / "vendor"),
    prefix="static/vendor/",
    immutable_file_test=lambda _path, url: True,
    add_headers_function=add_static_headers,
)
if settings.trusted_proxies:
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
