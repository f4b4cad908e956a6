"""What is done in the library: write, approve, return, revise, review, withdraw."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at, today
from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, review, write
from intranet.library.contents import DraftContents
from intranet.library.models import Document, DocumentUnit, ReviewAnswer, Revision
from intranet.library.queries.documents import (
    find_document_title,
    list_new_documents,
    load_document,
)
from intranet.library.queries.revisions import load_working_revision
from intranet.library.queries.tasks import list_tasks_for
from intranet.notifications.models import Notice
from intranet.search.models import PendingEntry
from tests import cast
from tests.cast import Cast
from tests.library.conftest import MakeDocument

TEXT = DraftContents(title="Ny tittel", body="Ny tekst", change_note="Rettet")


def revision_of(number: str, version: int) -> Revision:
    document = load_document(number)
    return db.session.scalars(
        select(Revision).where(Revision.document_id == document.id, Revision.number == version)
    ).one()


def do_approve(number: str, person: int) -> None:
    with transaction():
        document = load_document(number)
        version = load_working_revision(document).version
        approve.approve_revision(document, version=version, actor=cast.viewer(person))


def revise(number: str, people: Cast, **changes: object) -> None:
    """Start the next revision, write in it as Eva and send it."""
    with transaction():
        document = load_document(number)
        revision = write.start_revision(document, actor=cast.viewer(people.eva))
        contents = DraftContents(
            **{"title": revision.title, "body": "Nytt", "change_note": "Ny", **changes}  # type: ignore[arg-type]
        )
        write.edit_draft(
            document, contents, version=revision.version, actor=cast.viewer(people.eva)
        )
        approve.send_to_approval(document, version=revision.version, actor=cast.viewer(people.eva))


def tasks_of(person: int) -> list[tuple[str, str]]:
    return [(task.kind, task.url) for task in list_tasks_for(cast.viewer(person))]


def notices_of(person: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Notice.event).where(Notice.recipient_id == person).order_by(Notice.id)
        )
    )


@pytest.mark.usefixtures("context")
def test_numbers_run_per_kind(make_document: MakeDocument) -> None:
    numbers = [make_document("draft", prefix=prefix) for prefix in ("PRO", "PRO", "RUT", "PRO")]
    assert numbers == ["PRO-1", "PRO-2", "RUT-1", "PRO-3"]


@pytest.mark.parametrize("name", ["ingrid", "vera", "rita", "adam", "hanne"])
@pytest.mark.usefixtures("context")
def test_a_person_without_the_role_cannot_write_for_the_unit(people: Cast, name: str) -> None:
    with pytest.raises(NotAllowed), transaction():
        write.write_document(
            TEXT, prefix="PRO", unit_id=people.strandheim, actor=cast.viewer(people.ids[name])
        )
    assert db.session.scalars(select(Document.id)).all() == []


@pytest.mark.parametrize(
    ("contents", "field"),
    [
        (DraftContents(title="", body="x"), "title"),
        (DraftContents(title="a" * 201, body="x"), "title"),
        (DraftContents(title="a", body="x" * 200_001), "body"),
        (DraftContents(title="a", body="x", keywords="k" * 501), "keywords"),
        (DraftContents(title="a", body="x", change_note="n" * 501), "change_note"),
        (DraftContents(title="a", body="x", valid_for=(99_999,)), "valid_for"),
    ],
)
@pytest.mark.usefixtures("context")
def test_contents_that_cannot_be_kept_name_the_field(
    people: Cast, contents: DraftContents, field: str
) -> None:
    """IN-07."""
    with pytest.raises(InvalidInput) as caught, transaction():
        write.write_document(
            contents, prefix="PRO", unit_id=people.strandheim, actor=cast.viewer(people.eva)
        )
    assert caught.value.field == field


@pytest.mark.usefixtures("context")
def test_the_approver_publishes_and_everybody_reads_it(
    people: Cast, make_document: MakeDocument
) -> None:
    number = make_document(valid_for=(people.ward, people.home_care))
    document, revision = load_document(number), revision_of(number, 1)
    assert (document.state, document.current_version) == ("published", 1)
    assert document.working_version is None
    assert (revision.approver_id, revision.valid_from) == (people.mona, today())
    assert document.review_on is not None
    assert 360 < (document.review_on - today()).days <= 366
    units = set(db.session.scalars(select(DocumentUnit.unit_id)))
    assert units == {people.ward, people.home_care}
    assert find_document_title(number.lower()) == "Håndtering av legemidler"
    assert [row.number for row in list_new_documents(5)] == [number]
    assert notices_of(people.eva) == ["document.published"]
    assert f"library/{number}" in set(db.session.scalars(select(PendingEntry.doc_key)))
    events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.sequence)))
    assert events == ["document.written", "document.sent_to_approval", "document.published"]


@pytest.mark.usefixtures("context")
def test_the_author_cannot_approve_even_as_leader(
    people: Cast, make_document: MakeDocument
) -> None:
    """AZ-22: the approver is never the author."""
    number = make_document("approval", author=people.mona)
    with pytest.raises(NotAllowed, match="En annen"):
        do_approve(number, people.mona)
    assert load_document(number).state == "unpublished"
    assert tasks_of(people.mona) == []
    assert tasks_of(people.kaja) == [("library.approval", f"/bibliotek/{number}/godkjenning")]
    do_approve(number, people.kaja)
    assert load_document(number).state == "published"


@pytest.mark.usefixtures("context")
def test_whoever_changed_a_word_of_it_cannot_approve_it(
    people: Cast, make_document: MakeDocument
) -> None:
    """AZ-22: four eyes also when two wrote."""
    number = make_document("draft")
    with transaction():
        document = load_document(number)
        write.edit_draft(document, TEXT, version=1, actor=cast.viewer(people.mona))
        version = load_working_revision(document).version
        approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
    with pytest.raises(NotAllowed):
        do_approve(number, people.mona)
    assert notices_of(people.kaja) == ["document.sent_to_approval"]
    assert notices_of(people.mona) == []


@pytest.mark.parametrize("name", ["ingrid", "vera", "eva", "henrik", "olav", "adam"])
@pytest.mark.usefixtures("context")
def test_nobody_else_approves(people: Cast, make_document: MakeDocument, name: str) -> None:
    number = make_document("approval", author=people.kari)
    with pytest.raises(NotAllowed):
        do_approve(number, people.ids[name])


@pytest.mark.usefixtures("context")
def test_a_draft_cannot_be_approved_and_an_approved_one_not_again(
    people: Cast, make_document: MakeDocument
) -> None:
    """AZ-22."""
    number = make_document("draft")
    with pytest.raises(NotPossibleNow):
        do_approve(number, people.mona)


@pytest.mark.usefixtures("context")
def test_the_approver_approves_the_text_that_was_read(
    people: Cast, make_document: MakeDocument
) -> None:
    """CC-02: taken back, changed and sent again behind the approver's back."""
    number = make_document("approval")
    seen = load_working_revision(load_document(number)).version
    with transaction():
        document = load_document(number)
        approve.take_back(document, actor=cast.viewer(people.eva))
        revision = load_working_revision(document)
        write.edit_draft(document, TEXT, version=revision.version, actor=cast.viewer(people.eva))
        approve.send_to_approval(document, version=revision.version, actor=cast.viewer(people.eva))
    with pytest.raises(SomeoneElseWasFirst), transaction():
        approve.approve_revision(
            load_document(number), version=seen, actor=cast.viewer(people.mona)
        )
    assert load_document(number).state == "unpublished"


