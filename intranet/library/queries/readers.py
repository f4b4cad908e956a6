"""Who must read a document today, in SQL: for one person, and for all of them at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.library.models import Document
from intranet.library.reading import Readers
from intranet.library.reading_models import ReadingRule, ReadReceipt
from intranet.people.models import Membership, Person, RoleGrant, Unit
from intranet.people.queries.presence import WORKS_HERE, is_away

_PLACE, _HERE = aliased(Unit), aliased(Unit)
_ME = bindparam("me", type_=Integer)
_IN_PLACE = (
    select(ReadingRule.document_id, Person.id.label("person_id"), ReadingRule.days)
    .join(_PLACE, _PLACE.id == ReadingRule.unit_id)
    # The numbers of a path hold nothing that a pattern could take for its own.
    .join(_HERE, and_(_HERE.path.startswith(_PLACE.path), _HERE.is_active))
)


def required_readers(document_id: Any = None) -> Any:
    """Return a subselect of (document_id, person_id, days): who must read which document today.

    Those who are away, or have left, are not among them. For one document, or for all.
    """
    belongs = (
        _IN_PLACE.join(Membership, Membership.unit_id == _HERE.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            or_(
                ReadingRule.readers == Readers.ALL,
                and_(ReadingRule.readers == Readers.TITLE, Person.title == ReadingRule.value),
                and_(
                    ReadingRule.readers == Readers.ROLE,
                    exists(
                        select(RoleGrant.id).where(
                            RoleGrant.person_id == Person.id, RoleGrant.role == ReadingRule.value
                        )
                    ),
                ),
            )
        )
    )
    leads = _IN_PLACE.join(Person, Person.id == _HERE.leader_id).where(
        ReadingRule.readers == Readers.LEADERS
    )
    parts = [part.where(WORKS_HERE, not_(is_away())) for part in (belongs, leads)]
    if document_id is not None:
        parts = [part.where(ReadingRule.document_id == document_id) for part in parts]
    found = union_all(*parts).subquery()
    return (
        select(found.c.document_id, found.c.person_id, func.min(found.c.days).label("days"))
        .group_by(found.c.document_id, found.c.person_id)
        .subquery()
    )


def asks_me() -> ColumnElement[bool]:
    """Twin of `required_readers` for one person: that a `ReadingRule` means whoever looks.

    Its parameters are those of `my_values`.
    """
    units: Any = bindparam("units", expanding=True)
    title = select(Person.title).where(Person.id == _ME).scalar_subquery()
    roles: Any = bindparam("roles", type_=String, expanding=True)
    return or_(
        and_(
            ReadingRule.unit_id.in_(units),
            or_(
                ReadingRule.readers == Readers.ALL,
                and_(ReadingRule.readers == Readers.TITLE, ReadingRule.value == title),
                and_(ReadingRule.readers == Readers.ROLE, ReadingRule.value.in_(roles)),
            ),
        ),
        and_(
            ReadingRule.readers == Readers.LEADERS,
            ReadingRule.unit_id.in_(bindparam("led", expanding=True)),
        ),
    )


def my_values(viewer: Viewer) -> dict[str, Any]:
    """Return the parameters of `asks_me`. Who stands in for a leader does not read for them."""
    led = [unit for unit in viewer.led if unit.on_behalf_of is None]
    return {
        "me": viewer.id,
        "units": sorted(viewer.unit_ancestor_ids),
        "roles": sorted({str(role) for role, _unit in viewer.roles}),
        "led": sorted({int(part) for unit in led for part in unit.path.strip("/").split("/")}),
    }


def has_confirmed(person_id: Any) -> ColumnElement[bool]:
    """That one person confirmed the last significant revision, for a select with `Document`."""
    return exists(
        select(ReadReceipt.id).where(
            ReadReceipt.document_id == Document.id,
            ReadReceipt.person_id == person_id,
            ReadReceipt.revision_number >= Document.significant_version,
        )
    )


def have_confirmed(person_id: Any) -> ColumnElement[bool]:
    """The same of all readers of one document; the parameters are `document` and `significant`.

    The set stands alone, so that it is made once: asked of each of 20,000 readers by itself, it
    took PostgreSQL minutes while the table was new and not yet measured.
    """
    return person_id.in_(  # type: ignore[no-any-return]
        select(ReadReceipt.person_id).where(
            ReadReceipt.document_id == bindparam("document", type_=Integer),
            ReadReceipt.revision_number >= bindparam("significant", type_=Integer),
        )
    )
