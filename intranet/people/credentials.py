"""What was typed at login, made fit for a directory, or refused. Pure."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 256
LONGEST_PASSWORD = 1024


def clean_name(typed: str) -> str | None:
    """Return the user name as it is searched for, or None when it cannot be one."""
    name = unicodedata.normalize("NFC", typed).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return None
    return name


def password_bytes(password: str) -> bytes | None:
    """Return the password exactly as typed, as bytes; None when it cannot be one.

    As text ldap3 would rewrite "²" and refuse a decomposed å; blanks belong to it.
    """
    if not password.strip() or len(password) > LONGEST_PASSWORD or "\0" in password:
        return None
    try:
        return password.encode("utf-8")
    except UnicodeEncodeError:
        return None
