"""All the pages of news, for the one list of the house."""

from __future__ import annotations

from intranet.news.views import autosave, crisis, history, read, reading, write
from intranet.news.views.blueprint import blueprint

__all__ = ["autosave", "blueprint", "crisis", "history", "read", "reading", "write"]
