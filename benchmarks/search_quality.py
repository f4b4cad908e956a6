"""How good the search is on judged questions: nDCG@10 by kind of question.

`python -m benchmarks.search_quality [FILE...]`; without files `questions.jsonl` beside this one: some
180 questions as employees type them, each with the paragraphs that answer (grade 2) or help (1), judged
against the laws of June 2026. The words of the thesaurus were chosen with these in view, so that only
questions from elsewhere tell how it does on what it has not seen. Needs an index with real laws.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from intranet import create_app
from intranet.search import queries
from intranet.search.entry import Kind

OWN = Path(__file__).with_name("questions.jsonl")
EVERYBODY = frozenset({"all"})
MOST = 10


def gain(results: Sequence[str], targets: Sequence[dict[str, Any]]) -> float:
    """Return nDCG@10 (0 to 1). A whole act is answered by any part of it, a paragraph by itself."""
    left = {(target["doc"], _plain(target["section"])): target["grade"] for target in targets}
    found = 0.0
    for place, key in enumerate(results[:MOST]):
        doc, _sign, section = key.partition("#")
        hit = next((it for it in ((doc, _plain(section)), (doc, "")) if it in left), None)
        if hit is not None:
            found += (2 ** left.pop(hit) - 1) / math.log2(place + 2)
    best = sorted((2 ** target["grade"] - 1 for target in targets), reverse=True)[:MOST]
    return found / sum(value / math.log2(place + 2) for place, value in enumerate(best))


def _plain(section: str | None) -> str:
    return (section or "").replace(" ", "").lower()


def judged(files: Sequence[Path]) -> Iterator[tuple[str, float]]:
    """Yield each question's kind and how well it was answered."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            kinds = (Kind.LAW, Kind.REGULATION)
            results = queries.find_keys(EVERYBODY, question["query"], kinds, MOST)
            yield question["kind"], gain(results, question["targets"])


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    files = [Path(argument) for argument in arguments] or [OWN]
    by_kind: dict[str, list[float]] = defaultdict(list)
    with create_app().app_context():
        for kind, value in judged(files):
            by_kind[kind].append(value)
            by_kind["alle"].append(value)
    for kind, values in sorted(by_kind.items()):
        print(f"{kind:14} {len(values):4}  {sum(values) / len(values):.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