@pytest.mark.usefixtures("context")
def test_the_stand_in_approves_for_the_leader_who_is_away(
    people: Cast, make_document: MakeDocument
) -> None:
    with transaction():
        cast.away(people.mona, people.vera, today(), today() + timedelta(days=3))
    number = make_document("approval")
    assert notices_of(people.vera) == ["document.sent_to_approval"]
    (task,) = list_tasks_for(cast.viewer(people.vera))
    assert task.on_behalf_of == "Mona Dahl"
    do_approve(number, people.vera)
    assert revision_of(number, 1).approved_on_behalf_of == people.mona
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "document.published")
    ).one()
    assert (entry.actor_id, entry.on_behalf_of) == (people.vera, people.mona)


@pytest.mark.usefixtures("context")
def test_the_leader_writes_and_the_stand_in_who_wrote_too_is_passed_over(
    people: Cast, make_document: MakeDocument
) -> None:
    """Both at Strandheim wrote: the question goes one level up."""
    with transaction():
        cast.away(people.mona, people.eva, today(), today() + timedelta(days=3))
    make_document("approval", author=people.eva)
    assert notices_of(people.mona) == ["document.sent_to_approval"]
    assert notices_of(people.eva) == []


@pytest.mark.usefixtures("context")
def test_the_vacant_wards_document_is_approved_one_level_up(
    people: Cast, make_document: MakeDocument
) -> None:
    make_document("approval", unit_id=people.ward)
    assert [kind for kind, _url in tasks_of(people.mona)] == ["library.approval"]
    assert tasks_of(people.kaja) == []


