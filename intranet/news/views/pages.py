"""All the pages of news, for the one list of the house."""

from __future__ import annotations

from intranet.news.views import autosave, comments, crisis, history, read, reading, write
from intranet.news.views.blueprint import blueprint

__all__ = ["autosave", "blueprint", "comments", "crisis", "history", "read", "reading", "write"]
