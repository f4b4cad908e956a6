"""Who may read, write, approve and withdraw in the library. Pure; the SQL twin is in queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from intranet.core.actor import Role, Viewer
from intranet.library.law_watch import LawAnswer
from intranet.library.lifecycle import EDITABLE, DocumentState, RevisionState

WRITERS = (Role.EDITOR, Role.QUALITY_ADVISER)


@dataclass(frozen=True)
class DocumentFacts:
    """What permissions ask of a document."""

    unit_path: str
    owner_id: int
    state: DocumentState


@dataclass(frozen=True)
class RevisionFacts:
    """What permissions ask of a revision. Contributors: the author and all who changed its text."""

    state: RevisionState
    was_published: bool
    contributor_ids: frozenset[int]


def can_write_for_unit(viewer: Viewer, unit_path: str) -> bool:
    """Leaders, editors and quality advisers of the unit or one above it."""
    return viewer.leads(unit_path) or any(
        viewer.has_role_on_path(role, unit_path) for role in WRITERS
    )


def can_write_somewhere(viewer: Viewer) -> bool:
    """Whoever may write for at least one unit."""
    return viewer.is_leader or any(viewer.has_role_anywhere(role) for role in WRITERS)


def can_work_on_document(viewer: Viewer, document: DocumentFacts) -> bool:
    """The owner, and those who may write for the owning unit."""
    return viewer.id == document.owner_id or can_write_for_unit(viewer, document.unit_path)


def can_supplement_in(
    document: DocumentFacts, unit_path: str, limits: Collection[str] = ()
) -> bool:
    """Where the document applies, and not in the unit that owns it or one above that.

    `limits`: the paths of the units that it applies in; none means everywhere. Who may write for
    the unit may write its supplement, and who may approve for it approves that.
    """
    if document.unit_path.startswith(unit_path):
        return False
    return not limits or any(unit_path.startswith(limit) for limit in limits)


def can_see_document(viewer: Viewer, document: DocumentFacts) -> bool:
    """Everyone sees what is or was published; what never was, only those who work on it."""
    return document.state is not DocumentState.UNPUBLISHED or can_work_on_document(viewer, document)


def can_see_revision(viewer: Viewer, document: DocumentFacts, revision: RevisionFacts) -> bool:
    """Everyone sees revisions that readers once had; drafts only those who work on the document."""
    return revision.was_published or can_work_on_document(viewer, document)


def can_edit_draft(viewer: Viewer, document: DocumentFacts, revision: RevisionFacts) -> bool:
    """Those who work on the document, while the revision is a draft, also when it is on hearing."""
    return revision.state in EDITABLE and can_work_on_document(viewer, document)


def can_see_hearing(
    viewer: Viewer, document: DocumentFacts, revision: RevisionFacts, is_asked: bool
) -> bool:
    """Who was asked, who works on the document, and everyone once the revision is published."""
    return is_asked or can_see_revision(viewer, document, revision)


def may_approve_for_unit(viewer: Viewer, unit_path: str) -> bool:
    """The leader of the owning unit or one above it, and the unit's quality advisers."""
    return viewer.leads(unit_path) or viewer.has_role_on_path(Role.QUALITY_ADVISER, unit_path)


def has_right_to_approve(
    viewer: Viewer, document: DocumentFacts, delegated: Collection[int] | None
) -> bool:
    """Those who hold a delegation to approve documents of the unit today, where any is in force.

    `delegated` None: no such delegation holds there; then whoever may approve for the unit.
    """
    if delegated is not None:
        return viewer.id in delegated
    return may_approve_for_unit(viewer, document.unit_path)


def can_approve_revision(
    viewer: Viewer,
    document: DocumentFacts,
    revision: RevisionFacts,
    delegated: Collection[int] | None = None,
) -> bool:
    """Whoever has the right to approve and has not written a word of the revision."""
    return (
        revision.state is RevisionState.APPROVAL
        and viewer.id not in revision.contributor_ids
        and has_right_to_approve(viewer, document, delegated)
    )


def may_read_to_approve(
    viewer: Viewer, revision: RevisionFacts, delegated: Collection[int] | None
) -> bool:
    """Who holds the delegation reads what waits for approval, also where they do not write."""
    is_waiting = revision.state is RevisionState.APPROVAL
    return is_waiting and delegated is not None and viewer.id in delegated


