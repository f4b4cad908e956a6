"""The room's blueprint, which each file of views puts its own on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("search", __name__)
