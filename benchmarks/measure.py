"""CPU time of requests beside a floor: it drifts least on a shared machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Call = Callable[[], object]
Timer = Callable[[Call], float]

FLOOR = "gulv"
# What the floor costs where the budgets were set and nobody else is at work. A machine on which it
# costs twice that is half as fast, and what is measured there counts half.
FLOOR_MS = 1.1
BLOCK = 10


@dataclass(frozen=True)
class Row:
    """One line of the table. `budget` and `measured` in `unit`; None: no budget is set.

    `floor` is what the floor cost in turns with it, in CPU milliseconds.
    """

    name: str
    budget: float | None
    measured: float
    unit: str = "ms CPU"
    floor: float | None = None

    @property
    def at_rest(self) -> float:
        """What it would be on the machine of the budgets."""
        return self.measured * FLOOR_MS / self.floor if self.floor else self.measured

    @property
    def is_met(self) -> bool:
        """Whether the budget holds (True without one)."""
        return self.budget is None or self.at_rest <= self.budget


def own_time(call: Call) -> float:
    """Return the CPU seconds of the call, this process's threads together."""
    started = time.process_time()
    call()
    return time.process_time() - started


def time_with_server(folder: Path) -> Timer:
    """Return the same with the CPU seconds of the PostgreSQL that lives in the folder."""
    main = (folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0]
    children = Path(f"/proc/{main}/task/{main}/children")

    def of_server() -> float:
        backends = children.read_text(encoding="ascii").split()
        return sum(_running(backend) for backend in backends) / 1e9

    def taken(call: Call) -> float:
        before = of_server()
        own = own_time(call)
        return own + of_server() - before

    return taken


def _running(pid: str) -> int:
    """Return the nanoseconds that the process has had a processor."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0  # It has ended.


def cpu_ms(
    calls: Mapping[str, Call], *, timer: Timer = own_time, rounds: int = 60, warm_up: int = 4
) -> dict[str, float]:
    """Return the median CPU milliseconds of each call, taken in turns of BLOCK.

    In turns, so that a neighbour on a shared machine slows all of them; in blocks whose first calls
    do not count, so that each is measured with the processor's caches full of itself.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _block in range(-(-rounds // BLOCK)):
        for name, call in calls.items():
            seconds = [timer(call) for _turn in range(warm_up + BLOCK)]
            taken[name] += seconds[warm_up:]
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def table(rows: list[Row]) -> str:
    """Return the table as text: budget, measured, as at rest, ratio to the floor, met or not."""
    lines = [f"{'hva':56}{'budsjett':>10}{'målt':>10}{'i ro':>10}{'x gulv':>8}  ", "-" * 102]
    for row in rows:
        budget = f"{row.budget:g}" if row.budget is not None else "-"
        ratio = f"{row.measured / row.floor:.1f}" if row.floor and row.unit == "ms CPU" else ""
        mark = "" if row.budget is None else ("ok" if row.is_met else "OVER")
        at_rest = f"{row.at_rest:.2f}" if row.floor else ""
        lines.append(
            f"{row.name:56}{budget:>10}{row.measured:>10.2f}{at_rest:>10}{ratio:>8}"
            f"  {row.unit} {mark}"
        )
    return "\n".join(lines)
