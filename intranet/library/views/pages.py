"""All the library's pages, for the one list of the house."""

from __future__ import annotations

from intranet.library.views import (
    approve,
    compare,
    law_reviews,
    questions,
    read,
    reading,
    reviews,
    write,
)
from intranet.library.views.blueprint import blueprint

__all__ = [
    "approve",
    "blueprint",
    "compare",
    "law_reviews",
    "questions",
    "read",
    "reading",
    "reviews",
    "write",
]
