"""Finds an address of every page of a site, and the account that may open it, by following links."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import select, update
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from intranet import create_app
from intranet.config import load_settings
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, LawReview
from intranet.people.models import Person
from intranet.whistleblowing.models import WhistleCase
from intranet.whistleblowing.queries.routine import PINNED
from tests.browser import Browser
from tests.servers.site import Site
from tests.whistleblowing.factories import make_case

# Answer with a file, data, a part of a page, or the way to another page.
NO_PAGES = {
    "static",
    "delegations.export_delegations",
    "deviations.download_file",
    "deviations.download_proof",
    "deviations.give_key",
    "deviations.propose",
    "deviations.service_worker",
    "deviations.show_action_after_login",
    "deviations.show_after_login",
    "deviations.show_desk_again",
    "deviations.show_hidden",
    "deviations.show_plan",
    "jobs.show_health",
    "library.download_document",
    "library.download_hearing_file",
    "library.draw_document_code",
    "library.download_file",
    "library.download_take_in_report",
    "library.show_picture",
    "news.show_picture",
    "people.propose_persons",
    "search.suggest",
    "whistleblowing.download_file",
    "whistleblowing.download_own_file",
}
NOBODY = ""
# Who finds what is left, in the order of how much they handle.
HANDLERS = ("unit_leader", "sector_leader", "quality_adviser")
# How many pages of one kind an account opens to find more links.
MOST_VISITS = 2
# And when pages are still missing: few cases have everything that a case can have.
MORE_VISITS = 40

Values = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Found:
    """A page: its endpoint, an address, and the role of an account that may open it."""

    endpoint: str
    path: str
    role: str


@dataclass
class Walk:
    """What was found, which numbers each room's links held, and the cookie of each account."""

    app: Flask
    found: dict[str, Found] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[Values]] = field(default_factory=dict)

    def match(self, address: str) -> tuple[str, dict[str, Any]]:
        """Return the endpoint and the values of an address for GET; empty when there is none."""
        try:
            endpoint, values = self.app.url_map.bind("").match(urlsplit(address).path, method="GET")
        except (HTTPException, RequestRedirect):
            return "", {}
        return str(endpoint), dict(values)

    def missing(self) -> set[str]:
        """Return the endpoints of pages that nobody has opened."""
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        return {rule.endpoint for rule in rules} - NO_PAGES - set(self.found)

    def starts(self) -> list[str]:
        """Return the addresses that need no number."""
        return [
            rule.rule
            for rule in self.app.url_map.iter_rules()
            if not rule.arguments
            and "GET" in (rule.methods or ())
            and rule.endpoint not in NO_PAGES
        ]

    def follow(self, browser: Browser, role: str, most: int = MOST_VISITS) -> None:
        """Follow links from the starts; where new pages are comes first."""
        queue = deque(self.starts())
        queued, visits = set(queue), dict[str, int]()
        while queue:
            path = queue.popleft()
            endpoint, _values = self.match(path)
            if visits.get(endpoint, 0) >= most:
                continue
            if most > MOST_VISITS and not self.missing():
                return
            visits[endpoint] = visits.get(endpoint, 0) + 1
            for address, target in self._links_of(browser, endpoint, path, role):
                if address not in queued:
                    queued.add(address)
                    queue.append(address) if target in self.found else queue.appendleft(address)

    def try_seen_numbers(self, browser: Browser, role: str) -> None:
        """Open the pages that no link led to, with the numbers that links held."""
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint not in self.missing() or not rule.arguments:
                continue
            room = rule.endpoint.partition(".")[0]
            for values in sorted(self.seen.get(room, set())):
                if {name for name, _value in values} != rule.arguments:
                    continue
                built = rule.build(dict(values))
                if built and self._opens(browser, rule.endpoint, built[1], role):
                    break

    def _links_of(
        self, browser: Browser, endpoint: str, path: str, role: str
    ) -> Iterator[tuple[str, str]]:
        page = self._opens(browser, endpoint, path, role)
        for link in page.links() if page else ():
            address = urljoin(path, link.partition("#")[0])
            target, values = self.match(address) if address.startswith("/") else ("", {})
            if target:
                room = target.partition(".")[0]
                self.seen.setdefault(room, set()).add(tuple(sorted(values.items())))
            if target and target not in NO_PAGES:
                yield address, target

    def _opens(self, browser: Browser, endpoint: str, path: str, role: str) -> Any:
        page = browser.get(path, inspect=False, follow_redirects=False)
        if page.status != 200 or page.tree is None:
            return None
        self.found.setdefault(endpoint, Found(endpoint, path, role))
        return page


def walk(site: Site) -> Walk:
    """Open the site's pages in this process, as nobody and as each account."""
    app = create_app(load_settings(site.environment))
    result = Walk(app)
    browsers = {NOBODY: Browser(app)}
    for role, account in site.accounts.items():
        browsers[role] = Browser(app).logged_in_as(_person_id(app, account["username"]))
        cookie = browsers[role].client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        result.cookies[role] = cookie.value
    employee = site.accounts["employee"]["username"]
    leader = site.accounts["unit_leader"]["username"]
    _prepare(app, browsers["employee"], _person_id(app, employee), _person_id(app, leader))
    for role, browser in browsers.items():
        result.follow(browser, role)
    for role, browser in browsers.items():
        result.try_seen_numbers(browser, role)
    for role in HANDLERS:
        if result.missing():
            result.follow(browsers[role], role, MORE_VISITS)
    return result


def _person_id(app: Flask, username: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Person.id).filter_by(username=username)).one()


def _prepare(app: Flask, employee: Browser, employee_id: int, leader_id: int) -> None:
    """Add what the demonstration lacks.

    A report not yet asked about, a whistleblowing case that the employee stands behind by name,
    the routine of whistleblowing, and a change of the law behind it, which waits for the leader.
    """
    form = employee.get("/avvik/meld").form("")
    employee.post("/avvik/meld", {**form, "what": "Heisen stoppet mellom to etasjer."})
    with app.app_context():
        case_id = make_case()
        with transaction():
            db.session.execute(
                update(WhistleCase).where(WhistleCase.id == case_id).values(reporter_id=employee_id)
            )
            published = select(Document).where(Document.state == DocumentState.PUBLISHED)
            routine = db.session.scalars(published.order_by(Document.id)).first()
            assert routine is not None
            routine.keywords += f", {PINNED}"
            routine.search_key += f" {PINNED}"
            routine.owner_id = leader_id
            db.session.add(_change_of_law(routine))


def _change_of_law(document: Document) -> LawReview:
    return LawReview(
        document_id=document.id,
        revision_number=document.current_version or 1,
        refid="lov/2005-06-17-62",
        section="2 A-3",
        section_key="2a-3",
        change_key="act:lov/2030-06-20-74",
        change="amended",
        amended_by="lov/2030-06-20-74",
        effective_on=today(),
        due_on=today(),
    )
