"""Closed by default: every route says who may come, and a stranger gets nothing."""

from __future__ import annotations

import ast
import re
import uuid
from pathlib import Path

from flask import Flask

from intranet.web.access import PUBLIC, declared_access
from tests.browser import Browser

ROOT = Path(__file__).resolve().parents[2]
# Who may open these without logging in, and why.
PUBLIC_ENDPOINTS = {
    "static",
    "jobs.show_health",
    "login.log_in",
    "login.log_out",
    "home.show_accessibility_statement",
    "home.show_privacy",
    "home.set_preferences",
    # Who reports without a name must not be known.
    "anonymous.report",
    "anonymous.show_sent",
    "anonymous.follow",
    "anonymous.add",
    "anonymous.say_not_solved",
    "anonymous.download",
    # A whistleblower may have no account (arbeidsmiljøloven § 1-6), and need not be known.
    "varsling.show_guide",
    "varsling.send",
    "varsling.show_routine",
    "varsling.show_sent",
    "varsling.follow",
    "varsling.add",
    "varsling.answer",
    "varsling.ask_to_move",
    "varsling.report_retaliation",
    "varsling.download",
}


def test_every_endpoint_declares_who_may_come(app: Flask) -> None:
    """AZ-02."""
    undeclared = [name for name in app.view_functions if declared_access(app, name) is None]
    assert undeclared == []


def test_only_the_listed_endpoints_are_public(app: Flask) -> None:
    public = {name for name in app.view_functions if declared_access(app, name) == PUBLIC}
    # The style page exists outside production only and shows no data.
    assert public - {"style.show_style"} <= PUBLIC_ENDPOINTS


def test_numbers_in_addresses_are_typed(app: Flask) -> None:
    """AZ-02: an id that is no number is no page."""
    loose = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if re.search(r"<(?!int:|path:|string:|uuid:|any\()[^>]+>", rule.rule)
    ]
    assert loose == []


def test_stranger_is_sent_to_the_login_page_from_every_route(app: Flask, client: Browser) -> None:
    """AZ-01."""
    with app.app_context():
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if declared_access(app, rule.endpoint) != PUBLIC
        ]
    for rule in rules:
        address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        address = re.sub(r"<uuid:[^>]+>", str(uuid.UUID(int=1)), address)
        address = re.sub(r"<int:[^>]+>", "1", re.sub(r"<(path|string):[^>]+>", "x", address))
        if "GET" in (rule.methods or ()):
            page = client.get(address, follow_redirects=False, inspect=False)
            assert (page.status, page.location.split("?")[0]) == (302, "/logg-inn"), address
        if "POST" in (rule.methods or ()):
            assert client.post(address, inspect=False).status == 401, address


def test_views_are_decorated_once_and_directly_under_the_route() -> None:
    """AZ-02: read from the source, so that a view that is never registered is checked too."""
    wrong = []
    for path in (ROOT / "intranet").rglob("views*.py"):
        wrong += _wrong_views(path)
    for path in (ROOT / "intranet").rglob("views/*.py"):
        wrong += _wrong_views(path)
    assert wrong == []


def _wrong_views(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [ast.unparse(decorator) for decorator in node.decorator_list]
        if not any(re.match(r"\w+\.(route|get|post)\(", name) for name in names):
            continue
        declared = [name for name in names if name == "public" or name.startswith("requires(")]
        if len(declared) != 1:
            found.append(f"{path.name}:{node.name}")
    return found
