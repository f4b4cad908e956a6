"""CPU time of requests in this process: it drifts least on a shared machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. `budget` and `measured` in `unit`; None: no budget is set."""

    name: str
    budget: float | None
    measured: float
    unit: str = "ms CPU"

    @property
    def is_met(self) -> bool:
        """Whether the budget holds (True without one)."""
        return self.budget is None or self.measured <= self.budget


def cpu_ms(call: Callable[[], object], rounds: int = 60, warm_up: int = 10) -> float:
    """Return the median CPU milliseconds of one call, this process's threads together."""
    for _n in range(warm_up):
        call()
    times = []
    for _n in range(rounds):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def table(rows: list[Row], floor_ms: float) -> str:
    """Return the table as text: budget, measured, ratio to the floor, met or not."""
    lines = [f"{'hva':52}{'budsjett':>12}{'målt':>12}{'x gulv':>9}  ", "-" * 92]
    for row in rows:
        budget = f"{row.budget:g}" if row.budget is not None else "-"
        ratio = f"{row.measured / floor_ms:.1f}" if row.unit == "ms CPU" else ""
        mark = "" if row.budget is None else ("ok" if row.is_met else "OVER")
        lines.append(f"{row.name:52}{budget:>12}{row.measured:>12.2f}{ratio:>9}  {row.unit} {mark}")
    return "\n".join(lines)
