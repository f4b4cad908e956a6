"""The form of a sending that could not be kept, made from the request alone, to be sent again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from intranet.web.sessionless import is_sessionless

# Shorter texts without blanks are choices, numbers and keys: sent along, but nothing to read.
_TYPED_LENGTH = 30
_MOST_FIELDS = 500


@dataclass(frozen=True)
class Resending:
    """What the page sends again: what only the machine reads, what was written, files to choose."""

    action: str
    hidden: list[tuple[str, str]]
    typed: list[tuple[str, str]]
    # (field, the names that the chosen files had)
    files: list[tuple[str, str]]
    is_sessionless: bool


def make_resending() -> Resending | None:
    """Return the form of this POST; None when it holds a password or was never read."""
    if request.method != "POST":
        return None
    try:
        pairs = list(request.form.items(multi=True))
        files = [
            (name, ", ".join(file.filename or "" for file in chosen if file.filename))
            for name, chosen in request.files.lists()
        ]
    except (HTTPException, OSError):
        return None
    names = {name for name, _value in pairs}
    if not pairs or "password" in names or len(pairs) > _MOST_FIELDS:
        return None
    is_typed = {
        pair: "\n" in pair[1] or " " in pair[1].strip() or len(pair[1]) > _TYPED_LENGTH
        for pair in pairs
    }
    machine = {"csrf_token", "send_key", "version", "owner", "form_name", "code", "seal", "kept"}
    typed = [pair for pair in pairs if is_typed[pair] and pair[0] not in machine]
    return Resending(
        action=request.full_path.rstrip("?"),
        hidden=[pair for pair in pairs if pair not in typed],
        typed=typed,
        files=[(name, chosen) for name, chosen in files if chosen],
        is_sessionless=is_sessionless(),
    )
