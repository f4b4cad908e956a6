"""The search over all laws and regulations, as rows for `make bench`.

Needs the application's index with real texts (`flask laws import`, `flask search rebuild`).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import floor, pages
from benchmarks.measure import Call, Row, Timer, own_time, table
from intranet import create_app
from intranet.core.actor import Viewer
from intranet.search import queries
from intranet.search.engine import get_engine

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).parents[2] / "shared"))
VIEWER = Viewer(id=0, name="Måling")
ROUNDS = 5
OWN_QUESTIONS = [
    "ferie",
    "oppsigelse prøvetid",
    "melding om avvik",
    "departementet kan gi forskrift",
    "taushetsplikt helsepersonell",
    '"rett til å varsle"',
    "barnehage bemanning",
    "kommunen",
    "aml 2A-1",
    "byggesak dispensasjon",
]
ODD = {
    "empty": "",
    "10,000 characters": "x" * 10_000,
    "10,000 parentheses": "(" * 10_000,
    "3,000 operators": "AND NOT " * 3_000,
    "5,000 ORs": "a OR " * 5_000,
    "only wildcards": "*" * 3_000,
    "1 MB": "melding om avvik " * 60_000,
    "NUL": "\0" * 100,
    "emoji": "🙂" * 3_000,
    "right-to-left": "\u202eאבג abc",
    "unmatched quote": '"' * 100_001,
    "100 kB of signs": "§" * 100_000,
}


def questions() -> list[str]:
    """Real questions where they are there, and our own."""
    file = SHARED / "search" / "dev.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [*OWN_QUESTIONS, *(json.loads(line)["query"] for line in lines)]


def _percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True)
class Taken:
    """CPU milliseconds of each question, the first time and warm, and of the floor beside them."""

    first: list[float]
    warm: list[float]
    floor: float


def time_questions(ask: Callable[[str], object], bare: Call, timer: Timer) -> Taken:
    """Ask every question once, and then ROUNDS times, with the floor after each."""
    asked = questions()

    def ms(text: str) -> float:
        return timer(lambda: ask(text)) * 1000

    first = [ms(text) for text in asked]
    warm, beside = [], []
    for text in asked:
        warm.append(statistics.median(ms(text) for _n in range(ROUNDS)))
        beside.append(own_time(bare) * 1000)
    return Taken(first, warm, statistics.median(beside))


def rows_of(name: str, taken: Taken, *, budgets: bool = True) -> list[Row]:
    """Return the rows of the questions."""
    values = {
        "median, hits and snippets and facets": (4, statistics.median(taken.warm)),
        "95th percentile": (10, _percentile(taken.warm, 0.95)),
        "95th percentile, first time asked": (50, _percentile(taken.first, 0.95)),
        "slowest, first time asked": (250, max(taken.first)),
    }
    return [
        Row(f"{name}: {what}", budget if budgets else None, value, floor=taken.floor)
        for what, (budget, value) in values.items()
    ]


def measure(bare: Call, *, timer: Timer = own_time, engine: str = "Whoosh") -> list[Row]:
    """The table's rows; needs an application context in a process that has not searched yet.

    `bare` is the floor, which is measured after each question.
    """
    name = f"search, {engine}"
    before = pss_mb()
    opening = 1000 * timer(lambda: get_engine().ask(lambda snapshot, _cache: snapshot.size))
    taken = time_questions(lambda text: queries.find_hits(VIEWER, text), bare, timer)
    odd = [1000 * timer(lambda text=text: queries.find_hits(VIEWER, text)) for text in ODD.values()]  # type: ignore[misc]
    typed = [
        1000 * timer(lambda text=text: queries.suggest(VIEWER, text[:6]))  # type: ignore[misc]
        for text in questions()
    ]
    slow = taken.floor
    return [
        Row(f"{name}: open the index (once a process)", 1500, opening, floor=slow),
        *rows_of(name, taken),
        Row(f"{name}: slowest odd question", 100, max(odd), floor=slow),
        Row(f"{name}: suggestions, 95th percentile", 10, _percentile(typed, 0.95), floor=slow),
        Row(f"{name}: memory that it adds to a process", 100, pss_mb() - before, "MB"),
    ]


def pss_mb(process: str = "self") -> float:
    """Return the memory of the process, what it shares with others counted in part."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Print the rows; `--slow` also prints the slowest questions."""
    with tempfile.TemporaryDirectory() as name, create_app().app_context():
        print(table(measure(pages.article_of(floor.make(Path(name)).test_client()))))
        if "--slow" in sys.argv:
            timed = [
                (1000 * own_time(lambda text=text: queries.find_hits(VIEWER, text)), text)
                for text in questions()
            ]  # type: ignore[misc]
            for taken, text in sorted(timed, reverse=True)[:8]:
                print(f"{taken:8.1f}  {text}")


if __name__ == "__main__":
    main()
