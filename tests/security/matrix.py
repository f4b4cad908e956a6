"""Reads `matrix.toml`, the table of who gets which answer from which route (AZ-01).

**Adding a route.** Run `pytest tests/security/test_matrix.py --db sqlite`. The test fails and prints
the row that the route has now. Read each line as a promise (may this role really do that?), mend
the route when it is wrong, and paste the row into `matrix.toml` under its room. A route whose
address has a new `<int:thing_id>` also needs a value in `world.py`: a state of its own under
`kinds` when access depends on it, else a line in `_single`.

One row: `"GET deviations.show_deviation"`, and for each state of the object one line
`own = "200: reporter leader above; 404"`. Roles that are not named get the last status. A visitor
(nobody logged in) is never named: 302 to the login page for GET and 401 for POST, unless the row
says `visitor`. A POST is sent with a valid token and an otherwise empty form, so that 422 or 409
means "you may, but not with this", 302 "it was done", 403 "you see it but may not", 404 "there is
no such thing for you". A step whose form is checked before the person is answers 422 also to
those who may not take it: which step is whose stands in `deviations/workflow.py`, and its own
tests prove it. The rows here prove who gets an answer at all.

`MATRIX_OUT=file pytest ...` writes the whole table as it is now, for comparing, and
`MATRIX_NEW=1` asks only the routes that have no row yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.security.world import ROLES, VISITOR

FILE = Path(__file__).with_name("matrix.toml")
Answers = dict[str, int]
Row = dict[str, Answers]


def read() -> dict[str, Row]:
    """Return the expected status by route, state and role."""
    text = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        route: {state: parse(line, route) for state, line in states.items()}
        for route, states in text.items()
    }


def parse(line: str, route: str) -> Answers:
    """Return the status by role of "200: reporter leader; 404"."""
    *named, rest = [part.strip() for part in line.split(";")]
    answers = dict.fromkeys(ROLES, int(rest))
    answers[VISITOR] = 302 if route.startswith("GET") else 401
    for part in named:
        status, roles = part.split(":")
        for role in roles.split():
            assert role in answers, f"{route}: no role {role}"
            answers[role] = int(status)
    return answers


def write_line(answers: Mapping[str, int], route: str) -> str:
    """Return the line of these answers, the commonest status last."""
    people = [status for role, status in answers.items() if role != VISITOR]
    rest = max(sorted(set(people)), key=people.count)
    usual = 302 if route.startswith("GET") else 401
    shown: dict[int, list[str]] = {}
    for role, status in answers.items():
        if status != (usual if role == VISITOR else rest):
            shown.setdefault(status, []).append(role)
    parts = [f"{status}: {' '.join(shown[status])}" for status in sorted(shown)]
    return "; ".join([*parts, str(rest)])


def write_row(route: str, row: Mapping[str, Mapping[str, int]]) -> str:
    """Return the row as it stands in the file."""
    lines = [f'{state} = "{write_line(answers, route)}"' for state, answers in row.items()]
    return "\n".join([f'["{route}"]', *lines, ""])
