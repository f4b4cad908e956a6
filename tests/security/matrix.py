"""Reads `matrix.toml`, the table of who gets which answer from which route (AZ-01).

**Adding a route.** Run `pytest tests/security/test_matrix.py --db sqlite`. The test fails and prints
the row that the route has now. Read each line as a promise (may this role really do that?), mend
the route when it is wrong, and paste the row into `matrix.toml` under its room. A route whose
address has a new `<int:thing_id>` also needs a value in `world.py`: a state of its own under
`kinds` when access depends on it, else a line in `_single`.

One row: `"GET deviations.show_deviation"`, and for each state of the object (or for several that
answer alike) one line `"own closed" = "200: reporter leader above; 404"`. Roles that are not named
get the last status. A visitor (nobody logged in) is never named: 302 to the login page for GET and
401 for POST, unless the row says `visitor`. A POST is sent what stands for it in `bodies.toml`,
with a valid token, in a world that is put back after each one. So 303 means "it was done", 403 "you
see it but may not", 404 "there is no such thing for you", 409 "you may, but not in this state", and
422 "you may, but not with this"; a new form needs a body there.

`MATRIX_OUT=file pytest ...` appends the whole table as it is now, for comparing, and
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
        route: {
            state: parse(line, route) for states, line in row.items() for state in states.split()
        }
        for route, row in text.items()
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
    """Return the row as it stands in the file: states that answer alike on one line."""
    alike: dict[str, list[str]] = {}
    for state, answers in row.items():
        alike.setdefault(write_line(answers, route), []).append(state)
    lines = [f'{_key(states)} = "{line}"' for line, states in alike.items()]
    return "\n".join([f'["{route}"]', *lines, ""])


def _key(states: list[str]) -> str:
    return states[0] if len(states) == 1 else f'"{" ".join(states)}"'
