"""The key by which one sending is known when it comes again."""

from __future__ import annotations

import uuid


def key_of_sending(page_key: str, *words: str) -> str:
    """Return the key of what was written on a page with this key.

    The same words again are the same sending; other words from the same page are another, so that
    nothing is taken for a second press that is not one.
    """
    return str(uuid.uuid5(uuid.UUID(page_key), "\x1f".join(words)))
