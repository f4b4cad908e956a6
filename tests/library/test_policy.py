"""Who may what in the library: the rule, its SQL twin, and the hidden drafts."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.core.keyset import PageRequest
from intranet.extensions import db
from intranet.library import policy
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.models import Document
from intranet.library.policy import DocumentFacts, RevisionFacts
from intranet.library.queries.access import facts_of, visible_to, worked_on_by
from intranet.library.queries.documents import (
    get_document_for,
    list_visible_numbers,
    list_work_for,
)
from intranet.library.queries.revisions import get_revision_for
from intranet.people.models import Unit
from tests import cast
from tests.cast import Cast
from tests.library.conftest import MakeDocument

# Who may write for, and who may approve for, Strandheim.
WRITERS = {"mona", "eva", "kaja", "ragnhild", "kari"}
APPROVERS = {"mona", "kaja", "ragnhild", "kari"}


@pytest.mark.parametrize("name", sorted(cast.PERSONS))
def test_each_person_may_exactly_what_the_rule_says(
    context: Flask, people: Cast, name: str
) -> None:
    """AZ-08."""
    viewer = cast.viewer(people.ids[name])
    path = db.session.execute(select(Unit.path).where(Unit.id == people.strandheim)).scalar_one()
    document = DocumentFacts(path, people.ingrid, DocumentState.PUBLISHED)
    waiting = RevisionFacts(RevisionState.APPROVAL, False, frozenset({people.eva, people.kaja}))
    draft = RevisionFacts(RevisionState.DRAFT, False, frozenset({people.eva}))
    works = name in WRITERS or name == "ingrid"
    assert policy.can_write_for_unit(viewer, path) == (name in WRITERS)
    assert policy.can_work_on_document(viewer, document) == works
    assert policy.can_edit_draft(viewer, document, draft) == works
    assert not policy.can_edit_draft(viewer, document, waiting)
    assert policy.can_see_revision(viewer, document, draft) == works
    may_approve = name in APPROVERS and name != "kaja"
    assert policy.can_approve_revision(viewer, document, waiting) == may_approve
    assert not policy.can_approve_revision(viewer, document, draft)
    assert policy.can_withdraw_document(viewer, document) == (name in APPROVERS)
    assert policy.can_answer_review(viewer, document) == (name in APPROVERS | {"ingrid"})


def test_rule_and_sql_agree_for_everybody_and_every_document(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """AZ-01: the same people see the same documents by both."""
    for unit in (people.strandheim, people.ward, people.health, people.school):
        author = people.kari
        make_document("draft", unit_id=unit, author=author)
        make_document("draft", unit_id=unit, author=author, owner_id=people.tor)
        make_document("approval", unit_id=unit, author=author)
        make_document(unit_id=unit, author=author, approver=people.ragnhild)
    documents = list(db.session.scalars(select(Document)))
    for person in people.ids.values():
        if person not in {people.ids[name] for name in cast.PERSONS}:
            continue
        viewer = cast.viewer(person)
        by_rule = {d.number for d in documents if policy.can_see_document(viewer, facts_of(d))}
        works = {d.number for d in documents if policy.can_work_on_document(viewer, facts_of(d))}
        joined = select(Document.number).join(Unit, Unit.id == Document.unit_id)
        assert set(list_visible_numbers(viewer)) == by_rule
        assert set(db.session.scalars(joined.where(visible_to(viewer)))) == by_rule
        assert set(db.session.scalars(joined.where(worked_on_by(viewer)))) == works
        open_work = {d.number for d in documents if d.working_version} & works
        assert {row.number for row in list_work_for(viewer, PageRequest()).rows} == open_work


def test_a_draft_does_not_exist_for_those_who_do_not_work_on_it(
    context: Flask, people: Cast, make_document: MakeDocument
) -> None:
    """AZ-25, AZ-07."""
    number = make_document("draft")
    for name in ("ingrid", "rita", "henrik", "adam"):
        with pytest.raises(NotFound):
            get_document_for(cast.viewer(people.ids[name]), number)
    assert get_document_for(cast.viewer(people.kaja), number).number == number


@pytest.mark.parametrize("version", [0, -1, 2, 3, 2**31, 2**63, 2**70, None])
def test_a_version_that_is_not_for_the_reader_is_not_found(
    context: Flask, people: Cast, make_document: MakeDocument, version: int | None
) -> None:
    """IN-08, AZ-25."""
    number = make_document()
    document = get_document_for(cast.viewer(people.ingrid), number)
    with pytest.raises(NotFound):
        get_revision_for(cast.viewer(people.ingrid), document, version)


@pytest.mark.parametrize(
    "number", ["", "PRO", "PRO-", "PRO-0x1", "pro-99", "PRO-1\x00", "1", "'--"]
)
def test_what_is_no_number_is_not_found(context: Flask, people: Cast, number: str) -> None:
    """IN-05, IN-08."""
    with pytest.raises(NotFound):
        get_document_for(cast.viewer(people.kari), number)
