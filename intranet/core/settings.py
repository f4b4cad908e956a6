"""The running application's settings, for business code that must not see Flask."""

from __future__ import annotations

from typing import cast

from flask import current_app

from intranet.config import Settings


def get_settings() -> Settings:
    """Return the settings of the running application."""
    return cast(Settings, current_app.extensions["intranet_settings"])
