"""What of the news stands on a person's front page: nothing twice. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

NEED_TO_KNOW = 3
# So many may come from the own unit and those above it, so that the municipality is seen too.
NEAR = 3


@dataclass(frozen=True)
class FrontNews:
    """What one needs to know, at most three, and the news, the nearest first."""

    need_to_know: list[Any]
    news: list[Any]


def compose(rows: Sequence[Any], *, own: Collection[int], most: int) -> FrontNews:
    """Choose from rows that may stand there, each once.

    A row tells `is_asked` (must be read and is not confirmed), `must_read_by`, `is_pinned`,
    `publish_at`, `id`, `unit_id`, `is_near` (by the own unit, or one above it that is not the whole
    municipality) and `is_for_all`. `own` are the units that the person belongs to.
    """
    newest = sorted(rows, key=lambda row: (row.publish_at, row.id), reverse=True)
    asked = sorted(
        (row for row in newest if row.is_asked), key=lambda row: row.must_read_by or date.max
    )
    pinned = [row for row in newest if row.is_pinned and not row.is_asked]
    need_to_know = [*asked, *pinned][:NEED_TO_KNOW]
    taken = {row.id for row in need_to_know}
    rest = [row for row in newest if row.id not in taken]
    near = sorted((row for row in rest if row.is_near), key=lambda row: row.unit_id not in own)[
        : min(NEAR, most)
    ]
    taken |= {row.id for row in near}
    others = [row for row in rest if row.id not in taken]
    return FrontNews(need_to_know, [*near, *others][:most])
