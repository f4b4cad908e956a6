"""Approved with a day to come: announced, published by the clock that day, or called back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import stopped_at, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, schedule, write
from intranet.library.contents import DraftContents
from intranet.library.jobs import publish_due
from intranet.library.models import DocumentCitation
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_current_revision, load_working_revision
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
DAY = date(2027, 1, 15)
# Half past eleven in the evening, and one minute past midnight, both in Norway.
BEFORE = datetime(2027, 1, 14, 22, 59, tzinfo=UTC)
AFTER = datetime(2027, 1, 14, 23, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def approve_for(app: Flask, people: Cast, number: str, day: date, body: str = "Ny tekst") -> None:
    """Have Eva write the next version and Mona approve it for the day."""
    eva, mona = cast.viewer(people.eva), cast.viewer(people.mona)
    with transaction():
        document = load_document(number)
        revision = write.start_revision(document, actor=eva)
        contents = DraftContents(title="Legemidler", body=body, change_note="Ny dosett")
        write.edit_draft(document, contents, version=revision.version, actor=eva)
        approve.send_to_approval(document, version=revision.version, actor=eva)
        approve.approve_revision(document, version=revision.version, actor=mona, valid_from=day)


def recall(people: Cast, number: str, by: int, reason: str = "Feil i punkt 2", **more: int) -> None:
    with transaction():
        document = load_document(number)
        version = more.get("version", load_working_revision(document).version)
        schedule.call_back(document, reason, version=version, actor=cast.viewer(by))


def test_the_clock_publishes_at_midnight_in_norway_and_not_before(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    with stopped_at(NOW):
        number = make_document()
        with app.app_context():
            approve_for(app, people, number, DAY, "Ny tekst etter vedtak")
            document = load_document(number)
            assert (document.current_version, document.title) == (1, "Håndtering av legemidler")
            assert load_working_revision(document).state == "scheduled"
            db.session.remove()
    with app.app_context():
        with stopped_at(BEFORE):
            assert publish_due() == 0
        with stopped_at(AFTER):
            assert (publish_due(), publish_due()) == (1, 0)
            document = load_document(number)
            revision = load_current_revision(document)
            assert (revision.number, revision.state, revision.valid_from) == (2, "published", DAY)
            assert (document.working_version, document.significant_version) == (None, 2)
            assert document.title == "Legemidler"
            assert document.review_on == date(2028, 1, 15)
            entries = db.session.scalars(
                select(AuditEntry.actor_name)
                .where(AuditEntry.event == "document.published")
                .order_by(AuditEntry.sequence)
            ).all()
            assert len(entries) == 2
            told = select(Notice.title).where(Notice.recipient_id == people.eva)
            assert f"{number} gjelder fra i dag" in db.session.scalars(told).all()
        db.session.remove()


def test_after_a_standstill_it_is_published_at_once_and_keeps_the_day_that_was_approved(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    with stopped_at(NOW):
        number = make_document()
        with app.app_context():
            approve_for(app, people, number, DAY)
            db.session.remove()
    with app.app_context(), stopped_at(AFTER + timedelta(days=5)):
        assert publish_due() == 1
        document = load_document(number)
        assert load_current_revision(document).valid_from == DAY
        assert document.published_at == AFTER + timedelta(days=5)
        db.session.remove()


def test_readers_are_told_of_what_comes_and_read_the_old_until_then(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document(body="Den gamle teksten")
    day = today() + timedelta(days=10)
    with app.app_context():
        approve_for(app, people, number, day, "Den nye teksten")
        db.session.remove()
    reader = log_in(people.ingrid)
    page = reader.get(f"/bibliotek/{number}")
    assert "Den gamle teksten" in page.text
    assert f"Ny versjon gjelder fra {day.day}. " in page.text
    assert "Ny dosett" in page.text
    coming = reader.get(f"/bibliotek/{number}/versjon/2")
    assert "Den nye teksten" in coming.text
    assert "Kall tilbake" not in coming.text
    assert reader.get(f"/bibliotek/{number}/kall-tilbake").status == 404
    assert "gjelder fra" in log_in(people.mona).get("/bibliotek/arbeid").text


def test_a_new_document_is_seen_by_readers_only_when_its_day_has_come(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document("approval", body="Etter straffeloven § 1.")
    day = today() + timedelta(days=3)
    with app.app_context():
        with transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.approve_revision(
                document, version=version, actor=cast.viewer(people.mona), valid_from=day
            )
            assert db.session.scalars(select(DocumentCitation)).all() == []
        db.session.remove()
    assert log_in(people.ingrid).get(f"/bibliotek/{number}").status == 404
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with app.app_context():
        with stopped_at(moment):
            assert publish_due() == 1
        db.session.remove()
    assert log_in(people.ingrid).get(f"/bibliotek/{number}").status == 200


def test_it_is_called_back_with_a_reason_and_then_never_published(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    day = today() + timedelta(days=3)
    with app.app_context():
        approve_for(app, people, number, day)
        for by, reason, error in (
            (people.ingrid, "Feil", NotAllowed), (people.mona, "", InvalidInput),
        ):  # fmt: skip
            with pytest.raises(error):
                recall(people, number, by, reason)
            db.session.rollback()
        with pytest.raises(SomeoneElseWasFirst):
            recall(people, number, people.mona, version=1)
        db.session.rollback()
        recall(people, number, people.mona)
        with pytest.raises(NotPossibleNow):
            recall(people, number, people.mona)
        db.session.rollback()
        revision = load_working_revision(load_document(number))
        assert (revision.state, revision.return_reason) == ("draft", "Feil i punkt 2")
        assert (revision.approved_at, revision.approver_id, revision.valid_from) == (
            None, None, None,
        )  # fmt: skip
        with stopped_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            assert publish_due() == 0
        told = select(Notice.title).where(Notice.recipient_id == people.eva)
        assert f"{number} er kalt tilbake før den gjaldt" in db.session.scalars(told).all()
        db.session.remove()


@pytest.mark.parametrize("days", [-1, 732])
def test_the_day_is_neither_past_nor_years_away(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn, days: int
) -> None:
    number = make_document("approval")
    leader = log_in(people.mona)
    page = leader.get(f"/bibliotek/{number}/godkjenning")
    path = f"/bibliotek/{number}/godkjenn"
    day = today() + timedelta(days=days)
    answer = leader.post(path, {**page.form(path), "valid_from": f"{day:%Y-%m-%d}"})
    assert answer.status == 422
    assert "Velg i dag eller en dag i de neste to årene." in answer.text


def test_the_leader_sets_the_day_and_calls_it_back_on_the_pages(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document("approval")
    leader = log_in(people.mona)
    page = leader.get(f"/bibliotek/{number}/godkjenning")
    path = f"/bibliotek/{number}/godkjenn"
    day = today() + timedelta(days=7)
    page = leader.post(path, {**page.form(path), "valid_from": f"{day:%Y-%m-%d}"})
    assert "Godkjent, gjelder senere" in page.text
    back = f"/bibliotek/{number}/kall-tilbake"
    page = leader.get(back)
    assert leader.post(back, page.form(back)).status == 422
    page = leader.post(back, {**page.form(back), "reason": "Vi må spørre legen først."})
    assert "Vi må spørre legen først." in page.text
    assert leader.get(back).status == 409