@pytest.mark.usefixtures("context")
def test_without_change_note_or_text_it_is_not_sent(
    people: Cast, make_document: MakeDocument
) -> None:
    for changes, field in (({"change_note": ""}, "change_note"), ({"body": ""}, "body")):
        number = make_document("draft", **changes)
        with pytest.raises(InvalidInput) as caught, transaction():
            approve.send_to_approval(
                load_document(number), version=1, actor=cast.viewer(people.eva)
            )
        assert caught.value.field == field
        assert revision_of(number, 1).state == "draft"


@pytest.mark.usefixtures("context")
def test_returned_with_a_reason_it_waits_for_the_writer(
    people: Cast, make_document: MakeDocument
) -> None:
    number = make_document("approval")
    version = revision_of(number, 1).version
    with pytest.raises(InvalidInput), transaction():
        approve.return_revision(
            load_document(number), "", version=version, actor=cast.viewer(people.mona)
        )
    with transaction():
        approve.return_revision(
            load_document(number), "Mangler nødnummer", version=version,
            actor=cast.viewer(people.mona),
        )  # fmt: skip
    assert revision_of(number, 1).state == "draft"
    assert notices_of(people.eva) == ["document.returned"]
    assert tasks_of(people.eva) == [("library.returned", f"/bibliotek/{number}/rediger")]
    assert tasks_of(people.mona) == []


@pytest.mark.usefixtures("context")
def test_readers_keep_the_old_text_until_the_new_one_is_approved(
    people: Cast, make_document: MakeDocument
) -> None:
    """AZ-25."""
    number = make_document()
    revise(number, people, title="Ny tittel")
    document = load_document(number)
    assert (document.title, document.current_version) == ("Håndtering av legemidler", 1)
    do_approve(number, people.mona)
    db.session.expire_all()
    document = load_document(number)
    assert (document.title, document.current_version) == ("Ny tittel", 2)
    assert [revision_of(number, n).state for n in (1, 2)] == ["superseded", "published"]
    assert "vask hendene" in revision_of(number, 1).body.lower()


