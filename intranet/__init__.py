"""Ansattportalen, the staff intranet: `create_app` puts the house together."""

from __future__ import annotations

from pathlib import Path

from intranet import wiring
from intranet.config import Settings, load_settings
from intranet.extensions import babel, csrf, db, login_manager, migrate
from intranet.web import (
    compression,
    errors,
    filters,
    headers,
    i18n,
    refusing,
    request_log,
    sessionless,
    static_files,
)
from intranet.web.portal import Portal

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Portal:
    """Return the application for `settings` (default: environment and instance folder).

    Raises `ConfigurationError` naming each setting that is missing or wrong.
    """
    settings = settings or load_settings()
    app = Portal(
        "intranet",
        root_path=str(ROOT / "intranet"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.instance_dir),
    )
    app.config.from_mapping(settings.flask_config())
    app.extensions["intranet_settings"] = settings

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    login_manager.init_app(app, add_context_processor=False)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=i18n.select_locale, timezone_selector=i18n.select_timezone)

    i18n.install(app)
    compression.install(app)
    static_files.install(app)
    headers.install(app)
    request_log.install(app)
    errors.install(app)
    filters.install(app)
    wiring.install(app)
    refusing.install(app)
    sessionless.install(app)
    return app
