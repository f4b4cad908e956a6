"""What waits in the library for a person: approvals, drafts, hearings, reviews, laws, reading."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.text import _
from intranet.delegations.queries.approving import is_approving_delegated, is_approving_mine
from intranet.laws.models import Law
from intranet.library.addresses import approval_url, document_url, edit_url
from intranet.library.law_watch import LawAnswer
from intranet.library.lifecycle import SOON, DocumentState, RevisionState
from intranet.library.models import Document, LawReview, Revision
from intranet.library.policy import may_approve_for_unit
from intranet.library.queries.approvers import find_delegated, list_revision_approvers
from intranet.library.queries.hearing_tasks import (
    ANSWER_ROWS,
    HEARING_ROWS,
    HEARING_VALUES,
    hearing_task,
)
from intranet.library.queries.law_tasks import (
    decides_for_others,
    is_asked,
    law_task,
    stood_in_for,
    stood_in_name,
)
from intranet.library.queries.owner_tasks import WITHOUT_OWNER, without_owner_task
from intranet.library.queries.readers import my_values
from intranet.library.queries.reading_tasks import READING_ROWS, READING_VALUES, reading_task
from intranet.notifications.tasks import Task
from intranet.people.models import Person, Unit

MOST = 100
_Author = aliased(Person)
_IS_WORKING = and_(Revision.document_id == Document.id, Revision.number == Document.working_version)
_ME = bindparam("me", type_=Integer)


# What only a task about a law, or about reading, has.
_OWN_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("review_id", Integer),
    ("law", String),
    ("section", String),
    ("effective_on", Date),
    ("due_on", Date),
    ("owner_id", Integer),
    ("days", Integer),
)


def _part(kind: str, rows: Any, most: int = MOST, **others: Any) -> Any:
    """Return one kind's rows; SQLite takes an order and a limit of their own in a subselect."""
    columns = rows.with_only_columns(
        literal(kind).label("kind"),
        Document.number,
        Document.review_on,
        Document.title.label("document_title"),
        Document.unit_id,
        Revision.title,
        Revision.contributor_ids,
        Revision.author_id,
        *[others.get(name, cast(null(), kind)).label(name) for name, kind in _OWN_COLUMNS],
        maintain_column_froms=True,
    )
    return select(columns.limit(most).subquery())


