"""The pages that take in documents from a former system: sent, looked through, confirmed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now
from intranet.core.models import StoredFile
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import take_in_job
from intranet.library.models import Document
from intranet.library.take_in_job import forget_old_lines, take_in_waiting
from intranet.library.take_in_models import TakeInLine, TakeInRun
from intranet.notifications.models import Notice
from intranet.people.models import Person, RoleGrant
from tests import cast
from tests.browser import Browser, Page
from tests.core import hostile
from tests.library import old_system

LogIn = Callable[[int], Browser]
WRONG = ("borte.docx", "Borte", "KVA-1", "PRO", "eva", "Strandheim sykehjem", "", "", "")


def send(
    browser: Browser,
    archive: bytes | None = None,
    listed: bytes | None = None,
    names: tuple[str, str] = ("alt.zip", "liste.csv"),
) -> Page:
    archive = hostile.zipped(old_system.files()) if archive is None else archive
    listed = old_system.csv_list() if listed is None else listed
    fields: dict[str, Any] = {
        "archive": (io.BytesIO(archive), names[0]),
        "list": (io.BytesIO(listed), names[1]),
    }
    return browser.post("/bibliotek/inntak", fields, content_type="multipart/form-data")


def clock(app: Flask) -> int:
    with app.app_context():
        done = take_in_waiting()
        db.session.remove()
    return done


def ask(app: Flask, statement: Any) -> list[Any]:
    with app.app_context():
        rows = list(db.session.scalars(statement))
        db.session.remove()
    return rows


def press(browser: Browser, page: Page, step: str) -> Page:
    run = page.find(
        "//form[contains(@action, '/bekreft') or contains(@action, '/forkast')]/@action"
    )
    address = str(run[0]).rpartition("/")[0]
    return browser.post(f"{address}/{step}", page.form(f"{address}/{step}"))


def test_the_adviser_sees_what_will_happen_before_it_does(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    kari = log_in(people.kari)
    rows = (old_system.HYGIENE, WRONG, old_system.FIRE)
    page = send(kari, listed=old_system.csv_list(*rows))
    assert "Listen kontrolleres: 0 av 3 linjer. Ingenting er tatt inn." in page.text
    assert clock(app) == 3
    address = "/bibliotek/inntak/1"
    page = kari.get(address)
    assert "2 dokumenter vil bli tatt inn som utkast. Ingenting er tatt inn ennå." in page.text
    # Errors first.
    first = page.find("//tbody/tr[1]")[0].text_content()
    assert "Kan ikke tas inn" in first
    assert "«borte.docx» finnes ikke" in first
    assert ask(app, select(Document.id)) == []
    report = kari.get(f"{address}/rapport", inspect=False)
    assert report.response.mimetype == "text/csv"
    assert report.response.get_data().decode("utf-8-sig").count("\r\n") == 4
    page = press(kari, page, "bekreft")
    assert "Dokumentene tas inn: 1 av 3 linjer." in page.text
    assert clock(app) == 2
    page = kari.get(address)
    assert "2 dokumenter er tatt inn." in page.text
    assert page.find("//a[text()='PRO-1' or contains(@href, '/bibliotek/PRO-1')]")
    assert ask(app, select(Document.owner_id).order_by(Document.number)) == [
        people.eva, people.henrik,
    ]  # fmt: skip
    events = ask(
        app,
        select(AuditEntry.event)
        .where(AuditEntry.event.startswith("document.take"))
        .order_by(AuditEntry.sequence),
    )
    assert events == [
        "document.take_in_sent", "document.take_in_started", "document.taken_in",
        "document.taken_in", "document.take_in_finished",
    ]  # fmt: skip
    told = ask(
        app, select(Notice.event).where(Notice.recipient_id == people.kari).order_by(Notice.id)
    )
    assert told == ["document.take_in_checked", "document.take_in_finished"]
    # The archive is let go: its row at once, its bytes with the next cleaning.
    assert ask(app, select(StoredFile.name).where(StoredFile.name == "alt.zip")) == []
    assert clock(app) == 0


def test_what_is_dropped_takes_nothing_in(app: Flask, log_in: LogIn, people: cast.Cast) -> None:
    kari = log_in(people.kari)
    page = send(kari)
    press(kari, page, "forkast")
    assert clock(app) == 0
    assert ask(app, select(TakeInRun.state)) == ["dropped"]
    assert ask(app, select(StoredFile.id)) == []
    page = kari.get("/bibliotek/inntak/1")
    assert "0 dokumenter er tatt inn." in page.text


def test_a_second_press_and_an_old_page_change_nothing(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    kari, adam = log_in(people.kari), log_in(people.adam)
    send(kari)
    clock(app)
    mine, theirs = kari.get("/bibliotek/inntak/1"), adam.get("/bibliotek/inntak/1")
    press(adam, theirs, "bekreft")
    assert press(kari, mine, "forkast").status == 409
    assert press(adam, theirs, "bekreft").status == 409
    assert clock(app) == 2
    assert ask(app, select(func.count()).select_from(Document)) == [2]
    # The administrator may not read the drafts, and gets no link that leads nowhere.
    assert "PRO-1" in adam.get("/bibliotek/inntak/1").text.replace("\N{NON-BREAKING HYPHEN}", "-")
    assert "/bibliotek/PRO-1" not in adam.get("/bibliotek/inntak/1").source
    assert "/bibliotek/PRO-1" in kari.get("/bibliotek/inntak/1").source


@pytest.mark.parametrize(
    ("archive", "listed", "names", "words"),
    [
        (b"", None, ("", "liste.csv"), ["Velg zip-filen"]),
        (None, b"", ("alt.zip", ""), ["Velg listen"]),
        (b"", b"", ("", ""), ["Velg zip-filen", "Velg listen"]),
        (b"MZ", None, ("alt.exe", "liste.csv"), ["zip-fil"]),
        (b"not a zip", None, ("alt.zip", "liste.csv"), ["stemmer ikke"]),
        (hostile.zipped({"../a.docx": b"x"}), None, ("alt.zip", "liste.csv"), ["peker ut"]),
        (hostile.zipped({}), None, ("alt.zip", "liste.csv"), ["ingen filer"]),
        (None, b"Fil;Tittel\na;b", ("alt.zip", "liste.csv"), ["mangler kolonnen «type»"]),
        (None, b"\x00\x01", ("alt.zip", "liste.csv"), ["kan ikke leses"]),
        (None, b"a", ("alt.zip", "liste.ods"), ["CSV eller XLSX"]),
        (None, hostile.word(), ("alt.zip", "liste.xlsx"), ["stemmer ikke"]),
    ],
)
def test_bad_input_is_told_in_the_form_and_keeps_nothing(
    app: Flask,
    log_in: LogIn,
    people: cast.Cast,
    archive: bytes | None,
    listed: bytes | None,
    names: tuple[str, str],
    words: list[str],
) -> None:
    page = send(log_in(people.kari), archive, listed, names)
    assert page.status == 422
    errors = " ".join(one.text_content() for one in page.find("//*[contains(@id, '-error')]"))
    for one in words:
        assert one in errors
    assert ask(app, select(TakeInRun.id)) == []


def test_an_adviser_of_one_unit_takes_in_for_that_unit_only(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    """AZ-08: and sees no other's lists."""
    with app.app_context():
        db.session.add(
            RoleGrant(person_id=people.vera, role="quality_adviser", unit_id=people.strandheim)
        )
        db.session.commit()
        db.session.remove()
    vera = log_in(people.vera)
    send(vera)
    clock(app)
    page = vera.get("/bibliotek/inntak/1")
    assert "Du er ikke kvalitetsrådgiver for denne enheten." in page.text
    assert "1 dokument vil bli tatt inn som utkast." in page.text
    send(log_in(people.kari))
    assert vera.get("/bibliotek/inntak/2").status == 404
    assert "/bibliotek/inntak/2" not in vera.get("/bibliotek/inntak").source


