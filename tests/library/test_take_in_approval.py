"""What a taking in made is approved all at once by somebody who has the right, and by no one else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.library.models import Document, Revision
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.library import old_system
from tests.library.test_take_in_pages import ask, clock, press, send

LogIn = Callable[[int], Browser]
PAGE = "/bibliotek/inntak/1/godkjenning"
LATER = (
    "brann.pdf", "Brannrutine", "KVA-018", "RUT", "henrik@havnsund.kommune.example",
    "Strandheim sykehjem", "", "01.01.2099", "",
)  # fmt: skip


def taken_in(app: Flask, browser: Browser, *rows: object) -> None:
    send(browser, listed=old_system.csv_list(*(rows or (old_system.HYGIENE, old_system.FIRE))))
    clock(app)
    press(browser, browser.get("/bibliotek/inntak/1"), "bekreft")
    clock(app)


def test_one_press_of_a_leader_above_publishes_all_that_pass(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    taken_in(app, log_in(people.kari))
    # One leader approves the unit's own; another owns the unit's; the one above approves both.
    page = log_in(people.mona).get(PAGE)
    assert "Godkjenn og publiser 1 dokument" in page.text
    assert "Brannrutine" not in page.text
    page = log_in(people.henrik).get(PAGE)
    assert "Du eier, tok inn eller har skrevet i det." in page.text
    assert not page.find(f"//form[@action='{PAGE}']")
    kaja = log_in(people.kaja)
    page = kaja.get(PAGE)
    assert "Godkjenn og publiser 2 dokumenter" in page.text
    assert ask(app, select(Document.state)) == ["unpublished", "unpublished"]
    page = kaja.post(PAGE, page.form(PAGE))
    assert "Dokumentene publiseres." in page.text
    assert clock(app) == 2
    assert ask(app, select(Document.state)) == ["published", "published"]
    assert set(ask(app, select(Revision.approver_id))) == {people.kaja}
    taken_over = select(AuditEntry.actor_id).where(AuditEntry.event == "document.taken_over")
    assert ask(app, taken_over) == [people.kaja, people.kaja]
    told = select(Notice.recipient_id).where(Notice.event == "document.taken_over")
    assert set(ask(app, told)) == {people.kaja, people.kari}
    assert clock(app) == 0
    # Nothing is left for anybody: who saw it for that reason alone does not see it any more.
    assert log_in(people.mona).get(PAGE, inspect=False).status == 404


def test_who_took_in_and_who_has_no_right_publish_nothing(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    kari = log_in(people.kari)
    taken_in(app, kari)
    page = kari.get(PAGE)
    assert "Du eier, tok inn eller har skrevet i det." in page.text
    assert not page.find("//form[contains(@action, 'godkjenning')]")
    fields = {"version": str(ask(app, select(Revision.version))[0])}
    assert kari.post(PAGE, fields, inspect=False).status in (403, 409)
    for other in (people.jonas, people.rita):
        assert log_in(other).get(PAGE, inspect=False).status == 404
        assert log_in(other).post(PAGE, fields, inspect=False).status == 404
    assert ask(app, select(Document.state)) == ["unpublished", "unpublished"]


def test_what_fails_a_check_stays_a_draft_and_an_old_page_publishes_nothing(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    taken_in(app, log_in(people.kari), old_system.HYGIENE, LATER)
    kaja = log_in(people.kaja)
    page = kaja.get(PAGE)
    assert "Godkjenn og publiser 1 dokument" in page.text
    assert "Det gjelder først fra en dag som kommer." in page.text
    old = page.form(PAGE)
    kaja.post(PAGE, old)
    assert kaja.post(PAGE, old, inspect=False).status == 409
    clock(app)
    assert sorted(ask(app, select(Document.state))) == ["published", "unpublished"]


def test_the_leader_who_would_be_asked_is_told_where(
    app: Flask, log_in: LogIn, people: cast.Cast
) -> None:
    taken_in(app, log_in(people.kari))
    to_approve = Notice.event == "document.take_in_to_approve"
    assert set(ask(app, select(Notice.url).where(to_approve))) == {PAGE}
    # The nearest leader of each; one owns the document, so the one above is asked.
    assert set(ask(app, select(Notice.recipient_id).where(to_approve))) == {
        people.mona, people.kaja,
    }  # fmt: skip
