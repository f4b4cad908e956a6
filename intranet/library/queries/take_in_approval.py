"""Reads which drafts of a taking in somebody may let apply, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, select

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.core.text_checks import keeps_from_approval
from intranet.delegations.queries.signers import Approver
from intranet.library import policy
from intranet.library.contents import find_unfinished
from intranet.library.lifecycle import DocumentState, RevisionState
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.policy import DocumentFacts
from intranet.library.queries.approvers import find_delegated
from intranet.library.take_in import Hindrance
from intranet.library.take_in_models import DocumentOrigin, TakeInRun
from intranet.people.models import Unit
from intranet.people.queries.persons import find_row

_DRAFTS = (
    select(
        Document.id,
        Document.number,
        Document.owner_id,
        Document.unit_id,
        Revision.title,
        Revision.body,
        Revision.change_note,
        Revision.contributor_ids,
        DocumentOrigin.number.label("former_number"),
        DocumentOrigin.valid_from,
        DocumentOrigin.review_on,
        Unit.path.label("unit_path"),
        Unit.name.label("unit_name"),
        exists(select(RevisionFile.id).where(RevisionFile.revision_id == Revision.id)).label(
            "has_files"
        ),
    )
    .join(DocumentOrigin, DocumentOrigin.document_id == Document.id)
    .join(Unit, Unit.id == Document.unit_id)
    .join(
        Revision,
        and_(Revision.document_id == Document.id, Revision.number == Document.working_version),
    )
    .where(Document.state == DocumentState.UNPUBLISHED, Revision.state == RevisionState.DRAFT)
    .order_by(Document.id)
)


@dataclass(frozen=True)
class TakenDraft:
    """A draft of a taking in as the approver sees it; `hindrance` None: it may apply."""

    row: Any
    hindrance: Hindrance | None

    def __getattr__(self, name: str) -> Any:
        """Give the draft's own columns."""
        return getattr(self.row, name)


def get_run_to_approve(viewer: Viewer, run_id: int) -> tuple[TakeInRun, list[TakenDraft]]:
    """Return a taking in and those of its drafts that concern the viewer.

    Whoever may see it sees all; others only the drafts that they have the right to approve. Raises
    NotFound, also for who has none.
    """
    run = find_row(TakeInRun, run_id)
    drafts = [] if run is None else list_drafts_for(viewer, run.id)
    if run is not None and policy.can_see_take_in(viewer, run.created_by):
        return run, drafts
    mine = [one for one in drafts if one.hindrance is not Hindrance.NO_RIGHT]
    if run is None or not mine:
        raise NotFound(_("Vi finner ikke dette inntaket."))
    return run, mine


def list_drafts_for(viewer: Viewer, run_id: int) -> list[TakenDraft]:
    """Return the drafts that a taking in made and nobody has approved, and what hinders each."""
    rows = list_drafts(run_id)
    held: dict[str, dict[int, Approver] | None] = {}
    found = []
    for row in rows:
        if row.unit_path not in held:
            held[row.unit_path] = find_delegated(row.unit_path)
        found.append(TakenDraft(row, find_hindrance(viewer, row, held[row.unit_path])))
    return found


def list_drafts(run_id: int) -> list[AnyRow]:
    """Return the drafts that a taking in made and nobody has approved, for all who work on them."""
    return list(read(_DRAFTS.where(DocumentOrigin.run_id == run_id)).all())


def find_draft_for(viewer: Viewer, run_id: int, document_id: int) -> TakenDraft | None:
    """Return one of them as it is now, or None when it is no such draft any more."""
    statement = _DRAFTS.where(DocumentOrigin.run_id == run_id, Document.id == document_id)
    row = read(statement).one_or_none()
    if row is None:
        return None
    return TakenDraft(row, find_hindrance(viewer, row, find_delegated(row.unit_path)))


def find_hindrance(
    viewer: Viewer, row: Any, delegated: dict[int, Approver] | None
) -> Hindrance | None:
    """Return why the viewer may not let the draft apply, or None: the rules for every approval."""
    facts = DocumentFacts(row.unit_path, row.owner_id, DocumentState.UNPUBLISHED)
    if not policy.has_right_to_approve(viewer, facts, delegated):
        return Hindrance.NO_RIGHT
    if viewer.id in row.contributor_ids:
        return Hindrance.OWN
    is_unfinished = any(find_unfinished(row.body, row.change_note, row.has_files))
    if is_unfinished or keeps_from_approval(row.body):
        return Hindrance.TEXT
    if row.valid_from is not None and row.valid_from > today():
        return Hindrance.LATER
    return None