def can_call_back(viewer: Viewer, document: DocumentFacts, approver_id: int | None) -> bool:
    """Those who work on the document, who approved it, and whoever may approve for the unit."""
    return (
        viewer.id == approver_id
        or can_work_on_document(viewer, document)
        or may_approve_for_unit(viewer, document.unit_path)
    )


def can_withdraw_document(viewer: Viewer, document: DocumentFacts) -> bool:
    """Whoever may approve for the unit, while the document is in force."""
    return document.state is DocumentState.PUBLISHED and may_approve_for_unit(
        viewer, document.unit_path
    )


def can_give_owner(viewer: Viewer, unit_path: str) -> bool:
    """Whoever may approve for the unit, and administrators."""
    return may_approve_for_unit(viewer, unit_path) or viewer.has_role(Role.ADMINISTRATOR)


def can_give_some_owner(viewer: Viewer) -> bool:
    """Leaders, quality advisers and administrators."""
    return (
        viewer.is_leader
        or viewer.has_role_anywhere(Role.QUALITY_ADVISER)
        or viewer.has_role(Role.ADMINISTRATOR)
    )


def reviews_document(viewer: Viewer, document: DocumentFacts) -> bool:
    """The owner, and whoever may approve for the unit."""
    return viewer.id == document.owner_id or may_approve_for_unit(viewer, document.unit_path)


def can_answer_review(viewer: Viewer, document: DocumentFacts) -> bool:
    """Who reviews the document, while it is in force."""
    return document.state is DocumentState.PUBLISHED and reviews_document(viewer, document)


def can_answer_law_review(viewer: Viewer, document: DocumentFacts, answer: LawAnswer) -> bool:
    """Who reviews the document, once; who may withdraw it, also when the owner asked for that."""
    if not can_answer_review(viewer, document):
        return False
    if answer is LawAnswer.WITHDRAW:
        return can_withdraw_document(viewer, document)
    return answer is LawAnswer.NONE


def can_require_readers(viewer: Viewer, document: DocumentFacts, unit_path: str) -> bool:
    """Who works on the document: within its unit, and wherever they may write for the unit."""
    return can_work_on_document(viewer, document) and (
        unit_path.startswith(document.unit_path) or can_write_for_unit(viewer, unit_path)
    )


def can_take_in_for_unit(viewer: Viewer, unit_path: str) -> bool:
    """Administrators, and the quality advisers of the unit: documents from a former system."""
    return viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role_on_path(
        Role.QUALITY_ADVISER, unit_path
    )


def can_take_in_somewhere(viewer: Viewer) -> bool:
    """Administrators and quality advisers."""
    return viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role_anywhere(Role.QUALITY_ADVISER)


def can_see_take_in(viewer: Viewer, created_by: int | None) -> bool:
    """Whoever took it in while they may, administrators and the advisers of the whole."""
    if viewer.has_role(Role.ADMINISTRATOR) or viewer.has_role(Role.QUALITY_ADVISER):
        return True
    return viewer.id == created_by and can_take_in_somewhere(viewer)


def asks_readers(state: DocumentState) -> bool:
    """Only what is in force is to be read and confirmed."""
    return state is DocumentState.PUBLISHED


def sees_all_readers(viewer: Viewer, document: DocumentFacts) -> bool:
    """The owner, and the quality advisers of the document's unit."""
    return viewer.id == document.owner_id or viewer.has_role_on_path(
        Role.QUALITY_ADVISER, document.unit_path
    )


def can_see_reader(viewer: Viewer, document: DocumentFacts, home_path: str) -> bool:
    """Whether the viewer may know that somebody of that unit has read the document, or has not.

    Who sees all readers, and the leaders and quality advisers above the reader (aml § 9-1).
    """
    return (
        sees_all_readers(viewer, document)
        or viewer.leads(home_path)
        or viewer.has_role_on_path(Role.QUALITY_ADVISER, home_path)
    )


def can_see_some_readers(viewer: Viewer, document: DocumentFacts) -> bool:
    """Whoever may see all of them, leads a unit, or advises one: each sees only their own."""
    return (
        sees_all_readers(viewer, document)
        or viewer.is_leader
        or viewer.has_role_anywhere(Role.QUALITY_ADVISER)
    )
