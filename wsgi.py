"""The application as gunicorn and `flask` find it: `wsgi:app`."""

from __future__ import annotations

import logging
import os
import sys

from werkzeug.middleware.proxy_fix import ProxyFix

from intranet import create_app
from intranet.config import ConfigurationError, load_settings

logging.basicConfig(
    level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(asctime)s %(name)s %(message)s"
)

try:
    settings = load_settings()
    app = create_app(settings)
except ConfigurationError as error:
    sys.exit(f"Kan ikke starte: {error}")

if settings.trusted_proxies:
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
