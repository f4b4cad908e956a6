"""Non-interference: who may not see a thing cannot tell a world that has it from one that has not.

World A has what everybody may see. World B is the same with secrets added: cases of another unit
(one confidential, one with a file), drafts of news, vacancies and procedures. Every page that the
person can reach by address, link, search or suggestion is fetched in both, with its headers, and
compared byte by byte after what is different at every request has been made equal.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from intranet.core.clock import today
from intranet.core.files import receive_upload
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, handle, measures, types
from intranet.deviations.models import Deviation
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.library.actions import write
from intranet.library.contents import DraftContents
from intranet.news.actions import publish as publish_news
from intranet.news.actions import write as write_news
from intranet.news.contents import ArticleContents
from intranet.notifications.models import Notice, OutboxMessage
from intranet.search.models import AskedQuestion
from intranet.vacancies import actions as vacancies
from intranet.vacancies.contents import Terms, VacancyContents
from intranet.whistleblowing.actions.move import move_deviation
from tests import cast
from tests.browser import Browser
from tests.conftest import MORNING
from tests.deviations.factories import do, report
from tests.security import asking, shares, world
from tests.security.shares import Share
from tests.whistleblowing.factories import add_recipients

WORD = "hemmelighetsord"
# Has part in none of the secrets: no leader, adviser, editor or HR of the unit concerned.
STRANGERS = ("tor", "rita", "petter", "adam", None)
# The handler, who had an action, the chief, adviser, copied, and the audit's readers.
HAD_IT = ("mona", "jonas", "ragnhild", "kari", "vera", "petter", "adam")
CASES = (202600001, 202600002, 202600003)
FIXED = {
    "refid": "lov/x",
    "size": "small",
    "_step": "bekreft",
    "_form": "ferdig",
    "filename": "x",
    "field": "what",
    "kind": "prosedyre",
    "version": 1,
}
# Fetched once more with these words.
QUERIES = (WORD, f'"{WORD}"', WORD[:6], f"{WORD[:8]}*", "fall", "Sak", "Stilling", "Prosedyre")
# Never reached: a person who finds more than this goes round in circles, and the test says so.
MOST_PAGES = 3000
# Files that everybody gets, the form that carries any address along, and the browser's own session.
NOT_FOLLOWED = ("/static", "/stil", "/feil-paa-siden?", "/okter")
# The audit is read by the administrator and the data protection officer: that something was done,
# by whom and when, and never what it says. See docs/decisions/0004-what-a-number-tells.md.
AUDIT = "/revisjonslogg"
AUDIT_READERS = ("petter", "adam")
_EACH_TIME = (
    (re.compile(r'(name="(?:csrf_token|owner|send_key|seal|kept|code)"[^>]*value=")[^"]*'), r"\1"),
    (
        re.compile(r'(value=")[^"]*("[^>]*name="(?:csrf_token|owner|send_key|seal|kept|code)")'),
        r"\1\2",
    ),
    (re.compile(r"(receipt-code[^>]*>)[^<]*"), r"\1"),
    # The key that a browser keeps a draft under, given anew for each one.
    (re.compile(r'("(?:id|key|token)":")[^"]*'), r"\1"),
)


def seed_open(people: cast.Cast) -> None:
    """What everybody in both worlds has: one own case and one live article each way."""
    report(people.tor, people.school, what="Tor falt i trappen.")
    with transaction():
        chief = cast.viewer(people.ragnhild)
        contents = ArticleContents(
            title="Sak for alle", lead="Ingress.", body="Tekst.", owner_unit_id=people.municipality
        )
        publish_news.publish_article(write_news.write_article(contents, actor=chief), actor=chief)


def seed_secret(people: cast.Cast) -> None:
    """What only world B has."""
    number = report(people.ingrid, people.strandheim, what=f"{WORD}: bruker skadet.")
    do(
        people.ingrid,
        number,
        dialogue.attach_file,
        receive_upload(io.BytesIO(WORD.encode()), f"{WORD}.txt"),
    )
    hidden = report(people.ingrid, people.strandheim, what=f"{WORD} fortrolig.")
    with transaction():
        db.session.execute(
            select(Deviation).where(Deviation.number == hidden)
        ).scalar_one().is_confidential = True
        eva, hanne = cast.viewer(people.eva), cast.viewer(people.hanne)
        write_news.write_article(
            ArticleContents(
                title=f"Sak {WORD}", lead=WORD, body=WORD, owner_unit_id=people.strandheim
            ),
            actor=eva,
        )
        vacancies.write_vacancy(
            VacancyContents(
                title=f"Stilling {WORD}",
                unit_id=people.strandheim,
                percentage=Decimal("80"),
                terms=Terms.PERMANENT,
                workplace="Strandheim",
                body=WORD,
                how_to_apply=WORD,
                deadline_at=MORNING.replace(month=12),
                contact_id=people.mona,
            ),
            actor=hanne,
        )
        write.write_document(
            DraftContents(title=f"Prosedyre {WORD}", body=WORD),
            prefix="PRO",
            unit_id=people.strandheim,
            owner_id=None,
            actor=eva,
        )


def seed_moved(people: cast.Cast) -> None:
    """A deviation that was handled, copied, linked and given away in parts, and then moved."""
    number = report(
        people.ingrid,
        people.ward,
        what=f"{WORD}: lederen truer oss.",
        category="staff",
        answers=["staff.harmed"],
    )
    file = receive_upload(io.BytesIO(WORD.encode()), f"{WORD}.txt")
    do(people.ingrid, number, dialogue.attach_file, file)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, dialogue.send_message, f"{WORD}?")
    due = today() + timedelta(days=7)
    do(people.mona, number, measures.add_action, f"{WORD}-tiltak", people.jonas, due)
    do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
    do(people.kaja, number, _move)


def _move(case: Any, *, actor: Any) -> None:
    move_deviation(case, "Dette er varsling.", actor=actor)


def start_addresses(app: Flask, people: cast.Cast) -> list[str]:
    """Every GET route; those with an id get all small ids, seen or not."""
    found = []
    for route, rule in asking.routes(app):
        if not route.startswith("GET ") or rule.endpoint in ("static", "style.show_style"):
            continue
        if (
            rule.endpoint.startswith(("anonymous.", "varsling."))
            or rule.endpoint == "jobs.show_health"
        ):
            continue  # A code of its own each time; and the clock's own state.
        numbers = ("PRO-001", "PRO-002") if rule.endpoint.startswith("library.") else CASES
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            for place, identity in enumerate((1, 2, 3)):
                given = {name: FIXED.get(name, identity) for name in rule.arguments}
                if "number" in given:
                    given["number"] = numbers[place % len(numbers)]
                found.append(adapter.build(rule.endpoint, given))
    for query in QUERIES:
        found += [f"/sok?q={query}", f"/sok/forslag?q={query}"]
    return list(dict.fromkeys(found))


def crawl(app: Flask, person_id: int | None, start: list[str]) -> dict[str, str]:
    """Return every answer by address: status, headers and body, links followed."""
    browser = Browser(app)
    if person_id is not None:
        browser.logged_in_as(person_id)
    waiting, seen = list(start), {}
    while waiting:
        assert len(seen) < MOST_PAGES, f"no end of pages: {list(seen)[-5:]}"
        address = waiting.pop(0)
        if address in seen or address.startswith(NOT_FOLLOWED):
            continue
        page = browser.get(address, inspect=False, follow_redirects=False)
        kept = [
            f"{name}: {value}"
            for name, value in page.response.headers
            if name not in ("Set-Cookie", "Date", "X-Request-Id", "Content-Length", "Server-Timing")
        ]
        body = page.source
        for pattern, instead in _EACH_TIME:
            body = pattern.sub(instead, body)
        body = re.sub(r"(?i)(id=|feilkode|referanse)[^<]{0,20}[0-9a-f]{12,}", r"\1", body)
        seen[address] = "\n".join([str(page.status), *sorted(kept), body])
        if page.tree is not None:
            waiting += [
                link.split("#")[0]
                for link in page.links()
                if link.startswith("/") and not link.startswith(("//", *NOT_FOLLOWED))
            ]
    return seen


def told(app: Flask, person_id: int) -> list[Any]:
    """Return the notices and mails of the person."""
    with app.app_context():
        notices = select(Notice.event, Notice.title, Notice.url).where(
            Notice.recipient_id == person_id
        )
        mails = select(OutboxMessage.subject, OutboxMessage.body).where(
            OutboxMessage.recipient_id == person_id
        )
        rows = [*db.session.execute(notices), *db.session.execute(mails)]
        db.session.remove()
        return sorted(str(row) for row in rows)


def test_secrets_leave_no_trace_for_those_who_have_no_part_in_them(
    app: Flask, people: cast.Cast, at: Callable[[datetime], None], share: Share
) -> None:
    """AZ-03, AZ-04, AZ-05, AZ-07, AZ-12, AZ-14, AZ-16, AZ-17, AZ-18, AZ-25."""
    at(MORNING)
    with app.app_context():
        with transaction():
            write.ensure_document_types()
        seed_open(people)
        db.session.remove()
    world.index(app)
    start = start_addresses(app, people)
    strangers = shares.some(STRANGERS, share)
    world_a = {name: _visit(app, people, name, start) for name in strangers}
    with app.app_context():
        seed_secret(people)
        db.session.remove()
    world.index(app)
    leaks = []
    for name in strangers:
        before, after = world_a[name], _visit(app, people, name, start)
        for address in sorted(set(before) | set(after)):
            if name in AUDIT_READERS and address.startswith(AUDIT):
                if WORD in after.get(address, ""):
                    leaks.append(f"{name} at {address}: the audit holds what was written")
            elif before.get(address) != after.get(address):
                leaks.append(f"{name} at {address}: {_first(before, after, address)}")
    assert not leaks, "\n".join(leaks)


def test_a_moved_deviation_was_never_there_for_all_but_its_reporter_and_the_recipients(
    app: Flask, people: cast.Cast, at: Callable[[datetime], None], share: Share
) -> None:
    """AZ-03, AZ-07, AZ-14, AZ-16, AZ-17, AZ-18, AZ-27, AZ-31: also for those who had it."""
    at(MORNING)
    with app.app_context():
        with transaction():
            write.ensure_document_types()
            add_recipients(people.hanne)
        seed_open(people)
        db.session.remove()
    world.index(app)
    start = start_addresses(app, people)
    had_it = shares.some(HAD_IT, share)
    before = {name: _visit(app, people, name, start) for name in had_it}
    with app.app_context():
        seed_moved(people)
        db.session.remove()
    world.index(app)
    leaks = []
    for name in had_it:
        after = _visit(app, people, name, start)
        for address in sorted(set(before[name]) | set(after)):
            one, two = before[name].get(address), after.get(address)
            if name in AUDIT_READERS and address.startswith(AUDIT):
                if any(each in (two or "") for each in (WORD, "202600002", "deviation.moved")):
                    leaks.append(f"{name} at {address}: the audit tells of it")
            elif one != two:
                leaks.append(f"{name} at {address}: {_first(before[name], after, address)}")
    assert not leaks, "\n".join(leaks)
    reporter = _visit(app, people, "ingrid", start)
    assert any(WORD in text for text in reporter.values())


def test_the_comparison_sees_a_leak(
    app: Flask, people: cast.Cast, at: Callable[[datetime], None]
) -> None:
    """The oracle itself: for the leader who may see the secrets, the two worlds differ."""
    at(MORNING)
    with app.app_context():
        with transaction():
            write.ensure_document_types()
        seed_open(people)
        db.session.remove()
    world.index(app)
    start = start_addresses(app, people)
    before = _visit(app, people, "mona", start)
    with app.app_context():
        seed_secret(people)
        db.session.remove()
    world.index(app)
    after = _visit(app, people, "mona", start)
    differing = {address for address in after if before.get(address) != after[address]}
    assert "/avvik" in differing
    assert f"/avvik/{CASES[1]}" in differing
    assert "mail" in differing
    assert any(WORD in text for text in after.values())


def _visit(app: Flask, people: cast.Cast, name: str | None, start: list[str]) -> dict[str, str]:
    person_id = people.ids[name] if name else None
    with app.app_context(), transaction():
        # What an earlier walk has asked in vain is noted too, and would be counted once more.
        db.session.execute(delete(AskedQuestion))
    seen = crawl(app, person_id, start)
    if person_id is not None:
        seen["mail"] = "\n".join(told(app, person_id))
    return seen


def _first(before: dict[str, str], after: dict[str, str], address: str) -> str:
    one, two = before.get(address, "").splitlines(), after.get(address, "").splitlines()
    for left, right in zip(one, two, strict=False):
        if left != right:
            return f"{left[:200]!r} became {right[:200]!r}"
    return f"{len(one)} lines became {len(two)}"
