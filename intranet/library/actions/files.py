"""Files of a draft: attached and removed. Never commits."""

from __future__ import annotations

from sqlalchemy import func, select, union_all

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotFound
from intranet.core.files import ReceivedFile, discard_file, record_file
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, allow_editing, record_on
from intranet.library.actions.write import add_contributor
from intranet.library.contents import MAX_FILES
from intranet.library.hearing_models import HearingFile
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.queries.access import facts_of
from intranet.library.queries.revisions import load_working_revision


def attach_file(
    document: Document, received: ReceivedFile, text: str, *, actor: Viewer
) -> RevisionFile:
    """Attach a received file to the draft; `text` is what it says, for search.

    Those who may edit the draft may. The same file twice is kept once. At most 20 files.
    """
    revision = _editable(document, actor)
    same = db.session.scalars(
        select(RevisionFile)
        .join(StoredFile, StoredFile.id == RevisionFile.stored_file_id)
        .where(
            RevisionFile.revision_id == revision.id,
            StoredFile.sha256 == received.sha256,
            StoredFile.name == received.name,
        )
    ).first()
    if same is not None:
        return same
    count = db.session.execute(
        select(func.count()).where(RevisionFile.revision_id == revision.id)
    ).scalar_one()
    if count >= MAX_FILES:
        raise InvalidInput(
            _("Et dokument kan ha høyst %(count)s filer.", count=MAX_FILES), field="file"
        )
    stored = record_file(received, actor=actor)
    attached = RevisionFile(revision_id=revision.id, stored_file_id=stored.id, text=text)
    db.session.add(attached)
    add_contributor(revision, actor)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_FILE_ATTACHED,
        document,
        actor=actor,
        revision=revision.number,
        file=stored.id,
        sha256=stored.sha256,
    )
    return attached


def remove_file(document: Document, file_id: int, *, actor: Viewer) -> None:
    """Remove a file from the draft; older revisions and hearings keep theirs.

    Those who may edit the draft may.
    """
    revision = _editable(document, actor)
    attached = db.session.scalars(
        select(RevisionFile).where(
            RevisionFile.id == file_id, RevisionFile.revision_id == revision.id
        )
    ).one_or_none()
    if attached is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    stored = db.session.get_one(StoredFile, attached.stored_file_id)
    db.session.delete(attached)
    add_contributor(revision, actor)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_FILE_REMOVED,
        document,
        actor=actor,
        revision=revision.number,
        file=stored.id,
        sha256=stored.sha256,
    )
    if not _is_kept(stored.id):
        discard_file(stored)


def _is_kept(stored_id: int) -> bool:
    """Whether another revision has the file, or a hearing was sent with it."""
    kept = union_all(
        select(RevisionFile.stored_file_id).where(RevisionFile.stored_file_id == stored_id),
        select(HearingFile.stored_file_id).where(HearingFile.stored_file_id == stored_id),
    )
    return db.session.execute(kept.limit(1)).first() is not None


def _editable(document: Document, actor: Viewer) -> Revision:
    allow(policy.can_work_on_document(actor, facts_of(document)))
    revision = load_working_revision(document)
    allow_editing(actor, document, revision)
    return revision
