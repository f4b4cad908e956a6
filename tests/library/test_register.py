"""The register: who sees which lines, how it is narrowed and sorted, and the file of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from intranet.audit.models import AuditEntry
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve
from intranet.library.document_types import sort_key
from intranet.library.models import Document
from intranet.library.queries import register
from intranet.library.queries.documents import list_visible_numbers, load_document
from intranet.library.queries.register import RegisterFilter, Sort, Standing
from intranet.people.models import Person, Unit
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument, Revise

LogIn = Callable[[int], Browser]
WORDS = ("Brannvern", "Avvik i drift", "Renhold", "Legemidler", "Turnus")


def numbers(app: Flask, person: int, **wanted: Any) -> list[str]:
    with app.app_context():
        page = register.list_register_for(cast.viewer(person), RegisterFilter(**wanted))
        return [row.number for row in page.rows]


def change(app: Flask, kind: Any, *where: Any, **values: Any) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(update(kind).where(*where).values(**values))
        db.session.remove()


def withdraw(app: Flask, people: Cast, number: str) -> None:
    with app.app_context():
        with transaction():
            approve.withdraw_document(
                load_document(number), "Gammelt", actor=cast.viewer(people.mona)
            )
        db.session.remove()


def test_everybody_sees_what_readers_had_and_only_writers_see_what_is_in_the_works(
    app: Flask, people: Cast, make_document: MakeDocument, revise: Revise
) -> None:
    """The same lines as the policy's own twin gives, for the whole cast."""
    published, draft, waiting, gone = (
        make_document(state) for state in ("published", "draft", "approval", "published")
    )
    revise(published, publish=False)
    withdraw(app, people, gone)
    assert numbers(app, people.ingrid) == [published, gone]
    assert numbers(app, people.eva) == [published, draft, waiting, gone]
    for person in cast.PERSONS:
        with app.app_context():
            visible = list_visible_numbers(cast.viewer(people.ids[person]))
        assert sorted(numbers(app, people.ids[person])) == visible, person
    with app.app_context():
        mine, others = (
            register.list_register_for(cast.viewer(person), RegisterFilter()).rows[0]
            for person in (people.eva, people.ingrid)
        )
    assert (mine.working_version, mine.working_state) == (2, "draft")
    assert (others.working_version, others.working_state) == (None, None)


def test_each_filter_finds_its_own(
    app: Flask, people: Cast, make_document: MakeDocument, revise: Revise
) -> None:
    first = make_document(title="Brannvern")
    routine = make_document(prefix="RUT", title="Renhold")
    school = make_document(
        title="Turer", unit_id=people.school, author=people.rita, approver=people.olav
    )
    draft = make_document("draft", title="Nytt")
    revise(routine, publish=False)
    withdraw(app, people, first)
    change(app, Document, Document.number == school, review_on=today() - timedelta(days=1))
    found: dict[str, list[str]] = {
        "word": numbers(app, people.kari, text="BRANN"),
        "number": numbers(app, people.kari, text="rut-1"),
        "kind": numbers(app, people.kari, prefix="RUT"),
        "unit": numbers(app, people.kari, unit_id=people.education),
        "owner": numbers(app, people.kari, owner="ryen RITA"),
        "late": numbers(app, people.kari, is_overdue=True),
        "in force": numbers(app, people.kari, standing=Standing.IN_FORCE),
        "withdrawn": numbers(app, people.kari, standing=Standing.WITHDRAWN),
        "draft": numbers(app, people.kari, standing=Standing.DRAFT),
        "draft, reader": numbers(app, people.ingrid, standing=Standing.DRAFT),
    }
    assert found == {
        "word": [first], "number": [routine], "kind": [routine], "unit": [school],
        "owner": [school], "late": [school], "in force": [school, routine],
        "withdrawn": [first], "draft": [draft, routine], "draft, reader": [],
    }  # fmt: skip


