"""All the pages of news, for the one list of the house."""

from __future__ import annotations

from intranet.news.views import read, write
from intranet.news.views.blueprint import blueprint

__all__ = ["blueprint", "read", "write"]
