"""Flask as this house uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


class Portal(Flask):
    """Without what Flask does for views that are coroutines: none is, and it asks on every call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func