@pytest.mark.usefixtures("context")
def test_only_one_revision_is_worked_on_and_a_dropped_one_keeps_its_number(
    people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    with transaction():
        write.start_revision(load_document(number), actor=cast.viewer(people.eva))
    with pytest.raises(NotPossibleNow), transaction():
        write.start_revision(load_document(number), actor=cast.viewer(people.mona))
    with transaction():
        write.drop_draft(load_document(number), actor=cast.viewer(people.eva))
    assert revision_of(number, 2).state == "withdrawn"
    with transaction():
        third = write.start_revision(load_document(number), actor=cast.viewer(people.eva))
        assert third.number == 3


@pytest.mark.usefixtures("context")
def test_the_second_of_two_editors_is_told_and_changes_nothing(
    people: Cast, make_document: MakeDocument
) -> None:
    """CC-02."""
    number = make_document("draft")
    with transaction():
        write.edit_draft(load_document(number), TEXT, version=1, actor=cast.viewer(people.mona))
    with pytest.raises(SomeoneElseWasFirst), transaction():
        write.edit_draft(
            load_document(number), DraftContents(title="Annen", body="x"), version=1,
            actor=cast.viewer(people.eva),
        )  # fmt: skip
    assert revision_of(number, 1).title == "Ny tittel"


@pytest.mark.usefixtures("context")
def test_withdrawn_with_a_successor_it_leaves_list_and_search(
    people: Cast, make_document: MakeDocument
) -> None:
    old, new = make_document(), make_document(title="Den nye")
    with pytest.raises(NotAllowed), transaction():
        approve.withdraw_document(load_document(old), "Utdatert", actor=cast.viewer(people.eva))
    for successor in ("PRO-999", old, "tull"):
        with pytest.raises(InvalidInput) as caught, transaction():
            approve.withdraw_document(
                load_document(old), "Utdatert", successor_number=successor,
                actor=cast.viewer(people.mona),
            )  # fmt: skip
        assert caught.value.field == "successor"
    with transaction():
        approve.withdraw_document(
            load_document(old), "Utdatert", successor_number=new.lower(),
            actor=cast.viewer(people.mona),
        )  # fmt: skip
    assert find_document_title(old) is None
    assert [row.number for row in list_new_documents(5)] == [new]
    assert revision_of(old, 1).state == "withdrawn"
    with pytest.raises(NotPossibleNow), transaction():
        write.start_revision(load_document(old), actor=cast.viewer(people.eva))


@pytest.mark.usefixtures("context")
def test_the_owner_answers_that_it_is_still_right(
    people: Cast, make_document: MakeDocument
) -> None:
    with stopped_at(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        number = make_document(owner_id=people.ingrid)
    with stopped_at(datetime(2027, 1, 20, 8, tzinfo=UTC)):
        assert tasks_of(people.ingrid) == []
    with stopped_at(datetime(2027, 2, 20, 8, tzinfo=UTC)):
        (task,) = list_tasks_for(cast.viewer(people.ingrid))
        assert (task.kind, task.due_on) == ("library.review", date(2027, 3, 2))
        with pytest.raises(NotAllowed), transaction():
            review.answer_review(load_document(number), actor=cast.viewer(people.eva))
        with transaction():
            review.answer_review(
                load_document(number), "Lest og riktig", actor=cast.viewer(people.ingrid)
            )
        assert load_document(number).review_on == date(2028, 2, 20)
        assert tasks_of(people.ingrid) == []
    answer = db.session.scalars(select(ReviewAnswer)).one()
    assert (answer.was_due_on, answer.revision_number) == (date(2027, 3, 2), 1)


@pytest.mark.usefixtures("context")
def test_a_report_is_never_asked_for(people: Cast, make_document: MakeDocument) -> None:
    number = make_document(prefix="RAP")
    assert load_document(number).review_on is None
    with stopped_at(now() + timedelta(days=4000)):
        assert tasks_of(people.eva) == []


@pytest.mark.usefixtures("context")
def test_the_audit_holds_no_text_of_the_document(people: Cast, make_document: MakeDocument) -> None:
    """AD-09."""
    number = make_document("draft", body="HEMMELIGTEKST", title="HEMMELIGTITTEL")
    with transaction():
        write.edit_draft(
            load_document(number), DraftContents(title="ANNENTITTEL", body="ANNENTEKST"),
            version=1, actor=cast.viewer(people.eva),
        )  # fmt: skip
    details = " ".join(db.session.scalars(select(AuditEntry.details)))
    assert "TEKST" not in details
    assert "TITTEL" not in details
    assert '"fields": ["title", "body"' in details
