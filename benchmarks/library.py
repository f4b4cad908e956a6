"""The library of a large municipality: 5,000 documents and 50,000 revisions, and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, text

from benchmarks import instance, pages
from benchmarks.measure import FLOOR, Call, Row, Timer, cpu_ms, own_time
from intranet.core.clock import now, today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.models import Document, DocumentType, Revision
from intranet.people.models import Person

DOCUMENTS = 5_000
REVISIONS = 10
# The one whose history is long, as a procedure that was revised every month for ten years.
LONG = 120
BUDGETS = {
    "prosedyrer, første side": 2,
    "prosedyrer, enhet og ord": 6,
    "register, første side": 6,
    "register, dypt": 6,
    "register etter tittel": 6,
    "register etter gyldighet": 6,
    "register, tre filtre": 6,
    "dokument": 3,
    "dokument, eierens": 4,
    "dokument, lang historikk": 4,
    "gammel versjon": 3,
    "sammenligning": 6,
    "dokumenter under arbeid": 3,
    # What waits for a person is asked there, of all documents.
    "forsiden": 4,
}


def measure(
    app: Flask, bare: Call, *, timer: Timer = own_time, times: float = 1, database: str = ""
) -> list[Row]:
    """Fill the library and return the rows of a reader's and a quality adviser's pages."""
    fill(app)
    numbers, deep = _numbers(app)
    reader = instance.browser_of(app, instance.reader_id(app))
    adviser = instance.browser_of(app, _adviser_id(app))
    usual, long = numbers[len(numbers) // 2], numbers[-1]
    register = "/bibliotek/register"
    asked = {
        "prosedyrer, første side": (reader, "/bibliotek"),
        "prosedyrer, enhet og ord": (reader, "/bibliotek?q=brannvern&enhet=2"),
        "register, første side": (reader, register),
        "register, dypt": (reader, f"{register}?neste={deep}"),
        "register etter tittel": (adviser, f"{register}?sorter=tittel&neste={deep}"),
        "register etter gyldighet": (adviser, f"{register}?sorter=-gyldig"),
        "register, tre filtre": (adviser, f"{register}?q=turnus&status=utkast&enhet=2"),
        "dokument": (reader, f"/bibliotek/{usual}"),
        "dokument, eierens": (adviser, f"/bibliotek/{usual}"),
        "dokument, lang historikk": (reader, f"/bibliotek/{long}"),
        "gammel versjon": (reader, f"/bibliotek/{usual}/versjon/3"),
        "sammenligning": (reader, f"/bibliotek/{usual}/sammenlign?fra=3&til=4"),
        "dokumenter under arbeid": (adviser, "/bibliotek/arbeid"),
        "forsiden": (reader, "/"),
    }
    calls = {name: pages.getting(client, path) for name, (client, path) in asked.items()}
    taken = cpu_ms({FLOOR: bare, **calls}, timer=timer)
    end = f", {database}" if database else ""
    return [
        Row(f"{name}{end}", BUDGETS[name] * times, taken[name], floor=taken[FLOOR])
        for name in calls
    ]


def fill(app: Flask) -> None:
    """Add documents of every kind and unit with ten revisions each, every tenth in the works."""
    with app.app_context():
        kinds = db.session.execute(select(DocumentType.id).order_by(DocumentType.id)).scalars()
        people = db.session.execute(
            select(Person.id, Person.home_unit_id)
            .where(Person.home_unit_id.is_not(None))
            .order_by(Person.id)
        ).all()
        with transaction():
            have = db.session.execute(select(func.count()).select_from(Document)).scalar_one()
            made = db.session.execute(
                insert(Document).returning(Document.id, sort_by_parameter_order=True),
                list(_documents(list(kinds), people, DOCUMENTS - have)),
            ).scalars()
            for n, document_id in enumerate(list(made)):
                is_last = n == DOCUMENTS - have - 1
                rows = _revisions(n, document_id, people, LONG if is_last else REVISIONS)
                db.session.execute(insert(Revision), list(rows))
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
        db.session.remove()


def _numbers(app: Flask) -> tuple[list[str], int]:
    with app.app_context():
        rows = db.session.execute(
            select(Document.number, Document.id)
            .where(Document.number.like("M%"))
            .order_by(Document.id)
        ).all()
        db.session.remove()
    return [row.number for row in rows], rows[len(rows) * 4 // 5].id


def _adviser_id(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(
            text("select person_id from role_grant where role = 'quality_adviser' order by id")
        ).scalars().first()  # fmt: skip


def _documents(kinds: list[int], people: Any, count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        owner, unit = people[n % len(people)]
        number, versions = f"M{'ABCDE'[n % 5]}-{n + 1}", LONG if n == count - 1 else REVISIONS
        works, title = n % 10 == 3, _title(n)
        yield {
            "number": number,
            "type_id": kinds[n % len(kinds)],
            "title": title,
            "search_key": f"{number} {title}".casefold(),
            "owner_id": owner,
            "unit_id": unit,
            "state": "withdrawn" if n % 20 == 7 else "published",
            "current_version": versions - works,
            "working_version": versions if works else None,
            "significant_version": 1,
            "published_at": now() - timedelta(hours=3 * n + 1),
            "review_on": today() + timedelta(days=n % 700 - 100),
            "version": 1,
        }


def _revisions(n: int, document: int, people: Any, count: int) -> Iterator[dict[str, Any]]:
    works = n % 10 == 3
    author, approver = people[n % len(people)].id, people[(n + 7) % len(people)].id
    for number in range(1, count + 1):
        is_draft, moment = works and number == count, now() - timedelta(days=30 * (count - number))
        is_current = number == count - works
        yield {
            "document_id": document,
            "number": number,
            "state": "draft" if is_draft else ("published" if is_current else "superseded"),
            "title": _title(n),
            "body": f"## Slik gjør du\n\nVersjon {number}. Vask hendene, og **si fra**.\n\n" * 12,
            "change_note": f"Endring {number}",
            "valid_for": [],
            "author_id": author,
            "contributor_ids": [author],
            "changed_at": moment,
            "approver_id": None if is_draft else approver,
            "approved_at": None if is_draft else moment,
            "valid_from": None if is_draft else moment.date(),
            "version": 1,
        }


def _title(n: int) -> str:
    words = instance.WORDS
    return f"{words[n % len(words)].capitalize()} ved {words[n * 7 % len(words)]}, nummer {n}"
