"""How templates find each other: the short way through Jinja, which asks more than we need."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import Template


class PortalTemplate(Template):
    """A template whose macros are made once.

    Jinja compares all global names at each import, in case one template was given globals of its
    own; here none is.
    """

    def _get_default_module(self, _context: Any = None) -> Any:
        return super()._get_default_module()


def install(app: Flask) -> None:
    """Make every template of the application one of these."""
    app.jinja_env.template_class = PortalTemplate