@pytest.mark.parametrize("gone", ["left", "blocked", "unit"])
def test_a_document_whose_owner_or_unit_is_gone_is_without_owner(
    app: Flask, people: Cast, make_document: MakeDocument, gone: str
) -> None:
    number = make_document()
    make_document(unit_id=people.school, author=people.rita, approver=people.olav)
    assert numbers(app, people.kari, is_unowned=True) == []
    if gone == "left":
        change(app, Person, Person.id == people.eva, is_directory_active=False)
    elif gone == "blocked":
        change(app, Person, Person.id == people.eva, is_blocked=True)
    else:
        change(app, Unit, Unit.id == people.strandheim, is_active=False)
    assert numbers(app, people.kari, is_unowned=True) == [number]


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_paging_forth_and_back_shows_every_document_once_in_order(
    app: Flask, people: Cast, make_document: MakeDocument, sort: Sort, is_descending: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(register, "ON_PAGE", 2)
    for n, word in enumerate(WORDS):
        make_document("draft" if n == 3 else "published", title=word)
    wanted = RegisterFilter(sort=sort, is_descending=is_descending)
    with app.app_context():
        viewer = cast.viewer(people.kari)
        whole = [row.number for row in register.list_whole_register_for(viewer, wanted)]
        pages = [register.list_register_for(viewer, wanted)]
        while pages[-1].next:
            pages.append(register.list_register_for(viewer, wanted, after=pages[-1].next))
        back = [pages[-1]]
        while back[-1].previous:
            back.append(register.list_register_for(viewer, wanted, before=back[-1].previous))
        assert register.count_register_for(viewer, wanted) == len(WORDS)
    assert [row.number for page in pages for row in page.rows] == whole
    assert [row.number for page in reversed(back) for row in page.rows] == whole
    assert len(set(whole)) == len(WORDS)


def test_the_title_and_the_review_date_decide_the_order(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    made = {word: make_document(title=word) for word in ("bil", "Avløp", "Cykkel")}
    for n, word in enumerate(("Cykkel", "bil")):
        change(app, Document, Document.number == made[word], review_on=date(2026, 1, 1 + n))
    change(app, Document, Document.number == made["Avløp"], review_on=None)
    by_title = [made[word] for word in ("Avløp", "bil", "Cykkel")]
    assert numbers(app, people.kari, sort=Sort.TITLE) == by_title
    by_review = [made[word] for word in ("Cykkel", "bil", "Avløp")]
    assert numbers(app, people.kari, sort=Sort.REVIEW) == by_review


def test_a_page_that_begins_at_a_hidden_document_tells_nothing_of_it(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    make_document(title="Zeta")
    hidden = make_document("draft", title="Midt i")
    with app.app_context():
        place = load_document(hidden).id
        wanted = RegisterFilter(sort=Sort.TITLE)
        viewer = cast.viewer(people.ingrid)
        assert register.list_register_for(viewer, wanted, after=place).rows == []


def test_the_page_keeps_its_filters_in_the_address_and_asks_little(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(register, "ON_PAGE", 1)
    for word in WORDS:
        make_document(title=f"{word} på Strandheim")
    browser = log_in(people.kari)
    address = "/bibliotek/register?q=strandheim&status=gjelder&sorter=-tittel"
    browser.get(address)
    page = browser.get(address)
    assert page.heading == "Register over dokumenter"
    assert "Turnus på Strandheim" in page.text
    assert "5 dokumenter." in page.text
    assert "q=strandheim&amp;status=gjelder&amp;sorter=-tittel" in page.source
    assert 'aria-sort="descending"' in page.source
    assert len(page.queries) <= 8, page.queries


@pytest.mark.parametrize(
    "query", ["sorter=x", "status=x", "enhet=x", "neste=0", "forrige=99999999", "type=%00", "q=%25"]
)
def test_what_no_page_of_ours_writes_is_answered_calmly(
    people: Cast, make_document: MakeDocument, log_in: LogIn, query: str
) -> None:
    make_document()
    assert log_in(people.ingrid).get(f"/bibliotek/register?{query}").status == 200


def test_the_file_holds_the_filtered_lines_that_the_reader_may_see_and_the_audit_says_so(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document(title="=HYPERLINK(1) om brann")
    make_document("draft", title="Hemmelig om brann")
    make_document(title="Noe annet")
    browser = log_in(people.ingrid)
    page = browser.get("/bibliotek/register?q=brann")
    path = "/bibliotek/register/fil?q=brann"
    response = browser.client.post(path, data=page.form(path))
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    lines = list(csv.reader(response.data.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert lines[0][:5] == ["Nummer", "Tittel", "Type", "Versjon", "Status"]
    assert [line[:5] for line in lines[1:]] == [
        [number, "'=HYPERLINK(1) om brann", "Prosedyre", "1", "Gjelder"]
    ]
    with app.app_context():
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.event == "document.register_taken_out")
        ).scalar_one()
        assert (entry.actor_id, entry.details) == (people.ingrid, '{"lines": 1}')


def test_the_sheet_for_excel_has_days_as_days_and_no_formula(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    titles = ["=HYPERLINK(1)", "+47 er landkoden", "-1 grad", "@alle"]
    for title in titles:
        make_document(title=title)
    path = "/bibliotek/register/fil"
    browser = log_in(people.ingrid)
    page = browser.get("/bibliotek/register")
    response = browser.client.post(path, data={**page.form(path), "som": "xlsx"})
    assert response.mimetype.endswith("spreadsheetml.sheet")
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    (sheet,) = openpyxl.load_workbook(io.BytesIO(response.data)).worksheets
    headers = [cell.value for cell in sheet[1]]
    assert (headers[:2], sheet.freeze_panes) == (["Nummer", "Tittel"], "A2")
    written = [sheet.cell(row, 2) for row in range(2, 6)]
    assert [(cell.value, cell.data_type) for cell in written] == [(each, "s") for each in titles]
    day = sheet.cell(2, headers.index("Gjelder fra") + 1)
    assert (day.is_date, day.value.date()) == (True, today())
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["D"].width


def test_the_number_sorts_as_it_is_read(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    nine, routine, first, ten = (
        make_document(prefix=kind) for kind in ("PRO", "RUT", "PRO", "PRO")
    )
    for number, new in ((ten, "PRO-10"), (nine, "PRO-9")):
        change(app, Document, Document.number == number, number=new, number_key=sort_key(new))
    with app.app_context():
        made = select(Document.number_key).where(Document.number == routine)
        assert db.session.execute(made).scalar_one() == sort_key(routine) == "RUT-0000001"
        db.session.remove()
    wanted = [first, "PRO-9", "PRO-10", routine]
    assert numbers(app, people.ingrid) == wanted


@pytest.mark.parametrize("path", ["/", "/bibliotek", "/bibliotek/arbeid"])
def test_no_page_of_a_reader_goes_through_all_documents_or_versions(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument, path: str
) -> None:
    """SQLite's own plans, without statistics, which no installation of ours gathers."""
    make_document()
    browser, asked = log_in(people.kari), []

    def keep(connection: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        if connection.dialect.name == "sqlite" and " document" in sql and "SELECT" in sql:
            asked.append((sql, values))

    event.listen(Engine, "after_cursor_execute", keep)
    try:
        browser.get(path)
    finally:
        event.remove(Engine, "after_cursor_execute", keep)
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return
        plans = [
            row[3]
            for sql, values in asked
            for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
        db.session.remove()
    assert plans
    assert [plan for plan in plans if re.match(r"SCAN document(_revision)?\b", plan)] == []
