"""Reads about the pictures in a document's text, with the policy inside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, select

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.files import is_picture
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.document_types import is_number
from intranet.library.hearing_models import Hearing, HearingRequest
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.policy import DocumentFacts
from intranet.library.queries.access import facts_of_revision
from intranet.library.queries.approvers import find_delegated
from intranet.library.queries.revisions import LARGEST_ID
from intranet.people.models import Unit


def get_picture_for(viewer: Viewer, number: str, stored_id: int) -> StoredFile:
    """Return a picture attached to a revision of the document whose text the viewer may read.

    By the stored file and not by the attachment: the next revision's text keeps its address.
    Raises NotFound, also for files that are no pictures.
    """
    for row in _revisions_with(viewer, number, stored_id):
        document = DocumentFacts(row.unit_path, row.owner_id, DocumentState(row.document_state))
        revision = facts_of_revision(row.Revision)
        if (
            policy.can_see_hearing(viewer, document, revision, is_asked=row.is_asked)
            or policy.may_read_to_approve(viewer, revision, find_delegated(row.unit_path))
        ):  # fmt: skip
            stored = db.session.get_one(StoredFile, stored_id)
            if is_picture(stored):
                return stored
    raise NotFound(_("Vi finner ikke bildet."))


def _revisions_with(viewer: Viewer, number: str, stored_id: int) -> list[Any]:
    if not (is_number(number.upper()) and 0 < stored_id <= LARGEST_ID):
        return []
    is_asked = exists(
        select(HearingRequest.id)
        .join(Hearing, Hearing.id == HearingRequest.hearing_id)
        .where(
            Hearing.document_id == Revision.document_id,
            Hearing.revision_number == Revision.number,
            HearingRequest.person_id == viewer.id,
        )
    )
    return list(
        db.session.execute(
            select(
                Revision,
                Document.owner_id,
                Document.state.label("document_state"),
                Unit.path.label("unit_path"),
                is_asked.label("is_asked"),
            )
            .join(Document, Document.id == Revision.document_id)
            .join(Unit, Unit.id == Document.unit_id)
            .join(
                RevisionFile,
                and_(
                    RevisionFile.revision_id == Revision.id,
                    RevisionFile.stored_file_id == stored_id,
                ),
            )
            .where(Document.number == number.upper())
            .order_by(Revision.number.desc())
        )
    )
