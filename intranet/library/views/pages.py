"""All the library's pages, for the one list of the house."""

from __future__ import annotations

from intranet.library.views import (
    approve,
    autosave,
    compare,
    document_pdf,
    hearing,
    hearing_comments,
    history,
    law_reviews,
    questions,
    read,
    reading,
    register,
    reviews,
    supplements,
    take_in,
    take_in_approval,
    unowned,
    write,
)
from intranet.library.views.blueprint import blueprint

__all__ = [
    "approve",
    "autosave",
    "blueprint",
    "compare",
    "document_pdf",
    "hearing",
    "hearing_comments",
    "history",
    "law_reviews",
    "questions",
    "read",
    "reading",
    "register",
    "reviews",
    "supplements",
    "take_in",
    "take_in_approval",
    "unowned",
    "write",
]
