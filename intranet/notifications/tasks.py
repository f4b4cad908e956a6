"""What waits for a person, from whichever room it comes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Task:
    """One thing to do, with the link that leads to it. `on_behalf_of`: the leader stood in for."""

    kind: str
    title: str
    url: str
    due_on: date | None = None
    note: str = ""
    icon: str = "Tasklist"
    on_behalf_of: str | None = None


def most_urgent_first(tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks by deadline; those without one come last, by title."""
    return sorted(tasks, key=lambda task: (task.due_on or date.max, task.title))
