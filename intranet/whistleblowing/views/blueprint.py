"""The blueprint of the pages for people who are logged in."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("whistleblowing", __name__)
