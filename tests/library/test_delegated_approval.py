"""Where approving documents is delegated, only those who hold it approve, and it is told by which."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.delegations.actions.end import withdraw_delegation
from intranet.delegations.models import Delegation
from intranet.extensions import db
from intranet.library import policy
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.models import Document, Revision
from intranet.library.policy import DocumentFacts, RevisionFacts
from intranet.library.queries.approvers import find_delegated
from intranet.library.queries.tasks import list_tasks_for
from intranet.notifications.models import Notice
from intranet.people.models import Unit
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.delegations.conftest import give_delegation
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
Give = Callable[..., int]


@pytest.fixture
def delegate(app: Flask, people: Cast) -> Give:
    """Return a function that delegates approving documents and returns the number."""

    def give(**said: Any) -> int:
        with app.app_context():
            number = give_delegation(people, kind="Godkjenne dokumenter", **said)
            db.session.remove()
        return number

    return give


def approve(browser: Browser, number: str) -> int:
    page = browser.get(f"/bibliotek/{number}/godkjenning")
    if page.status != 200:
        return page.status
    fields = {"version": page.find("//input[@name='version']/@value")[0]}
    return browser.post(f"/bibliotek/{number}/godkjenn", fields, follow_redirects=False).status


def task_titles(app: Flask, person_id: int) -> list[str]:
    with app.app_context():
        found = [str(task.title) for task in list_tasks_for(cast.viewer(person_id))]
        db.session.remove()
    return [title for title in found if title.startswith("Godkjenn")]


def told(app: Flask) -> set[int]:
    with app.app_context():
        wanted = select(Notice.recipient_id).where(Notice.event == "document.sent_to_approval")
        return set(db.session.scalars(wanted))


@pytest.mark.parametrize("name", ["tor", "eva", "mona", "kari"])
@pytest.mark.usefixtures("context")
def test_rule_asks_the_delegation_and_never_lets_a_writer_approve(people: Cast, name: str) -> None:
    path = db.session.execute(select(Unit.path).where(Unit.id == people.strandheim)).scalar_one()
    document = DocumentFacts(path, people.ingrid, DocumentState.PUBLISHED)
    waiting = RevisionFacts(RevisionState.APPROVAL, False, frozenset({people.eva}))
    draft = RevisionFacts(RevisionState.DRAFT, False, frozenset({people.eva}))
    viewer = cast.viewer(people.ids[name])
    held = {people.tor, people.eva}
    assert policy.can_approve_revision(viewer, document, waiting, held) == (name == "tor")
    assert not policy.can_approve_revision(viewer, document, draft, held)
    assert not policy.can_approve_revision(viewer, document, waiting, ())
    assert policy.may_read_to_approve(viewer, waiting, held) == (name in ("tor", "eva"))
    assert not policy.may_read_to_approve(viewer, draft, held)
    assert not policy.may_read_to_approve(viewer, waiting, None)


def test_holder_who_leads_nothing_reads_and_approves_and_the_leader_does_not(
    app: Flask, people: Cast, log_in: LogIn, delegate: Give, make_document: MakeDocument
) -> None:
    delegation = delegate(unit_id=people.strandheim, holder_id=people.nils)
    number = make_document("approval")
    assert told(app) == {people.nils}
    assert task_titles(app, people.nils) == [f"Godkjenn {number} Håndtering av legemidler"]
    assert task_titles(app, people.mona) == []
    mona = log_in(people.mona)
    page = mona.get(f"/bibliotek/{number}/godkjenning")
    assert "Bare de som har fullmakt" in page.text
    refused = mona.post(f"/bibliotek/{number}/godkjenn", {"version": "2"}, follow_redirects=False)
    assert refused.status == 403
    # Somebody else who neither writes nor holds it does not know that it exists.
    assert log_in(people.tor).get(f"/bibliotek/{number}/godkjenning").status == 404
    nils = log_in(people.nils)
    assert nils.get(f"/bibliotek/{number}/versjon/1").status == 200
    assert nils.get(f"/bibliotek/{number}/rediger").status == 409
    assert nils.post(f"/bibliotek/{number}/ta-tilbake").status == 403
    assert approve(nils, number) == 303
    with app.app_context():
        document = db.session.scalars(select(Document).where(Document.number == number)).one()
        revision = db.session.scalars(
            select(Revision).where(Revision.document_id == document.id)
        ).one()
        assert (revision.approver_id, revision.delegation_id) == (people.nils, delegation)
        details = db.session.scalars(
            select(AuditEntry.details).where(AuditEntry.event == "document.published")
        ).one()
        assert json.loads(details)["delegation"] == delegation
    shown = log_in(people.ingrid).get(f"/bibliotek/{number}")
    links = shown.find(f"//main//a[@href='/fullmakter/{delegation}']")
    assert [link.text_content() for link in links] == [f"fullmakt {delegation}"] * 2


def test_delegation_elsewhere_or_of_yesterday_leaves_the_old_rule_standing(
    app: Flask, people: Cast, log_in: LogIn, delegate: Give, make_document: MakeDocument
) -> None:
    delegate(unit_id=people.school, office_id=people.school)
    ended = delegate(unit_id=people.strandheim, holder_id=people.nils)
    with app.app_context():
        with transaction():
            version = db.session.get_one(Delegation, ended).version
            withdraw_delegation(
                ended, today(), "Ikke lenger.", version=version, actor=cast.viewer(people.adam)
            )
        db.session.remove()
    number = make_document("approval")
    assert told(app) == {people.mona}
    assert task_titles(app, people.mona)
    assert log_in(people.nils).get(f"/bibliotek/{number}/godkjenning").status == 404
    assert approve(log_in(people.mona), number) == 303
    with app.app_context():
        assert db.session.scalars(select(Revision.delegation_id)).all() == [None]


def test_office_gives_it_to_leader_and_stand_in_and_the_approval_says_for_whom(
    app: Flask, people: Cast, log_in: LogIn, delegate: Give, make_document: MakeDocument
) -> None:
    delegate(unit_id=people.health, office_id=people.health)
    with app.app_context():
        with transaction():
            cast.away(people.kaja, people.siri, today(), today() + timedelta(days=2))
        path = db.session.scalars(select(Unit.path).where(Unit.id == people.ward)).one()
        found = find_delegated(path)
        db.session.remove()
    assert found is not None
    assert {number: one.on_behalf_of for number, one in found.items()} == {
        people.kaja: None, people.siri: people.kaja,
    }  # fmt: skip
    number = make_document("approval")
    # The leader who is away is not asked.
    assert told(app) == {people.siri}
    assert approve(log_in(people.siri), number) == 303
    with app.app_context():
        row = db.session.execute(select(Revision.approver_id, Revision.approved_on_behalf_of)).one()
        assert tuple(row) == (people.siri, people.kaja)


def test_writer_sees_who_may_approve_and_why_the_others_may_not(
    people: Cast, log_in: LogIn, delegate: Give, make_document: MakeDocument
) -> None:
    number = make_document("draft", author=people.mona)
    mona = log_in(people.mona)

    def candidates() -> dict[str, str]:
        page = mona.get(f"/bibliotek/{number}/versjon/1")
        return {
            row.xpath("string(.//a)"): " ".join(row.xpath("string(.)").split())
            for row in page.find("//section[@id='approvers']//li")
        }

    before = candidates()
    assert "har skrevet i teksten Kan ikke" in before["Mona Dahl"]
    assert "Blir spurt" in before["Kaja Kleppe"]
    assert "Kan godkjenne" in before["Ragnhild Rådal"]
    held = delegate(unit_id=people.health, holder_id=people.nils)
    delegate(unit_id=people.strandheim, holder_id=people.mona)
    after = candidates()
    assert f"etter fullmakt {held} Blir spurt" in after["Nils Næss"]
    assert "har ikke fullmakt til å godkjenne her Kan ikke" in after["Kaja Kleppe"]
    assert "har skrevet i teksten" in after["Mona Dahl"]


def test_nobody_left_with_a_delegation_is_said_before_it_is_sent(
    people: Cast, log_in: LogIn, delegate: Give, make_document: MakeDocument
) -> None:
    delegate(unit_id=people.strandheim, holder_id=people.eva)
    number = make_document("draft")
    eva = log_in(people.eva)
    page = eva.get(f"/bibliotek/{number}/versjon/1")
    fields = page.form(f"/bibliotek/{number}/til-godkjenning")
    answer = eva.post(f"/bibliotek/{number}/til-godkjenning", fields)
    assert answer.status == 409
    assert "har fullmakt til å godkjenne den" in answer.text
