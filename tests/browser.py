"""A browser for tests: logs in, follows forms, and inspects every page that it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from lxml import html
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from intranet.core.transaction import transaction
from intranet.login.actions import open_session


class Page:
    """One answer: its status, its words and its forms."""

    def __init__(self, response: TestResponse, queries: list[str]) -> None:
        self.response = response
        self.queries = queries
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.is_html = response.mimetype == "text/html"
        self.source = response.get_data(as_text=True) if _is_text(response) else ""
        self.tree = html.document_fromstring(self.source) if self.is_html and self.source else None

    @property
    def text(self) -> str:
        """Everything a person reads, with single blanks."""
        return " ".join((self.tree.text_content() if self.tree is not None else "").split())

    @property
    def heading(self) -> str:
        """The h1's words."""
        assert self.tree is not None
        return " ".join(self.tree.xpath("string(//h1)").split())

    def find(self, xpath: str) -> list[Any]:
        """Return what the XPath finds."""
        assert self.tree is not None
        return list(self.tree.xpath(xpath))

    def links(self) -> list[str]:
        """Return the addresses of all links."""
        return [str(address) for address in self.find("//a/@href")]

    def form(self, action: str | None = None) -> dict[str, str]:
        """Return the fields of the form in <main> with this action (default: the first POST form)."""
        assert self.tree is not None
        where = f"[@action='{action}']" if action else "[@method='post']"
        forms = self.tree.xpath(f"//main//form{where}")
        assert forms, f"no form {action or ''} on the page: {self.text[:300]}"
        return {name: value or "" for name, value in forms[0].form_values()}


def _is_text(response: TestResponse) -> bool:
    return response.mimetype.startswith("text/") or response.mimetype.endswith("json")


class Browser:
    """One person's browser. Every HTML page is inspected unless `inspect=False`."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def logged_in_as(self, person_id: int) -> Browser:
        """Open a session for the person, as the login page does, and return the browser."""
        with self.app.app_context():
            with transaction():
                token = open_session(person_id, address="127.0.0.1", agent="tests")
        with self.client.session_transaction() as cookie:
            cookie["sid"] = token
        return self

    def get(self, url: str, *, inspect: bool = True, **options: Any) -> Page:
        """Return the page after redirects."""
        options.setdefault("follow_redirects", True)
        return self._call("GET", url, inspect=inspect, **options)

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        inspect: bool = True,
        token: bool = True,
        follow_redirects: bool = True,
        **options: Any,
    ) -> Page:
        """Send a form with a valid token (unless told otherwise) and return the page that follows."""
        fields = dict(data or {})
        if token:
            fields["csrf_token"] = self.csrf_token()
        return self._call(
            "POST", url, inspect=inspect, data=fields, follow_redirects=follow_redirects, **options
        )

    def csrf_token(self) -> str:
        """Return a token of this browser's session."""
        page = self._call("GET", "/tilgjengelighet", inspect=False)
        tokens = page.find("//input[@name='csrf_token']/@value")
        assert tokens, "the layout has no form with a token"
        return str(tokens[0])

    def _call(self, method: str, url: str, *, inspect: bool, **options: Any) -> Page:
        with counted_queries() as queries:
            response = self.client.open(url, method=method, **options)
        page = Page(response, list(queries))
        response.close()
        if inspect and page.is_html and page.status not in (302, 303):
            inspect_page(page)
        return page


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the SQL statements of the block, without BEGIN and savepoints."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def inspect_page(page: Page) -> None:
    """Check what holds for every page: one h1, title, language, ids, labels, tokens, no inline code."""
    tree = page.tree
    assert tree is not None
    assert len(tree.xpath("//h1")) == 1, f"{len(tree.xpath('//h1'))} h1: {page.text[:200]}"
    assert tree.xpath("string(//title)").strip(), "no title"
    assert tree.xpath("string(/html/@lang)"), "no language"
    ids = tree.xpath("//@id")
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"ids used twice: {twice}"
    for control in tree.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        if control.get("type") in ("submit", "button"):
            continue
        labelled = (
            control.get("aria-label")
            or control.get("aria-labelledby")
            or tree.xpath("//label[@for=$id]", id=control.get("id", ""))
            or control.xpath("ancestor::label")
        )
        assert labelled, f"no label: {control.get('name')}"
    for form in tree.xpath("//form[translate(@method,'POST','post')='post']"):
        # A page without a session has no token: the server asks where the form comes from.
        if form.get("data-sessionless") is not None:
            continue
        assert form.xpath(".//input[@name='csrf_token']"), f"no token: {form.get('action')}"
    assert not tree.xpath("//@style"), "inline style"
    assert not tree.xpath("//script[not(@src)]"), "inline script"
    assert not tree.xpath("//@*[starts-with(name(), 'on')]"), "inline handler"
