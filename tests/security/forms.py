"""Every form of the product, found from the routes and the rendered pages, and sent as it stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.cast import Cast
from tests.security import asking, bodies, matrix, world
from tests.security.world import ROLES, VISITOR

# Not in the table of roles: who logs in has none yet.
LOG_IN = "login.log_in"
LOG_IN_BODY = {"username": "mona", "password": "feil passord"}
TYPED = frozenset({"text", "search", "email", "tel", "url"})
SECRET = frozenset({"csrf_token", "owner", "form_name", "kept"})


@dataclass
class Control:
    """One field of a form as its page shows it."""

    name: str
    kind: str
    longest: int | None

    @property
    def is_text(self) -> bool:
        """Whether a person types free words in it."""
        return self.kind == "textarea" or self.kind in TYPED


@dataclass
class Form:
    """One form: who may send it, where, what it holds, and what it is sent when all is well."""

    endpoint: str
    role: str
    address: str
    controls: list[Control]
    body: dict[str, Any]
    # Whether it holds what the table sends; else it only leads to the form that does.
    is_whole: bool

    @property
    def texts(self) -> list[Control]:
        """The fields for free words."""
        return [control for control in self.controls if control.is_text]

    @property
    def others(self) -> list[Control]:
        """The fields whose values the server gave out: choices, numbers, days, hidden ones."""
        return [
            control
            for control in self.controls
            if not control.is_text and control.kind not in ("password", "file", "submit")
        ]

    @property
    def files(self) -> list[Control]:
        """The fields for files."""
        return [control for control in self.controls if control.kind == "file"]


@dataclass
class Answer:
    """What came of a sending."""

    status: int
    source: str
    changed: bool

    @property
    def tree(self) -> Any:
        """The page."""
        return html.document_fromstring(self.source or "<html>")

    def faults(self) -> list[str]:
        """Return what the page says is wrong."""
        where = "//*[@id='error-summary']//li|//*[@data-field='validation']|//p[@class='lead']"
        return [" ".join(each.text_content().split()) for each in self.tree.xpath(where)]

    def shown(self, name: str) -> list[str]:
        """Return what stands in the controls of this name."""
        found = []
        for control in self.tree.xpath("//*[@name=$name]", name=name):
            value = control.text if control.tag == "textarea" else control.get("value")
            # A browser leaves out the first line break of a text area.
            found.append((value or "").removeprefix("\n"))
        return found


class Walk:
    """A world in which every form is sent, and which is put back after each sending."""

    def __init__(self, app: Flask, people: Cast) -> None:
        self.app = app
        self.world = world.build(app, people)
        self.browsers = asking.browsers(app, people)
        self.tokens = {role: browser.csrf_token() for role, browser in self.browsers.items()}
        self.rules = dict(asking.routes(app))
        self.pages: dict[tuple[str, str], list[Any]] = {}
        self.own = asking.own_values(app, people)
        self.missing: list[str] = []
        self.snapshot = asking.Snapshot(app)
        self.forms = list(self._find())
        self.snapshot.put_back()

    def send(self, form: Form, changes: dict[str, Any]) -> Answer:
        """Send the form with these fields in place of its own; nothing of it remains."""
        asking.fill_buckets()
        body = {**{name: _again(value) for name, value in form.body.items()}, **changes}
        body["csrf_token"] = self.tokens[form.role]
        with self.snapshot.listening():
            response = self.browsers[form.role].client.post(form.address, data=body)
        is_page = response.mimetype == "text/html"
        answer = Answer(
            response.status_code,
            response.get_data(as_text=True) if is_page else "",
            self.snapshot.is_changed(besides=KEPT_AS_DRAFT),
        )
        response.close()
        return answer

    def stored(self) -> str:
        """Return all that the tables hold which the sending wrote to."""
        return self.snapshot.text_of_written()

    def done(self) -> None:
        """Put the world back."""
        self.snapshot.put_back()

    def _find(self) -> Iterator[Form]:
        """Yield the forms: first from pages that are shown, then from those that a sending shows."""
        table, sent = matrix.read(), bodies.read()
        for route, rule in self.rules.items():
            if route.startswith("GET ") or rule.endpoint == "login.log_out":
                continue
            if rule.endpoint == LOG_IN:
                tries = [(VISITOR, "any")]
                body = LOG_IN_BODY
            else:
                tries = list(_who_may(table[route]))
                who = AT_THE_DESK.get(rule.endpoint)
                tries = [each for each in tries if who in (None, each[0])]
                body = sent[rule.endpoint]
            found = self._first(rule, tries, body)
            if found:
                yield from found
            elif body and rule.endpoint not in WITHOUT_PAGE:
                self.missing.append(rule.endpoint)

    def _first(self, rule: Rule, tries: list[tuple[str, str]], body: dict[str, Any]) -> list[Form]:
        """Return the form that holds what is typed, and those that stand before it."""
        before: list[Form] = []
        for look in (self._above, self._after_sending, self._anywhere):
            for role, state in tries[:MOST_TRIES]:
                values = {**asking.values_of(rule, self.world)[state], **self.own[role]}
                filled = bodies.fill(body, values)
                address = asking.addresses(self.app, rule, self.world)[state]
                for element in look(rule, role, state, address, filled):
                    form = _form(rule, role, address, element, filled)
                    if form.is_whole:
                        return [*before, form]
                    if not before:
                        before.append(form)
        return before

    def _above(
        self, rule: Rule, role: str, _state: str, address: str, _body: dict[str, Any]
    ) -> list[Any]:
        """Return the forms on the page of the same address, or on the nearest above it."""
        parts = address.rstrip("/").split("/")
        pages = ["/".join(parts[:length]) for length in range(len(parts), 1, -1)]
        for page in (STANDS_ON.get(rule.endpoint), *pages):
            if page is None:
                continue
            found = self._leading(self._forms_of(role, page), page, rule, address)
            if found:
                return found
        return []

    def _after_sending(
        self, rule: Rule, role: str, _state: str, address: str, body: dict[str, Any]
    ) -> list[Any]:
        """Return the forms on the page that answers one with a fault, or one with the code."""
        spoiled = {
            name: "\x00" if name in ("what", "text", "reason", "problem") else _again(value)
            for name, value in body.items()
        }
        sendings = [(address, spoiled)]
        if rule.endpoint.startswith(("anonymous.", "varsling.")):
            opening = "/anonymt" if rule.endpoint.startswith("anonymous.") else "/varsling/folg"
            sendings.append((opening, {"code": body.get("code", "")}))
        for where, sent in sendings:
            asking.fill_buckets()
            with self.snapshot.listening():
                response = self.browsers[role].client.post(
                    where, data={**sent, "csrf_token": self.tokens[role]}
                )
            found = self._leading(_forms_in(response), where, rule, address)
            self.snapshot.put_back()
            if found:
                return found[:1]
        return []

    def _anywhere(
        self, rule: Rule, role: str, state: str, address: str, _body: dict[str, Any]
    ) -> list[Any]:
        """Return the forms on the other pages of the same object."""
        kind = asking.kind_of(rule)
        for route, other in self.rules.items():
            if not route.startswith("GET ") or asking.kind_of(other) != kind:
                continue
            page = asking.addresses(self.app, other, self.world).get(state)
            found = page and self._leading(self._forms_of(role, page), page, rule, address)
            if found:
                return found
        return []

    def _leading(self, elements: list[Any], page: str, rule: Rule, address: str) -> list[Any]:
        """Return those of the forms that are sent to this very address."""
        return [
            element
            for element in elements
            if self._target(element, page) == address or not rule.arguments
            if self._leads_to(element, page, rule)
        ]

    def _forms_of(self, role: str, page: str) -> list[Any]:
        if (role, page) not in self.pages:
            response = self.browsers[role].client.get(page)
            self.pages[role, page] = _forms_in(response)
        return self.pages[role, page]

    def _target(self, element: Any, page: str) -> str:
        return urlsplit(urljoin(page, element.get("action") or page)).path

    def _leads_to(self, element: Any, page: str, rule: Rule) -> bool:
        try:
            endpoint, _values = self.app.url_map.bind("localhost").match(
                self._target(element, page), method="POST"
            )
        except HTTPException:
            return False
        return bool(endpoint == rule.endpoint)


# What a person typed that could not be sent is kept for them; that is no change of anything else.
KEPT_AS_DRAFT = frozenset({"deviation_draft", "login_attempt", "outbox_message", "pending_text"})


# The same forms as reporting and editing, sent by the page itself while somebody writes.
WITHOUT_PAGE = frozenset(
    {"deviations.save_draft", "library.autosave_draft", "news.autosave_article"}
)
# Forms on a page that only a question opens.
STANDS_ON = {"search.answer_feedback": "/sok?q=fall"}
MOST_TRIES = 9
# Everybody has a desk; this is who has cases on it.
AT_THE_DESK = {"deviations.forward_many": "leader", "deviations.handle_many": "leader"}


def _form(rule: Rule, role: str, address: str, element: Any, body: dict[str, Any]) -> Form:
    shown = {name: value or "" for name, value in element.form_values()}
    controls = list(_controls(element))
    wanted = {*body} - {"code", "seal"}
    is_whole = not wanted or bool(wanted & {control.name for control in controls})
    return Form(
        rule.endpoint, role, address, controls, {**shown, **body} if is_whole else shown, is_whole
    )


def _who_may(row: matrix.Row) -> Iterator[tuple[str, str]]:
    """Yield who may send the form, and in which state of its object."""
    for state, answers in row.items():
        for role in (VISITOR, *reversed(ROLES)):
            if answers[role] in asking.DONE:
                yield role, state


def _forms_in(response: Any) -> list[Any]:
    """Return the forms on the page that may change something."""
    source = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    response.close()
    if response.status_code in (301, 302, 303) or 'method="post"' not in source:
        return []
    return list(html.document_fromstring(source).xpath("//form[@method='post']"))


def _controls(element: Any) -> Iterator[Control]:
    seen: set[str] = set()
    for control in element.xpath(
        ".//input[@name]|.//select[@name]|.//textarea[@name]|.//button[@name]"
    ):
        name = control.get("name")
        if name in seen or name in SECRET:
            continue
        seen.add(name)
        kind = control.get("type", "text") if control.tag == "input" else control.tag
        longest = control.get("maxlength")
        yield Control(
            name, "submit" if kind == "button" else kind, int(longest) if longest else None
        )


def _again(value: Any) -> Any:
    """Return a file anew: the client reads it to its end."""
    if isinstance(value, tuple):
        return io.BytesIO(value[0].getvalue()), value[1]
    return value
