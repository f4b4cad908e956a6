"""Numbers and signs in addresses: an address that cannot be is not there, and never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Rule

from tests.browser import Browser
from tests.cast import Cast
from tests.security import asking, matrix, world
from tests.security.world import ROLES

NO_NUMBERS = (
    str(2**31),
    str(2**63),
    str(2**70),
    "-1",
    "1e3",
    " 1",
    "１",
    "1\x00",
    "0x1",
    "1.0",
    "",
)
# They fit the column, and nothing has them.
# (The lowest of the ranks is nought.)
NOBODYS = ("0", str(2**31 - 1))
QUERIES = (str(2**31), str(2**63), str(2**70), "-1", "0", "1e3", " 1", "１", "A\x00B", "\u202e🚑",
           "x" * 5000, "%ed%a0%bd", "[]", "../../etc/passwd")  # fmt: skip


def _numbers(rule: Rule) -> list[str]:
    """Return the arguments of the address that are numbers."""
    return [name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)]


def _with_number(app: Flask, rule: Rule, given: world.Values, name: str, number: str) -> str:
    """Return the address of the rule with this in place of the number."""
    mark = 2_000_000_011
    values = {each: given[each] for each in rule.arguments} | {name: mark}
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
    return address.replace(str(mark), quote(number, safe=""))


def test_no_address_takes_a_number_that_is_none(app: Flask, people: Cast) -> None:
    """IN-08: the routes themselves refuse it, so that no view ever sees one."""
    built = world.build(app, people)
    taken, asked = [], 0
    adapter = app.url_map.bind("localhost")
    for route, rule in asking.routes(app):
        given_values = next(iter(asking.values_of(rule, built).values()))
        for name in _numbers(rule):
            for number in NO_NUMBERS:
                asked += 1
                mark = _with_number(app, rule, given_values, name, "N")
                path = mark.replace("/N", f"/{number}").replace("-N", f"-{number}")
                try:
                    found, values = adapter.match(path, method=route.split()[0])
                except HTTPException:
                    continue
                if found == rule.endpoint and name in values:
                    taken.append(f"{route} {name}={number!r} is {values[name]!r}")
    assert asked > 500
    assert not taken, "\n".join(taken)


def test_number_that_nothing_has_is_not_there(app: Flask, people: Cast) -> None:
    """IN-08: nought and the largest, in each place of each address, for one who may see much."""
    built = world.build(app, people)
    table = matrix.read()
    browsers = asking.browsers(app, people)
    tokens = {role: browser.csrf_token() for role, browser in browsers.items()}
    faults = []
    for route, rule in asking.routes(app):
        if route not in table:
            continue
        role = _who_may(table[route])
        given_values = next(iter(asking.values_of(rule, built).values()))
        for name in _numbers(rule):
            for number in NOBODYS if name != "rank" else NOBODYS[1:]:
                address = _with_number(app, rule, given_values, name, number)
                status = asking.ask(browsers[role], tokens[role], route.split()[0], address, {})
                if status not in (302, 303, 400, 403, 404, 409, 422):
                    faults.append(f"{route} {address}: answers {status}")
    assert not faults, "\n".join(faults)


def _who_may(row: matrix.Row) -> str:
    """Return a role that gets in in some state, else the leader."""
    for answers in row.values():
        for role in ROLES:
            if answers[role] in asking.DONE:
                return role
    return "leader"


def test_no_page_falls_over_what_stands_after_the_question_mark(app: Flask, people: Cast) -> None:
    """IN-05, IN-08, IN-14: every parameter that our own links and search forms use, on its page."""
    built = world.build(app, people)
    browsers = asking.browsers(app, people)
    parameters: dict[tuple[str, str], set[str]] = {}
    for role in ("leader", "quality", "admin", "hr"):
        for page in _pages(app, built, role):
            response = browsers[role].client.get(page)
            if response.status_code == 200 and response.mimetype == "text/html":
                for path, names in _asked_for(page, response.get_data(as_text=True)):
                    parameters.setdefault((role, path), set()).update(names)
            response.close()
    assert len(parameters) > 20
    faults = []
    for (role, path), names in parameters.items():
        for value in QUERIES:
            twice = [(name, part) for name in sorted(names) for part in (value, "1")]
            response = browsers[role].client.get(path, query_string=twice)
            if response.status_code >= 500:
                faults.append(f"{path} {twice}: answers {response.status_code}")
            response.close()
    assert not faults, "\n".join(faults)


def _pages(app: Flask, built: world.World, role: str) -> Iterator[str]:
    """Yield one address of each page that the role may read."""
    table = matrix.read()
    for route, rule in asking.routes(app):
        row = table.get(route, {}) if route.startswith("GET ") else {}
        found = asking.addresses(app, rule, built) if row else {}
        state = next((state for state in row if row[state][role] == 200), None)
        if state in found:
            yield found[state]


def _asked_for(page: str, source: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each of our paths with the parameters that links and search forms give it."""
    tree = html.document_fromstring(source)
    for link in tree.xpath("//a/@href|//form/@action|//@data-suggest"):
        parts = urlsplit(urljoin(page, link))
        if parts.query and not parts.netloc:
            yield parts.path, {part.partition("=")[0] for part in parts.query.split("&")}
    for form in tree.xpath("//form[@method='get']"):
        path = urlsplit(urljoin(page, form.get("action") or page)).path
        yield path, {str(name) for name in form.xpath(".//@name")}


@pytest.mark.parametrize("page", ["/sok", "/avvik", "/organisasjon", "/bibliotek", "/lover"])
def test_whatever_is_looked_for_is_shown_as_it_was_typed(
    app: Flask, people: Cast, page: str
) -> None:
    """IN-20: any text that a browser can send, on the pages that repeat it."""
    browser = Browser(app).logged_in_as(people.kari)
    world.index(app)

    @settings(max_examples=15, deadline=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
    def look(words: str) -> None:
        response = browser.client.get(page, query_string={"q": words})
        assert response.status_code in (200, 302, 400, 422)
        response.close()

    look()
