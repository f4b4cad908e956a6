"""The search over all laws and regulations, as rows for `make bench`.

Needs the application's index with real texts (`flask laws import`, `flask search rebuild`).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import floor, pages
from benchmarks.measure import Call, Row, table
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


def _cpu_ms(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000


def _percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measure(bare: Call) -> list[Row]:
    """The table's rows; needs an application context in a process that has not searched yet.

    `bare` is the floor, which is measured after each question.
    """
    before = pss_mb()
    opening = _cpu_ms(lambda: get_engine().ask(lambda snapshot, _cache: snapshot.size))
    asked = questions()

    def find(text: str) -> Callable[[], object]:
        return lambda: queries.find_hits(VIEWER, text)

    first = [_cpu_ms(find(text)) for text in asked]
    warm, beside = [], []
    for text in asked:
        warm.append(statistics.median(_cpu_ms(find(text)) for _n in range(ROUNDS)))
        beside.append(_cpu_ms(bare))
    slow = statistics.median(beside)
    odd = [_cpu_ms(find(text)) for text in ODD.values()]
    typed = [_cpu_ms(lambda text=text: queries.suggest(VIEWER, text[:6])) for text in asked]  # type: ignore[misc]
    return [
        Row("search: open the index (once a process)", 1500, opening, floor=slow),
        Row("search: median, hits and snippets and facets", 4, statistics.median(warm), floor=slow),
        Row("search: 95th percentile", 10, _percentile(warm, 0.95), floor=slow),
        Row("search: 95th percentile, first time asked", 50, _percentile(first, 0.95), floor=slow),
        Row("search: slowest, first time asked", 250, max(first), floor=slow),
        Row("search: slowest odd question", 100, max(odd), floor=slow),
        Row("search: suggestions, 95th percentile", 10, _percentile(typed, 0.95), floor=slow),
        Row("search: memory that it adds to a process", 100, pss_mb() - before, "MB"),
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
                (_cpu_ms(lambda text=text: queries.find_hits(VIEWER, text)), text)
                for text in questions()
            ]  # type: ignore[misc]
            for taken, text in sorted(timed, reverse=True)[:8]:
                print(f"{taken:8.1f}  {text}")


if __name__ == "__main__":
    main()
