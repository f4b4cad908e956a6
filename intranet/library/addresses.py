"""Addresses of the library's pages and keys of its texts; knows no web framework. Pure."""

from __future__ import annotations

UNOWNED_URL = "/bibliotek/uten-eier"
REGISTER_URL = "/bibliotek/register"
WORK_URL = "/bibliotek/arbeid"


def document_url(number: str) -> str:
    """Return the address of the document's page."""
    return f"/bibliotek/{number}"


def files_url(number: str) -> str:
    """Return the place of the attached files on the document's page."""
    return f"/bibliotek/{number}#files-title"


def approval_url(number: str) -> str:
    """Return the address of the page where the working revision is approved."""
    return f"/bibliotek/{number}/godkjenning"


def edit_url(number: str) -> str:
    """Return the address of the page where the draft is written."""
    return f"/bibliotek/{number}/rediger"


def picture_url(number: str, stored_id: int) -> str:
    """Return the address of a picture in the document's text."""
    return f"/bibliotek/{number}/bilde/{stored_id}"


def take_in_approval_url(run_id: int) -> str:
    """Where what a taking in made is approved all at once."""
    return f"/bibliotek/inntak/{run_id}/godkjenning"


def take_in_url(run_id: int) -> str:
    """Return the address of the page of a taking in."""
    return f"/bibliotek/inntak/{run_id}"


def law_review_url(number: str, review_id: int) -> str:
    """Return the address of the page where a change of the law is looked at."""
    return f"/bibliotek/{number}/lovendring/{review_id}"


def doc_key(number: str) -> str:
    """Return the document's key in the search index."""
    return f"library/{number}"


def number_of(key: str) -> str:
    """Return the document's number from its key in the search index, or from that of its file."""
    return key.removeprefix("library/").partition("#")[0]


def reading_url(number: str) -> str:
    """Return the place on the document's page where reading is confirmed."""
    return f"/bibliotek/{number}#lest"


def coverage_url(number: str) -> str:
    """Return the address of the page that shows who has read the document."""
    return f"/bibliotek/{number}/lest"


def hearing_url(number: str, hearing_id: int) -> str:
    """Return the address of the page of a hearing."""
    return f"/bibliotek/{number}/horing/{hearing_id}"
