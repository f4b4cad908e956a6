"""All the library's pages, for the one list of the house."""

from __future__ import annotations

from intranet.library.views import approve, law_reviews, read, write
from intranet.library.views.blueprint import blueprint

__all__ = ["approve", "blueprint", "law_reviews", "read", "write"]
