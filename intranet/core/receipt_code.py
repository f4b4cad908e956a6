"""Codes by which somebody without a name comes back: made, read as typed, hashed and sealed.

A code is 24 characters of Crockford's base32 (120 bits), so that its SHA-256 may be
stored as it is.
Keeps none; the code itself belongs in the body of a POST and never in an address.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from intranet.core.settings import get_settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
GROUP = 4
# What people read wrong on paper, and what they put between the groups.
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset(" -\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212.")
_LONGEST_TYPED = 200


def make_code() -> str:
    """Return a new code of 24 characters without blanks."""
    return "".join(secrets.choice(ALPHABET) for _character in range(LENGTH))


def show_code(code: str) -> str:
    """Return the code as it is written down: "7K2M 90QX …", six groups of four."""
    return " ".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str | None) -> str | None:
    """Return the code that was meant, or None when it cannot be one.

    Blanks, hyphens and case do not matter; O is 0, I and L are 1.
    """
    text = unicodedata.normalize("NFKC", (typed or "")[:_LONGEST_TYPED]).upper()
    code = "".join(char for char in text if char not in _BETWEEN).translate(_MISREAD)
    is_code = len(code) == LENGTH and all(char in ALPHABET for char in code)
    return code if is_code else None


def is_same_code(typed: str | None, code: str) -> bool:
    """Whether what was typed means this code; takes the same time for every wrong one."""
    return hmac.compare_digest((read_code(typed) or "").encode(), code.encode())


def hash_code(code: str) -> str:
    """Return what is stored instead of the code: its SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()


def derive_code(code: str) -> str:
    """Return the code of what the holder of this one let be sent on.

    Only who knows the code can tell that the two belong together: no table says so.
    """
    digest = hashlib.sha256(f"sent-on:{code}".encode("ascii")).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def seal_code(code: str, purpose: str) -> str:
    """Return the proof that we made this code and that it has come as far as `purpose`.

    A page without a session carries code and seal in hidden fields; nobody can bring a code of
    their own choice, nor skip a step.
    """
    key = get_settings().secret_key.encode("utf-8")
    return hmac.new(key, f"receipt-code:{purpose}:{code}".encode(), hashlib.sha256).hexdigest()


def open_seal(code: str | None, seal: str | None, purpose: str) -> str | None:
    """Return the code when the seal fits it and the purpose, else None."""
    found = read_code(code)
    if found is None or not (seal or "").isascii():
        return None
    return found if hmac.compare_digest(seal_code(found, purpose), seal or "") else None
