"""Addresses that notices lead to. Pure."""

from __future__ import annotations


def delegation_url(delegation_id: int) -> str:
    """Return the page of one delegation."""
    return f"/fullmakter/{delegation_id}"