def test_who_may_no_longer_takes_nothing_in(app: Flask, log_in: LogIn, people: cast.Cast) -> None:
    """AU-15: the sender left between sending and the clock."""
    kari = log_in(people.kari)
    send(kari)
    clock(app)
    press(kari, kari.get("/bibliotek/inntak/1"), "bekreft")
    with app.app_context():
        db.session.get_one(Person, people.kari).is_directory_active = False
        db.session.commit()
        db.session.remove()
    assert clock(app) == 0
    assert ask(app, select(Document.id)) == []
    page = log_in(people.adam).get("/bibliotek/inntak/1")
    assert "Den som sendte listen, kan ikke ta inn dokumenter lenger." in page.text


def test_the_clock_goes_on_where_it_was_when_its_time_is_up(
    app: Flask, log_in: LogIn, people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(log_in(people.kari))
    monkeypatch.setattr(take_in_job, "LONGEST_SECONDS", -1)
    assert clock(app) == 0
    monkeypatch.setattr(take_in_job, "LONGEST_SECONDS", 60)
    assert clock(app) == 2
    assert ask(app, select(TakeInLine.outcome)) == ["draft", "draft"]


@pytest.mark.parametrize("who", ["eva", "mona", "ingrid", "ragnhild"])
def test_others_have_no_way_in(who: str, log_in: LogIn, people: cast.Cast) -> None:
    browser = log_in(people.ids[who])
    assert browser.get("/bibliotek/inntak").status == 403
    assert "/bibliotek/inntak" not in browser.get("/bibliotek/register").source


def test_lines_that_name_owners_are_not_kept_for_ever(
    app: Flask, log_in: LogIn, people: cast.Cast, at: Callable[[datetime], None]
) -> None:
    """AD-11: by an erasure at once where the person owns the document, and of all after 90 days."""
    kari = log_in(people.kari)
    send(kari)
    clock(app)
    press(kari, kari.get("/bibliotek/inntak/1"), "bekreft")
    clock(app)
    with app.app_context():
        with transaction():
            for forget in app.extensions["personal_stores"]:
                forget(people.eva)
        owners = [line.cells["owner"] for line in db.session.scalars(select(TakeInLine))]
        assert sorted(owners) == ["", old_system.FIRE[4]]
        at(now() + timedelta(days=89))
        assert forget_old_lines() == 0
        at(now() + timedelta(days=2))
        assert forget_old_lines() == 2
        db.session.remove()
    page = log_in(people.kari).get("/bibliotek/inntak/1")
    assert "Linjene tas bort etter 90 dager." in page.text
