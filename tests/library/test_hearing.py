"""A draft on hearing: who is asked, what they may, what they are answered, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.richtext import list_blocks, to_html
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import jobs
from intranet.library.actions import approve, hearing_comments, write
from intranet.library.actions import hearing as actions
from intranet.library.addresses import hearing_url
from intranet.library.contents import DraftContents
from intranet.library.hearing import HearingAnswer, reminder_day
from intranet.library.hearing_models import Hearing, HearingComment, HearingRequest
from intranet.library.models import Document, Revision
from intranet.library.queries.documents import load_document
from intranet.library.queries.hearings import get_hearing_for, hearing_visible_to
from intranet.library.queries.revisions import load_working_revision
from intranet.library.queries.tasks import list_tasks_for
from intranet.notifications.models import OutboxMessage
from intranet.people.models import Person, Unit
from intranet.people.picking import picked_id
from tests import cast
from tests.browser import Browser
from tests.cast import PERSONS, Cast
from tests.library.conftest import MakeDocument
from tests.library.hearing_steps import close, reply, say, send, to_approval, told, waits_for
from tests.meanwhile import meanwhile

At = Callable[[datetime], None]
LogIn = Callable[[int], Browser]
BODY = "## Før du deler ut\n\nVask hendene.\n\n- ett\n- to"
FOLLOWED, NOT_FOLLOWED = HearingAnswer.FOLLOWED, HearingAnswer.NOT_FOLLOWED


@pytest.fixture
def draft(people: Cast, make_document: MakeDocument) -> str:
    """A draft of Strandheim by Eva."""
    return make_document("draft", body=BODY)


def test_blocks_are_the_same_text_in_numbered_pieces() -> None:
    """HTML as text, and headings keep their place in the outline."""
    text = f"# Tittel\n\n{BODY}\n\n<script>x</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    blocks = list_blocks(text)
    assert "".join(blocks) == to_html(text)
    assert len(blocks) == 6
    assert str(blocks[0]).startswith("<h2>")
    assert str(blocks[1]).startswith("<h3>")
    assert "<script" not in blocks[4]


@pytest.mark.parametrize(
    ("due", "asked", "expected"),
    [
        (date(2026, 9, 18), date(2026, 9, 1), date(2026, 9, 16)),
        # A Tuesday: two days before is a Sunday, so the Friday.
        (date(2026, 9, 15), date(2026, 9, 1), date(2026, 9, 11)),
        (date(2026, 9, 18), date(2026, 9, 16), None),
    ],
)
def test_reminder_comes_on_a_working_day_before(
    due: date, asked: date, expected: date | None
) -> None:
    assert reminder_day(due, asked) == expected


def test_what_is_picked_is_read_by_its_number() -> None:
    assert picked_id(" Tor Tveit ") is None
    assert picked_id("Tor Tveit (nr. 7)") == 7


def test_named_units_and_persons_are_asked_and_told(
    context: Flask, people: Cast, draft: str
) -> None:
    """By home unit, also below; who works here no more is not; nor is the sender."""
    with transaction():
        db.session.get_one(Person, people.jonas).is_directory_active = False
    hearing_id = send(draft, people.eva, [people.strandheim], "Tor Tveit", "INGRID SOLHEIM")
    rows = db.session.execute(
        select(HearingRequest.person_id, HearingRequest.is_named).order_by(HearingRequest.id)
    )
    assert dict(iter(tuple(row) for row in rows)) == {
        people.mona: False, people.vera: False, people.ingrid: True, people.tor: True,
    }  # fmt: skip
    asked = sorted([people.mona, people.vera, people.ingrid, people.tor])
    assert told("document.hearing_asked") == asked
    mails = db.session.scalars(select(OutboxMessage.subject)).all()
    assert len(mails) == len(asked)
    assert all("Håndtering av legemidler" in subject for subject in mails)
    assert waits_for(people.tor) == ["library.hearing"]
    assert waits_for(people.eva) == []
    assert hearing_url(draft, hearing_id) in {
        task.url for task in list_tasks_for(cast.viewer(people.tor))
    }


def test_second_press_makes_no_second_hearing(context: Flask, people: Cast, draft: str) -> None:
    first = send(draft, people.eva, [people.ward])
    assert send(draft, people.eva, [people.ward]) == first
    with pytest.raises(NotPossibleNow):
        send(draft, people.mona, [people.ward])
    assert len(db.session.scalars(select(Hearing.id)).all()) == 1
    assert len(told("document.hearing_asked")) == 2


def test_what_is_wrong_is_said_at_its_field(context: Flask, people: Cast, draft: str) -> None:
    def fails(field: str, *names: str, units: list[int] | None = None, days: int = 14) -> str:
        with pytest.raises(InvalidInput) as caught:
            send(draft, people.eva, units or [], *names, days=days)
        assert caught.value.field == field
        return str(caught.value.message)

    fails("units")
    fails("units", "Eva Åsen")
    fails("units", units=[99999])
    assert "Ingen Kjent" in fails("persons", "Tor Tveit", "Ingen Kjent")
    fails("persons", *[f"navn{n}" for n in range(51)])
    for days in (0, -1, 366):
        fails("due_on", "Tor Tveit", days=days)
    with transaction():
        db.session.get_one(Person, people.kari).name_key = "tor tveit"
    assert "Flere heter" in fails("persons", "Tor Tveit")
    with pytest.raises(NotAllowed):
        send(draft, people.tor, [people.ward])
    assert db.session.scalars(select(Hearing.id)).all() == []


def test_who_sees_a_hearing_by_rule_and_in_sql(context: Flask, people: Cast, draft: str) -> None:
    """AZ-01: those asked and those who work on it; everybody once it is published."""
    hearing_id = send(draft, people.eva, [], "Tor Tveit")

    def seen(person: int) -> tuple[bool, bool]:
        viewer = cast.viewer(person)
        statement = (
            select(Hearing.id)
            .join(Document, Document.id == Hearing.document_id)
            .join(Unit, Unit.id == Document.unit_id)
            .join(Revision, Revision.document_id == Document.id)
            .where(hearing_visible_to(viewer))
        )
        in_sql = db.session.scalars(statement).all() == [hearing_id]
        try:
            get_hearing_for(viewer, draft, hearing_id)
        except NotFound:
            return False, in_sql
        return True, in_sql

    allowed = {"eva", "mona", "kaja", "ragnhild", "kari", "tor"}
    for name in PERSONS:
        assert seen(people.ids[name]) == (name in allowed, name in allowed), name
    with pytest.raises(NotFound):
        get_hearing_for(cast.viewer(people.eva), "PRO-99", hearing_id)
    close(draft, hearing_id, people.eva)
    to_approval(draft, people.eva)
    with transaction():
        document = load_document(draft)
        version = load_working_revision(document).version
        approve.approve_revision(document, version=version, actor=cast.viewer(people.mona))
    for name in PERSONS:
        assert seen(people.ids[name]) == (True, True), name


def test_comments_are_given_changed_and_withdrawn_until_it_ends(
    context: Flask, people: Cast, draft: str
) -> None:
    hearing_id = send(draft, people.eva, [people.ward])
    comment_id = say(draft, hearing_id, people.ingrid)
    assert say(draft, hearing_id, people.ingrid) == comment_id
    assert say(draft, hearing_id, people.ingrid, place=0) != comment_id
    assert waits_for(people.ingrid) == []
    assert waits_for(people.jonas) == ["library.hearing"]
    for place in (-1, 4, 99999999999):
        with pytest.raises(InvalidInput):
            say(draft, hearing_id, people.ingrid, place=place)
    for text in ("", "x" * 4001):
        with pytest.raises(InvalidInput):
            say(draft, hearing_id, people.ingrid, text)
    with pytest.raises(NotAllowed):
        say(draft, hearing_id, people.mona)

    def change(by: int, text: str, version: int) -> None:
        with transaction():
            hearing_comments.change_comment(
                load_document(draft), hearing_id, comment_id, text, version=version,
                actor=cast.viewer(by),
            )  # fmt: skip

    change(people.ingrid, "Ett minutt?", 1)
    with pytest.raises(SomeoneElseWasFirst):
        change(people.ingrid, "To minutter?", 1)
    with pytest.raises(NotAllowed):
        change(people.jonas, "Mitt", 2)
    reply(draft, hearing_id, comment_id, people.eva, version=2)
    with pytest.raises(NotPossibleNow):
        change(people.ingrid, "For sent", 3)
    close(draft, hearing_id, people.eva)
    with pytest.raises(NotPossibleNow):
        say(draft, hearing_id, people.ingrid, "Etterpå")


def test_nothing_to_say_is_an_answer_until_something_is_said(
    context: Flask, people: Cast, draft: str
) -> None:
    hearing_id = send(draft, people.eva, [people.ward])

    def nothing(by: int) -> None:
        with transaction():
            hearing_comments.answer_without_comments(
                load_document(draft), hearing_id, actor=cast.viewer(by)
            )

    nothing(people.jonas)
    nothing(people.jonas)
    assert waits_for(people.jonas) == []
    comment_id = say(draft, hearing_id, people.jonas)
    with pytest.raises(NotPossibleNow):
        nothing(people.jonas)
    for _press in range(2):
        with transaction():
            hearing_comments.withdraw_comment(
                load_document(draft), hearing_id, comment_id, actor=cast.viewer(people.jonas)
            )
    assert waits_for(people.jonas) == ["library.hearing"]
    with pytest.raises(NotAllowed):
        nothing(people.tor)


def test_approval_waits_for_the_end_and_for_every_answer(
    context: Flask, people: Cast, draft: str
) -> None:
    hearing_id = send(draft, people.eva, [people.ward])
    comment_id = say(draft, hearing_id, people.ingrid)
    with pytest.raises(NotPossibleNow, match="er på høring"):
        to_approval(draft, people.eva)
    with pytest.raises(NotPossibleNow, match="Avslutt høringen først"), transaction():
        write.drop_draft(load_document(draft), actor=cast.viewer(people.eva))
    close(draft, hearing_id, people.eva)
    close(draft, hearing_id, people.eva)
    with pytest.raises(SomeoneElseWasFirst):
        close(draft, hearing_id, people.mona)
    assert waits_for(people.eva) == ["library.hearing_answers"]
    with pytest.raises(NotPossibleNow, match="mangler svar: 1"):
        to_approval(draft, people.eva)
    for answer, text in ((HearingAnswer.NONE, "x"), (NOT_FOLLOWED, ""), (FOLLOWED, "x" * 2001)):
        with pytest.raises(InvalidInput):
            reply(draft, hearing_id, comment_id, people.eva, answer, text)
    with pytest.raises(NotAllowed):
        reply(draft, hearing_id, comment_id, people.ingrid)
    reply(draft, hearing_id, comment_id, people.eva, NOT_FOLLOWED, "Står i loven")
    reply(draft, hearing_id, comment_id, people.eva, NOT_FOLLOWED, "Står i loven")
    assert told("document.hearing_answered") == [people.ingrid]
    assert waits_for(people.eva) == []
    to_approval(draft, people.eva)
    with pytest.raises(NotPossibleNow):
        reply(draft, hearing_id, comment_id, people.eva, FOLLOWED, "Likevel", 2)


def test_draft_may_be_changed_while_the_text_on_hearing_stands(
    context: Flask, people: Cast, draft: str
) -> None:
    hearing_id = send(draft, people.eva, [people.ward])
    with transaction():
        document = load_document(draft)
        write.edit_draft(
            document, DraftContents(title="Nytt", body="Helt nytt", change_note="Ny"),
            version=load_working_revision(document).version, actor=cast.viewer(people.eva),
        )  # fmt: skip
    page = get_hearing_for(cast.viewer(people.ingrid), draft, hearing_id)
    assert page.body == BODY
    assert page.is_edited_since
    assert say(draft, hearing_id, people.ingrid, place=3)


def test_clock_reminds_once_and_closes_when_the_deadline_is_over(
    context: Flask, people: Cast, draft: str, at: At
) -> None:
    at(datetime(2026, 9, 1, 8, tzinfo=UTC))
    hearing_id = send(draft, people.eva, [people.ward], days=17)
    say(draft, hearing_id, people.ingrid)
    at(datetime(2026, 9, 15, 8, tzinfo=UTC))
    assert jobs.remind_of_hearings() == 0
    at(datetime(2026, 9, 16, 8, tzinfo=UTC))
    assert jobs.remind_of_hearings() == 1
    assert jobs.remind_of_hearings() == 0
    assert told("document.hearing_reminded") == [people.jonas]
    at(datetime(2026, 9, 18, 8, tzinfo=UTC))
    assert jobs.close_hearings() == 0

    def extend(day: date, version: int) -> None:
        with transaction():
            actions.extend_hearing(
                load_document(draft), hearing_id, day, version=version,
                actor=cast.viewer(people.eva),
            )  # fmt: skip

    with pytest.raises(InvalidInput):
        extend(date(2026, 9, 17), 1)
    extend(date(2026, 9, 25), 1)
    extend(date(2026, 9, 25), 1)
    with pytest.raises(SomeoneElseWasFirst):
        extend(date(2026, 9, 28), 1)
    assert told("document.hearing_extended") == sorted([people.ingrid, people.jonas])
    at(datetime(2026, 9, 23, 8, tzinfo=UTC))
    assert jobs.remind_of_hearings() == 1
    # The day after, before the job has run: nobody comments any more.
    at(datetime(2026, 9, 26, 8, tzinfo=UTC))
    assert waits_for(people.jonas) == []
    with pytest.raises(NotPossibleNow):
        say(draft, hearing_id, people.jonas)
    assert jobs.close_hearings() == 1
    assert jobs.close_hearings() == 0
    assert told("document.hearing_over") == [people.eva]
    assert load_working_revision(load_document(draft)).state == "draft"
    # After one comes another.
    assert reply(draft, hearing_id, 1, people.eva) is None
    assert send(draft, people.eva, [people.ward]) != hearing_id


def test_two_who_answer_at_once_give_one_answer_and_a_page_that_keeps_the_other(
    app: Flask, people: Cast, log_in: LogIn, draft: str
) -> None:
    with app.app_context():
        hearing_id = send(draft, people.eva, [people.ward])
        comment_id = say(draft, hearing_id, people.ingrid)
        db.session.remove()
    address = f"{hearing_url(draft, hearing_id)}/merknad/{comment_id}/svar"
    browser = log_in(people.eva)
    form = browser.get(address).form()

    def meanwhile_mona() -> None:
        with app.app_context():
            reply(draft, hearing_id, comment_id, people.mona, FOLLOWED, "Ja")
            db.session.remove()

    with meanwhile("FROM document_hearing_comment", meanwhile_mona):
        page = browser.post(address, {**form, "answer": "not_followed", "text": "Evas grunn"})
    assert page.status == 409
    assert "besvart av noen andre" in page.text
    assert "Evas grunn" in page.source
    with app.app_context():
        comment = db.session.get_one(HearingComment, comment_id)
        assert (comment.answer, comment.answer_text) == (FOLLOWED, "Ja")
        db.session.remove()


def test_pages_from_sending_to_the_published_answer(
    app: Flask, people: Cast, log_in: LogIn, draft: str
) -> None:
    eva, ingrid = log_in(people.eva), log_in(people.ingrid)
    page = eva.get(f"/bibliotek/{draft}/versjon/1")
    address = f"/bibliotek/{draft}/horing/ny"
    assert address in page.links()
    assert ingrid.get(address).status == 404
    form = eva.get(address).form()
    page = eva.post(address, {**form, "due_on": "", "person": "Ingen Kjent"})
    assert page.status == 422
    assert "Ingen Kjent" in page.source
    due = f"{today() + timedelta(days=10):%Y-%m-%d}"
    page = eva.post(address, {**form, "due_on": due, "person": "Ingen Kjent"})
    assert "ingen ansatt som heter «Ingen Kjent»" in page.text
    page = eva.post(address, {**form, "due_on": "", "person": "Tor Tveit", "more": "1"})
    assert page.status == 200
    (tor,) = page.find("//input[@name='persons']")
    assert (tor.get("checked") is not None, page.form()["person"]) == (True, "")
    page = eva.post(
        address, {**form, "persons": tor.get("value"), "person": "Ingen Kjent", "more": "1"}
    )
    assert page.status == 422
    assert len(page.find("//input[@name='persons'][@checked]")) == 1
    page = eva.post(
        address, {**form, "due_on": due, "units": str(people.ward), "words": "<b>Se</b>"}
    )
    assert page.heading == "Høring: Håndtering av legemidler"
    assert "&lt;b&gt;Se&lt;/b&gt;" in page.source
    (link,) = {each for each in ingrid.get("/mine-oppgaver").links() if "/horing/" in each}
    page = ingrid.get(f"{link}?avsnitt=2")
    assert "Alle som er spurt, ser merknadene til hverandre" in page.text
    assert f"/bibliotek/{draft}" not in page.links()
    form = page.form(f"{link}/merknad")
    assert form["place"] == "2"
    evil = "<script>alert(1)</script> **x**"
    for wrong in ({"text": ""}, {"text": "x" * 4001}, {"text": "a", "place": "77"}):
        assert ingrid.post(f"{link}/merknad", {**form, **wrong}).status == 422
    page = ingrid.post(f"{link}/merknad", {**form, "text": evil})
    assert page.status == 200
    assert "&lt;script&gt;alert(1)" in page.source
    assert "<script>alert" not in page.source
    assert len(ingrid.get(link).queries) <= 20, page.queries
    assert log_in(people.tor).get(link).status == 404
    page = log_in(people.jonas).get(link)
    assert "alert(1)" in page.text
    assert "Endre merknaden" not in page.text
    page = eva.get(link)
    assert "1 merknad mangler svar" in page.text
    (answer,) = {each for each in page.links() if each.endswith("/svar")}
    form = eva.get(answer).form()
    page = eva.post(answer, {**form, "answer": "not_followed"})
    assert page.status == 422
    assert "Skriv hvorfor merknaden ikke er fulgt." in page.text
    page = eva.post(answer, {**form, "answer": "not_followed", "text": "Loven sier annet"})
    assert "Alle merknader er besvart" in page.text
    page = eva.post(
        f"/bibliotek/{draft}/til-godkjenning", {**page.form(f"{link}/avslutt"), "version": "2"}
    )
    assert page.status == 409
    assert "er på høring" in page.text
    form = eva.get(link).form(f"{link}/avslutt")
    assert eva.post(f"{link}/avslutt", form).status == 422
    page = eva.post(f"{link}/avslutt", {**form, "reason": "Alle har svart"})
    assert "Alle har svart" in page.text
    with app.app_context():
        to_approval(draft, people.eva)
        with transaction():
            document = load_document(draft)
            version = load_working_revision(document).version
            approve.approve_revision(document, version=version, actor=cast.viewer(people.mona))
        db.session.remove()
    tor = log_in(people.tor)
    assert link in tor.get(f"/bibliotek/{draft}").links()
    page = tor.get(link)
    assert "Loven sier annet" in page.text
    assert re.search("Ikke fulgt", page.text)
    assert "Gi en merknad" not in page.text
