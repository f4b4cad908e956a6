"""One document from a former system: kept as a draft, or put in force as what it was. No commits.

The rules for who approves stand (docs/decisions/0010): the approver has the right to for the unit,
and is neither the owner nor whoever takes the document in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import now, today
from intranet.core.errors import InvalidInput
from intranet.core.files import ReceivedFile, record_file
from intranet.core.models import next_number
from intranet.core.text import _
from intranet.delegations.queries.signers import Approver
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.approve import on_behalf_of_leader
from intranet.library.actions.permits import advance, allow, record_on
from intranet.library.actions.publish import by_delegation, put_in_force
from intranet.library.actions.write import check_contents, kind_of
from intranet.library.addresses import doc_key, picture_url
from intranet.library.contents import DraftContents
from intranet.library.document_types import split_keywords
from intranet.library.lifecycle import DocumentState, RevisionState, Step
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.policy import DocumentFacts
from intranet.library.queries.approvers import find_delegated
from intranet.library.queries.documents import search_key_of
from intranet.library.queries.take_in import Meant
from intranet.library.take_in import ListRow, Say, key_of
from intranet.library.take_in_models import DocumentOrigin
from intranet.search.actions import mark_changed


@dataclass(frozen=True)
class Attachment:
    """A file that goes with the text. `mark` is what stands for its address in the text, if any."""

    received: ReceivedFile
    text: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Brought:
    """A document as it came: its line, what that means, its text and its files."""

    row: ListRow
    meant: Meant
    body: str
    files: tuple[Attachment, ...]
    file_name: str
    sha256: str


def contributors_of(owner_id: int, actor: Actor) -> list[int]:
    """Return who counts as having written what came from elsewhere, so that they cannot approve.

    Nobody knows who wrote it: the owner answers for it, and somebody brought it here.
    """
    return sorted({owner_id} | ({actor.id} if actor.id is not None else set()))


def find_approval_fault(meant: Meant, approver: Viewer, *, actor: Actor) -> Say | None:
    """Return why the approver may not let the document apply, or None."""
    if approver.id in contributors_of(meant.owner_id, actor):
        return Say.APPROVER_OWNS
    facts = DocumentFacts(meant.unit_path, meant.owner_id, DocumentState.UNPUBLISHED)
    if not policy.has_right_to_approve(approver, facts, find_delegated(meant.unit_path)):
        return Say.APPROVER_MAY_NOT
    return None


def take_in_document(brought: Brought, *, run_id: int, actor: Actor) -> Document:
    """Make a document of what came, as a draft of the named owner, with its files.

    Administrators and quality advisers of the unit may, and the command on the server. Its old
    number is kept, and finds it. Raises InvalidInput for texts that are too long.
    """
    meant, row = brought.meant, brought.row
    if isinstance(actor, Viewer):
        allow(policy.can_take_in_for_unit(actor, meant.unit_path))
    kind = kind_of(meant.prefix)
    contents = DraftContents(
        title=row.title,
        body=brought.body,
        keywords=", ".join(split_keywords(row.keywords)),
        change_note=_note(row.number),
    )
    check_contents(contents)
    number = f"{kind.prefix}-{next_number(f'library:{kind.prefix}')}"
    document = Document(
        number=number,
        type_id=kind.id,
        title=contents.title,
        search_key=search_key_of(number, contents.title, "", row.number),
        owner_id=meant.owner_id,
        unit_id=meant.unit_id,
        state=DocumentState.UNPUBLISHED,
        working_version=1,
        created_by=actor.id,
    )
    db.session.add(document)
    db.session.flush()
    revision = _first_revision(document, contents, actor)
    revision.body = _attach(document, revision, brought.files, actor)
    db.session.add(_origin(document, brought, run_id))
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_TAKEN_IN,
        document,
        actor=actor,
        take_in=run_id,
        owner=meant.owner_id,
        former_number=row.number,
        sha256=brought.sha256,
    )
    return document


def take_over(document: Document, meant: Meant, approver: Viewer, *, actor: Actor) -> Revision:
    """Let a document that was just taken in apply, as it did where it came from.

    The approver must have the right to, and may be neither its owner nor whoever took it in: raises
    InvalidInput otherwise. It keeps the days that the list gave it.
    """
    found = find_approval_fault(meant, approver, actor=actor)
    if found is not None:
        raise InvalidInput(found.value, field="approver")
    revision = db.session.query(Revision).filter_by(document_id=document.id, number=1).one()
    days = (meant.valid_from, meant.review_on)
    return put_over(document, revision, approver, meant.unit_path, days, actor=actor)


def put_over(
    document: Document,
    revision: Revision,
    approver: Viewer,
    unit_path: str,
    days: tuple[date | None, date | None],
    *,
    actor: Actor,
) -> Revision:
    """Let the draft apply with this approver; the caller has asked the rules for who may.

    `days`: from when it applied, and by when it is to be looked at, as the former system said.
    """
    valid_from, review_on = days
    delegated = find_delegated(unit_path)
    held: Approver | None = None if delegated is None else delegated[approver.id]
    revision.approver_id = approver.id
    revision.approved_on_behalf_of = (
        held.on_behalf_of if held else on_behalf_of_leader(approver, document)
    )
    revision.delegation_id = held.delegation_id if held else None
    revision.approved_at = now()
    revision.valid_from = valid_from or today()
    advance(revision, Step.TAKE_OVER)
    put_in_force(document, revision)
    if review_on is not None:
        document.review_on = review_on
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_TAKEN_OVER,
        document,
        actor=actor,
        on_behalf_of=revision.approved_on_behalf_of,
        revision=revision.number,
        approver=approver.id,
        review_on=document.review_on,
        effective_on=revision.valid_from,
        **by_delegation(revision),
    )
    mark_changed(doc_key(document.number))
    return revision


def is_later(day: date | None) -> bool:
    """Whether a document would apply only from a day to come: then it did not apply before."""
    return day is not None and day > today()


def _note(former_number: str) -> str:
    if former_number:
        return _(
            "Tatt inn fra tidligere system, der nummeret var %(number)s.", number=former_number
        )
    return _("Tatt inn fra tidligere system.")


def _first_revision(document: Document, contents: DraftContents, actor: Actor) -> Revision:
    revision = Revision(
        document_id=document.id,
        number=1,
        state=RevisionState.DRAFT,
        title=contents.title,
        body=contents.body,
        keywords=contents.keywords,
        change_note=contents.change_note,
        is_significant=True,
        valid_for=[],
        # Who wrote it is known only where it came from.
        author_id=None,
        contributor_ids=contributors_of(document.owner_id, actor),
        changed_by=actor.id,
        changed_at=now(),
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _attach(
    document: Document, revision: Revision, files: Sequence[Attachment], actor: Actor
) -> str:
    """Keep the files with the revision; return its text with the pictures' addresses in it."""
    body = revision.body
    for file in files:
        stored = record_file(file.received, actor=actor)
        db.session.add(
            RevisionFile(revision_id=revision.id, stored_file_id=stored.id, text=file.text)
        )
        if file.mark:
            body = body.replace(f"]({file.mark})", f"]({picture_url(document.number, stored.id)})")
    return body


def _origin(document: Document, brought: Brought, run_id: int) -> DocumentOrigin:
    return DocumentOrigin(
        document_id=document.id,
        run_id=run_id,
        number=brought.row.number,
        number_key=key_of(brought.row.number)[:80] or None,
        file_name=brought.file_name[-400:],
        sha256=brought.sha256,
        review_on=brought.meant.review_on,
        valid_from=brought.meant.valid_from,
    )
