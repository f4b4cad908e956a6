"""Flask as this house uses it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import intranet
from tests.browser import Browser
from tests.cast import Cast


def test_no_function_is_a_coroutine_which_the_portal_would_not_wait_for() -> None:
    found = [
        f"{path.name}: {node.name}"
        for path in Path(intranet.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    assert found == []


def test_menu_that_was_kept_for_one_shows_another_only_what_opens(
    log_in: Callable[[int], Browser], people: Cast
) -> None:
    """In both orders: what is kept is the menu, not who may open its places."""
    for person, opens in ((people.adam, True), (people.ingrid, False), (people.adam, True)):
        links = log_in(person).get("/").links()
        assert ("/administrasjon" in links) is opens
        assert "/stillinger" in links