# A change of a law, with its law by name.
_LAW_ROWS = (
    select(Document)
    .outerjoin(Revision, _IS_WORKING)
    .join(LawReview, LawReview.document_id == Document.id)
    .outerjoin(Law, Law.refid == LawReview.refid)
    .where(Document.state == DocumentState.PUBLISHED)
    .order_by(LawReview.due_on, LawReview.id)
)
_LAW_VALUES: dict[str, Any] = {
    "review_id": LawReview.id,
    "law": func.coalesce(Law.short_title, LawReview.refid),
    "section": LawReview.section,
    "effective_on": LawReview.effective_on,
    "due_on": LawReview.due_on,
    "owner_id": Document.owner_id,
}
_REVIEWS = (
    select(Document)
    .outerjoin(Revision, _IS_WORKING)
    .where(
        Document.state == DocumentState.PUBLISHED,
        Document.review_on <= bindparam("latest", type_=Date),
        # A new revision on its way is the answer.
        Document.working_version.is_(None),
    )
    .order_by(Document.review_on)
)
_WORKING = select(Document).join(Revision, _IS_WORKING)
# Everybody's front page asks, so all kinds come in one select.
_PARTS = union_all(
    _part(
        "approval",
        _WORKING.where(Revision.state == RevisionState.APPROVAL).order_by(Revision.sent_at),
    ),
    _part(
        "returned",
        _WORKING.where(
            Revision.state == RevisionState.DRAFT,
            Revision.returned_by.is_not(None),
            or_(Revision.sent_by == _ME, Revision.author_id == _ME),
        ).order_by(Revision.changed_at),
    ),
    _part(
        "review",
        _REVIEWS.where(Document.owner_id.in_(bindparam("owners", expanding=True))),
        owner_id=Document.owner_id,
    ),
    # The owner has left: those who may approve are asked, as about a law.
    _part(
        "unowned_review",
        _REVIEWS.join(Person, Person.id == Document.owner_id).where(
            bindparam("decides", type_=Boolean).is_(true()),
            or_(~Person.is_directory_active, Person.is_blocked),
        ),
        most=10 * MOST,
        owner_id=Document.owner_id,
    ),
    _part(
        "law",
        _LAW_ROWS.where(
            LawReview.answer == LawAnswer.NONE,
            Document.owner_id.in_(bindparam("owners", expanding=True)),
        ),
        **_LAW_VALUES,
    ),
    # The owner has left, or has asked for a withdrawal: those who may approve are asked.
    _part(
        "unowned",
        _LAW_ROWS.join(Person, Person.id == Document.owner_id).where(
            bindparam("decides", type_=Boolean).is_(true()),
            or_(
                LawReview.answer == LawAnswer.WITHDRAW,
                and_(
                    LawReview.answer == LawAnswer.NONE,
                    or_(~Person.is_directory_active, Person.is_blocked),
                ),
            ),
        ),
        # Of all units: whose they are to answer is asked of each.
        most=10 * MOST,
        **_LAW_VALUES,
    ),
    # Whose owner or unit is gone: whoever is asked in the owner's place finds them a new one.
    _part(
        WITHOUT_OWNER,
        select(Document)
        .outerjoin(Revision, _IS_WORKING)
        .where(bindparam("decides", type_=Boolean).is_(true()), Document.unowned_since.is_not(None))
        # In the order of its index: by their numbers all documents would be gone through.
        .order_by(Document.unowned_since, Document.id),
    ),
    _part("reading", READING_ROWS, **READING_VALUES),
    _part("hearing", HEARING_ROWS, **HEARING_VALUES),
    _part("hearing_answers", ANSWER_ROWS, **HEARING_VALUES),
).subquery()
_IS_APPROVAL = _PARTS.c.kind == "approval"
_TASKS = (
    select(
        _PARTS,
        Unit.path,
        _Author.name.label("author"),
        and_(_IS_APPROVAL, is_approving_delegated(Unit.path)).label("is_delegated"),
        and_(_IS_APPROVAL, is_approving_mine(Unit.path)).label("is_mine"),
    )
    .join(Unit, Unit.id == _PARTS.c.unit_id)
    .outerjoin(_Author, _Author.id == _PARTS.c.author_id)
)


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return what waits for the viewer in the library."""
    rows = read(
        _TASKS,
        latest=today() + SOON,
        owners=sorted({viewer.id, *stood_in_for(viewer)}),
        decides=decides_for_others(viewer),
        approval_day=today(),
        approver=viewer.id,
        approver_led=[led.unit_id for led in viewer.led],
        day=today(),
        **my_values(viewer),
    ).all()
    tasks = [task for task in (_task(viewer, row) for row in rows) if task is not None]
    return tasks + without_owner_task(viewer, [row for row in rows if row.kind == WITHOUT_OWNER])


def _task(viewer: Viewer, row: Any) -> Task | None:
    if row.kind == "approval":
        return _approval(viewer, row)
    if row.kind == WITHOUT_OWNER:
        return None
    if row.kind == "law":
        return law_task(viewer, row)
    if row.kind == "reading":
        return reading_task(row)
    if row.kind in ("hearing", "hearing_answers"):
        return hearing_task(row)
    if row.kind == "unowned":
        return law_task(viewer, row) if is_asked(viewer, row) else None
    if row.kind == "unowned_review":
        return _review(viewer, row) if is_asked(viewer, row) else None
    return _returned(row) if row.kind == "returned" else _review(viewer, row)


def _approval(viewer: Viewer, row: Any) -> Task | None:
    """Those whom the rule names today, not everyone who may approve: the chief has other work."""
    # The cheap questions first: hardly anybody may approve anything.
    if not (row.is_mine or may_approve_for_unit(viewer, row.path)):
        return None
    delegated = find_delegated(row.path) if row.is_delegated else None
    if viewer.id not in list_revision_approvers(row.unit_id, row.contributor_ids, delegated):
        return None
    return Task(
        kind="library.approval",
        title=_("Godkjenn %(number)s %(title)s", number=row.number, title=row.title),
        url=approval_url(row.number),
        note=_("Skrevet av %(name)s", name=row.author or _("ukjent")),
        icon="FileCheckmark",
        on_behalf_of=_leader_stood_in_for(viewer, row.path),
    )


def _leader_stood_in_for(viewer: Viewer, path: str) -> str | None:
    leading = [led for led in viewer.led if path.startswith(led.path)]
    if not leading or any(led.on_behalf_of is None for led in leading):
        return None
    return leading[-1].on_behalf_of_name


def _returned(row: Any) -> Task:
    return Task(
        kind="library.returned",
        title=_("Rett opp %(number)s %(title)s", number=row.number, title=row.title),
        url=edit_url(row.number),
        note=_("Sendt tilbake av den som skal godkjenne"),
        icon="ArrowUndo",
    )


def _review(viewer: Viewer, row: Any) -> Task | None:
    # The stand-in of an owner answers only where the leader could approve.
    if not (viewer.id == row.owner_id or may_approve_for_unit(viewer, row.path)):
        return None
    return Task(
        kind="library.review",
        title=_("Se over %(number)s %(title)s", number=row.number, title=row.document_title),
        url=document_url(row.number),
        due_on=row.review_on,
        note=_("Er den fortsatt riktig?"),
        icon="FileSearch",
        on_behalf_of=stood_in_name(viewer, row.owner_id),
    )
