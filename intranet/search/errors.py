"""What keeps an index from being asked or written, whichever engine holds it."""

from __future__ import annotations


class IndexUnavailable(Exception):
    """There is no index to answer from; it is being built."""


class IndexBusy(Exception):
    """Another process is writing."""
