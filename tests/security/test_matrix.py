"""Every route, every role, every state of the object: the table in `matrix.toml` and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.security import asking, matrix, world
from tests.security.world import ROLES, VISITOR

# Routes that no table can hold: what they answer depends on no role.
WITHOUT_ROW = {"GET static", "POST login.log_out", "POST login.log_in", "GET style.show_style"}


def measure(
    app: Flask, people: Cast, expected: dict[str, matrix.Row], *, only_new: bool = False
) -> dict[str, matrix.Row]:
    """Ask everything, and return the answers by route, state and role."""
    built = world.build(app, people)
    browsers = asking.browsers(app, people)
    tokens = {role: browser.csrf_token() for role, browser in browsers.items()}
    snapshot = asking.Snapshot(app)
    found: dict[str, matrix.Row] = {}
    for route, rule in asking.routes(app):
        if route in WITHOUT_ROW or (only_new and route in expected):
            continue
        method = route.split()[0]
        for state, address in asking.addresses(app, rule, built).items():
            answers = {}
            for role, browser in browsers.items():
                answers[role] = asking.ask(browser, tokens[role], method, address)
                if method != "GET" and role != VISITOR and answers[role] in asking.DONE:
                    snapshot.put_back()
            found.setdefault(route, {})[state] = answers
    return found


def test_every_route_answers_each_role_as_the_table_says(app: Flask, people: Cast) -> None:
    """AZ-01, AZ-07, AZ-08, AZ-09, AZ-13, AZ-22, AZ-25."""
    expected = matrix.read()
    only_new = bool(os.environ.get("MATRIX_NEW"))
    found = measure(app, people, expected, only_new=only_new)
    if os.environ.get("MATRIX_OUT"):
        rows = [matrix.write_row(route, row) for route, row in found.items()]
        Path(os.environ["MATRIX_OUT"]).write_text("\n".join(rows), encoding="utf-8")
    faults = []
    for route, row in found.items():
        if route not in expected:
            faults.append(f"No row. Read it, and if it is right paste it into matrix.toml:\n"
                          f"{matrix.write_row(route, row)}")  # fmt: skip
        elif row != expected[route]:
            faults += _differences(route, expected[route], row)
    gone = [] if only_new else sorted(set(expected) - set(found))
    assert not faults, "\n".join(faults)
    assert not gone, f"rows of routes that are gone: {gone}"


def _differences(route: str, expected: matrix.Row, found: matrix.Row) -> list[str]:
    faults = []
    for state in sorted(set(expected) | set(found)):
        want, got = expected.get(state, {}), found.get(state, {})
        wrong = [
            f"{role} gets {got.get(role)} and not {want.get(role)}"
            for role in (*ROLES, VISITOR)
            if want.get(role) != got.get(role)
        ]
        if wrong:
            faults.append(f"{route}, {state}: {'; '.join(wrong)}")
    return faults


@pytest.mark.parametrize("line", ["200: reporter leader; 404", "403"])
def test_line_of_the_table_reads_as_it_is_written(line: str) -> None:
    answers = matrix.parse(line, "GET x")
    assert matrix.write_line(answers, "GET x") == line
    assert answers[VISITOR] == 302
