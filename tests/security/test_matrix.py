"""Every route, every role, every state of the object: the table in `matrix.toml` and nothing else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request

from intranet.core import clock
from intranet.web import errors
from tests.cast import Cast
from tests.security import asking, bodies, matrix, shares, world
from tests.security.shares import Share
from tests.security.world import ROLES, VISITOR
from tests.security.world_cases import KIND_STATES

# Routes that no table can hold: what they answer depends on no role.
WITHOUT_ROW = {"GET static", "POST login.log_out", "POST login.log_in", "GET style.show_style"}


# Each answer takes a typesetter's time, and who gets one does not depend on how far the case is.
SLOW_ROUTES = {"POST deviations.download_pdf", "POST deviations.make_withheld_copy"}
SLOW_STATES = {"own", "confidential", "breach", "other_unit", "concerned"}
# What is done about a kind, in the states that only matter there.
KIND_ROUTES = {
    "accept_kind", "decline_kind", "decline_follow_up", "take_follow_up", "take_all_follow_up",
    "show_follow_up", "open_plan", "print_plan", "save_plan", "show_plan",
}  # fmt: skip
# Measured apart, so that they can run side by side.
PARTS = ("GET deviations", "POST deviations", "the others")


@dataclass
class Measured:
    """The answers by route, state and role, and the refusals that changed something."""

    rows: dict[str, matrix.Row]
    untidy: list[str]
    # The states that the other database asks.
    left: dict[str, set[str]]


def part_of(route: str) -> str:
    """Return which part of the table the route is measured with."""
    return next((part for part in PARTS if route.startswith(f"{part}.")), PARTS[-1])


def measure(
    app: Flask, people: Cast, wanted: Collection[str], share: Share = Share.ALL
) -> Measured:
    """Ask everything, or this share of it, each time in the same world."""
    built = world.build(app, people)
    browsers = asking.browsers(app, people)
    tokens = {role: browser.csrf_token() for role, browser in browsers.items()}
    own = asking.own_values(app, people)
    sent = bodies.read()
    snapshot = asking.Snapshot(app)
    found = Measured({}, [], {})
    places = shares.places(route for route, _rule in asking.routes(app))
    for route, rule in asking.routes(app):
        if route not in wanted:
            continue
        method = route.split()[0]
        values = asking.values_of(rule, built)
        asked = shares.states(values, places[route], share)
        found.left[route] = set(values) - asked
        for state, address in asking.addresses(app, rule, built).items():
            if state not in asked:
                continue
            if route in SLOW_ROUTES and state not in SLOW_STATES:
                continue
            if state in KIND_STATES and route.split(".")[-1] not in KIND_ROUTES:
                continue
            answers = {}
            for role, browser in browsers.items():
                body = None
                if method != "GET":
                    asking.fill_buckets()
                    body = bodies.fill(sent[rule.endpoint], {**values[state], **own[role]})
                with snapshot.listening():
                    answers[role] = asking.ask(browser, tokens[role], method, address, body)
                if method == "GET":
                    found.untidy += [
                        f"{route}, {state}: reading by {role} writes to {table}"
                        for table in sorted(snapshot.written - asking.READ_AUDIT)
                    ]
                elif answers[role] not in asking.DONE and snapshot.is_changed():
                    found.untidy.append(f"{route}, {state}: refused {role}, and yet did it")
                # Also after reading, which notes that a confidential case was opened.
                snapshot.put_back()
            found.rows.setdefault(route, {})[state] = answers
    return found


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str | None, int]]:
    """Write the page of a refusal once for each route and status, not again for each role.

    The page tells the role nothing that the status does not, and writing it is most of the work;
    the status is the product's own each time.
    """
    written: Counter[tuple[str | None, int]] = Counter()
    write = errors.render_kept_text

    def write_once(status: int, message: object = "") -> tuple[str, int]:
        key = (request.endpoint, status)
        written[key] += 1
        return write(status, message) if written[key] == 1 else ("", status)

    monkeypatch.setattr(errors, "render_kept_text", write_once)
    return written


def test_every_form_has_a_body_and_every_row_a_route(app: Flask) -> None:
    """AZ-01: a new POST route says in `bodies.toml` what it is sent; what is gone has no row."""
    routes = {route: rule for route, rule in asking.routes(app) if route not in WITHOUT_ROW}
    forms = {rule.endpoint for route, rule in routes.items() if not route.startswith("GET ")}
    assert forms == set(bodies.read())
    assert not set(matrix.read()) - set(routes)


@pytest.mark.parametrize("part", PARTS)
def test_every_route_answers_each_role_as_the_table_says(
    app: Flask,
    people: Cast,
    part: str,
    refusals: Counter[tuple[str | None, int]],
    share: Share,
) -> None:
    """AZ-01, AZ-07, AZ-08, AZ-09, AZ-13, AZ-22, AZ-25; a refusal and reading change nothing (HD-05).

    Where both databases are tested, each asks its share of the table: who may do what is decided above
    them, and 22,000 requests take long.
    """
    expected = matrix.read()
    wanted = {
        route
        for route, _rule in asking.routes(app)
        if route not in WITHOUT_ROW
        and part_of(route) == part
        and not (os.environ.get("MATRIX_NEW") and route in expected)
    }
    # One moment for all of it, however long the machine takes.
    with clock.stopped_at(clock.now()):
        found = measure(app, people, wanted, share)
    if os.environ.get("MATRIX_OUT"):
        rows = [matrix.write_row(route, row) for route, row in found.rows.items()]
        with Path(os.environ["MATRIX_OUT"]).open("a", encoding="utf-8") as out:
            out.write("\n".join([*rows, ""]))
    faults = list(found.untidy)
    for route, row in found.rows.items():
        if route not in expected:
            faults.append(f"No row. Read it, and if it is right paste it into matrix.toml:\n"
                          f"{matrix.write_row(route, row)}")  # fmt: skip
        else:
            right = {
                state: answers
                for state, answers in expected[route].items()
                if state not in found.left[route]
            }
            faults += _differences(route, right, row)
    assert not faults, "\n".join(faults)


def test_every_step_can_be_taken_by_somebody() -> None:
    """A row of refusals alone proves nothing: each form is in some state somebody's to send."""
    never = [
        route
        for route, row in matrix.read().items()
        if not route.startswith("GET ")
        and not any(status in asking.DONE for states in row.values() for status in states.values())
    ]
    assert not never


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
