"""What the front page shows, from every room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intranet.core.actor import Viewer


@dataclass(frozen=True)
class FrontPage:
    """Rows of each room, ready to show."""

    news: list[Any] = field(default_factory=list)
    vacancies: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)


def compose(viewer: Viewer) -> FrontPage:
    """Return the front page for the person."""
    return FrontPage()
