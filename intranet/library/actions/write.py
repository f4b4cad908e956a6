"""Writing: new documents, drafts, new revisions of old documents. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.models import next_number
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import (
    advance,
    allow,
    allow_editing,
    demand_version,
    record_on,
)
from intranet.library.contents import DraftContents, Fault, find_faults
from intranet.library.document_types import DEFAULT_TYPES, split_keywords
from intranet.library.lifecycle import DocumentState, RevisionState, Step
from intranet.library.models import Document, DocumentType, Revision, RevisionFile
from intranet.library.queries.access import facts_of
from intranet.library.queries.documents import former_number, search_key_of
from intranet.library.queries.revisions import load_current_revision, load_working_revision
from intranet.people.models import Unit
from intranet.people.queries.persons import get_person
from intranet.people.queries.units import get_unit

FAULTS: dict[Fault, Any] = {
    Fault.TITLE_MISSING: _l("Skriv en tittel."),
    Fault.TITLE_LONG: _l("Tittelen kan ha høyst 200 tegn."),
    Fault.BODY_LONG: _l("Teksten er for lang. Del den i flere dokumenter."),
    Fault.KEYWORDS_LONG: _l("Stikkordene kan ha høyst 500 tegn til sammen."),
    Fault.NOTE_LONG: _l("Beskrivelsen av endringen kan ha høyst 500 tegn."),
    Fault.BODY_MISSING: _l("Skriv teksten, eller legg ved en fil."),
    Fault.NOTE_MISSING: _l("Skriv kort hva som er endret, eller hvorfor dokumentet er laget."),
}


def write_document(
    contents: DraftContents,
    *,
    prefix: str,
    unit_id: int,
    actor: Viewer,
    owner_id: int | None = None,
    supplements: Document | None = None,
) -> Document:
    """Start a document with its first draft. Those who may write for the unit may.

    It gets the next number of its kind ("PRO-12") and is seen only by those who work on it. The
    owner is the writer unless another is named. A supplement is begun by
    supplements.py. Raises InvalidInput that names the field.
    """
    unit = get_unit(unit_id)
    if not unit.is_active:
        raise InvalidInput(_("Enheten finnes ikke lenger. Velg en annen."), field="unit")
    allow(policy.can_write_for_unit(actor, unit.path))
    check_contents(contents)
    kind = kind_of(prefix)
    owner = get_person(owner_id or actor.id)
    if not owner.is_active:
        raise InvalidInput(_("Eieren er ikke ansatt lenger. Velg en annen."), field="owner")
    number = f"{kind.prefix}-{next_number(f'library:{kind.prefix}')}"
    document = Document(
        number=number,
        type_id=kind.id,
        title=contents.title,
        search_key=search_key_of(number, contents.title, ""),
        owner_id=owner.id,
        unit_id=unit.id,
        state=DocumentState.UNPUBLISHED,
        working_version=1,
        supplements_id=None if supplements is None else supplements.id,
        created_by=actor.id,
    )
    db.session.add(document)
    db.session.flush()
    _add_revision(document, 1, fitted(document, contents), actor)
    details: dict[str, Any] = {} if supplements is None else {"central": supplements.number}
    record_on(AuditEvent.DOCUMENT_WRITTEN, document, actor=actor, owner=owner.id, **details)
    return document


def edit_draft(
    document: Document, contents: DraftContents, *, version: int | None, actor: Viewer
) -> Revision:
    """Save the draft. Those who work on the document may; the editor becomes a contributor.

    Raises SomeoneElseWasFirst when the form was rendered from an older text, and changes nothing
    then. What is stored already, as the page itself saved it while it was written, is no conflict.
    """
    revision, contents = load_editable(document, actor), fitted(document, contents)
    if differences(revision, contents):
        demand_version(revision, version)
    record_edit(document, revision, write_in(document, revision, contents, actor), actor)
    return revision


def record_edit(
    document: Document, revision: Revision, changed: Sequence[str], actor: Viewer
) -> None:
    """Write in the audit which fields of the draft were changed."""
    record_on(
        AuditEvent.DOCUMENT_DRAFT_EDITED,
        document,
        actor=actor,
        revision=revision.number,
        fields=list(changed),
    )


def start_revision(document: Document, *, actor: Viewer) -> Revision:
    """Begin the next revision as a copy of the last text and its files.

    Those who work on the document may. Readers keep the published one. Raises NotPossibleNow when
    one is being worked on already.
    """
    allow_start(document, actor)
    revision = copy_revision(document, _last_revision(document), actor)
    record_on(AuditEvent.DOCUMENT_REVISION_STARTED, document, actor=actor, revision=revision.number)
    return revision


def drop_draft(document: Document, *, actor: Viewer) -> None:
    """Lay the draft aside: it is kept, and readers never saw it. Those who work on it may."""
    revision = load_editable(document, actor)
    if revision.state == RevisionState.HEARING:
        raise NotPossibleNow(_("Utkastet er på høring. Avslutt høringen først."))
    advance(revision, Step.WITHDRAW)
    document.working_version = None
    db.session.flush()
    record_on(AuditEvent.DOCUMENT_DRAFT_DROPPED, document, actor=actor, revision=revision.number)


def touch(revision: Revision, actor: Viewer) -> None:
    """Note who changed the draft last; whoever writes in it can no longer approve it."""
    revision.changed_by = actor.id
    revision.changed_at = now()
    add_contributor(revision, actor)


def add_contributor(revision: Revision, actor: Viewer) -> None:
    """Note that the person has a part in the draft, without making an open form of it stale."""
    if actor.id not in revision.contributor_ids:
        revision.contributor_ids = [*revision.contributor_ids, actor.id]


def ensure_document_types() -> None:
    """Add the usual kinds of document when there are none. For installation and demonstration."""
    if db.session.execute(select(DocumentType.id).limit(1)).first() is None:
        for position, rule in enumerate(DEFAULT_TYPES, start=1):
            db.session.add(
                DocumentType(
                    prefix=rule.prefix,
                    name=rule.name,
                    review_months=rule.review_months,
                    position=position,
                )
            )
        db.session.flush()


def allow_start(document: Document, actor: Viewer) -> None:
    """Raise unless the person may begin a new revision of the document now."""
    allow(policy.can_work_on_document(actor, facts_of(document)))
    if document.working_version is not None:
        raise NotPossibleNow(_("Noen arbeider allerede med en ny versjon. Fortsett på den."))
    if document.state == DocumentState.WITHDRAWN:
        raise NotPossibleNow(_("Dokumentet er trukket tilbake. Skriv et nytt i stedet."))


def copy_revision(document: Document, source: Revision, actor: Viewer, note: str = "") -> Revision:
    """Make the next revision of the document as a copy of another, with its files."""
    contents = DraftContents(
        title=source.title,
        body=source.body,
        keywords=source.keywords,
        change_note=note,
        valid_for=tuple(source.valid_for),
    )
    document.working_version = _highest_number(document) + 1
    revision = _add_revision(document, document.working_version, contents, actor)
    for file in db.session.scalars(
        select(RevisionFile).where(RevisionFile.revision_id == source.id).order_by(RevisionFile.id)
    ):
        db.session.add(
            RevisionFile(
                revision_id=revision.id, stored_file_id=file.stored_file_id, text=file.text
            )
        )
    db.session.flush()
    return revision


def fitted(document: Document, contents: DraftContents) -> DraftContents:
    """Return the contents of a supplement so that it applies where it must: in its own unit."""
    if document.supplements_id is None:
        return contents
    return replace(contents, valid_for=(document.unit_id,))


def fault(found: Fault) -> InvalidInput:
    """Return the error that says the fault in words."""
    return InvalidInput(str(FAULTS[found]), field=found.field)


def load_editable(document: Document, actor: Viewer) -> Revision:
    """Return the draft, for who may write in it."""
    # The person first: whoever may not write learns nothing of what is in the works.
    allow(policy.can_work_on_document(actor, facts_of(document)))
    revision = load_working_revision(document)
    allow_editing(actor, document, revision)
    return revision


def check_contents(contents: DraftContents) -> None:
    """Raise InvalidInput at the first field that cannot be kept."""
    for found in find_faults(contents):
        raise fault(found)
    if contents.valid_for:
        known = set(db.session.scalars(select(Unit.id).where(Unit.id.in_(contents.valid_for))))
        if known != set(contents.valid_for):
            raise InvalidInput(_("Velg enheter fra listen."), field="valid_for")


def kind_of(prefix: str) -> DocumentType:
    """Return the kind of document with these letters. Raises InvalidInput."""
    ensure_document_types()
    kind = db.session.scalars(
        select(DocumentType).where(DocumentType.prefix == prefix)
    ).one_or_none()
    if kind is None:
        raise InvalidInput(_("Velg en dokumenttype fra listen."), field="kind")
    return kind


def _add_revision(
    document: Document, number: int, contents: DraftContents, actor: Viewer
) -> Revision:
    revision = Revision(
        document_id=document.id,
        number=number,
        title="",
        body="",
        keywords="",
        change_note="",
        is_significant=True,
        valid_for=[],
        author_id=actor.id,
        contributor_ids=[],
    )
    _fill(revision, contents)
    touch(revision, actor)
    db.session.add(revision)
    db.session.flush()
    return revision


def write_in(
    document: Document, revision: Revision, contents: DraftContents, actor: Viewer
) -> list[str]:
    """Put the contents in the draft; return the names of what changed."""
    check_contents(contents)
    changed = _fill(revision, contents)
    touch(revision, actor)
    if document.state == DocumentState.UNPUBLISHED:
        document.title = contents.title
        document.search_key = search_key_of(
            document.number, contents.title, "", former_number(document.id)
        )
    db.session.flush()
    return changed


def _fill(revision: Revision, contents: DraftContents) -> list[str]:
    """Set the revision's fields; return the names of those that changed, for the audit."""
    changed = differences(revision, contents)
    for name, value in changed.items():
        setattr(revision, name, value)
    return list(changed)


def differences(revision: Revision, contents: DraftContents) -> dict[str, Any]:
    """Return what the contents would change, by the revision's field."""
    values: dict[str, Any] = {
        "title": contents.title,
        "body": contents.body,
        "keywords": ", ".join(split_keywords(contents.keywords)),
        "change_note": contents.change_note,
        "is_significant": contents.is_significant,
        "valid_for": sorted(contents.valid_for),
    }
    return {name: value for name, value in values.items() if getattr(revision, name) != value}


def _last_revision(document: Document) -> Revision:
    if document.current_version is not None:
        return load_current_revision(document)
    return db.session.scalars(
        select(Revision)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).one()


def _highest_number(document: Document) -> int:
    return db.session.execute(
        select(Revision.number)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).scalar_one()
