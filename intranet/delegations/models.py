"""Tables of the register: kinds of authority, and who was given it by whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Table, Text, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.delegations.kinds import DEFAULT_KINDS
from intranet.delegations.rules import EndCause
from intranet.extensions import Model


class DelegationKind(Model):
    """Something that may be delegated. `approves_documents`: the library asks for it."""

    __tablename__ = "delegation_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # Casefolded: the databases do not agree on the case of Å.
    name_key: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(300), default="")
    has_amount: Mapped[bool] = mapped_column(default=False)
    approves_documents: Mapped[bool] = mapped_column(default=False)
    # False: nothing new of this kind; what was given holds.
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class Delegation(Model, Created):
    """That somebody may do something in a unit and all below it, from a day on.

    It is never changed: who wants it otherwise ends it and gives another. `ended_on` is the first
    day on which it no longer holds; `ended_with_id` names what took it along.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("(holder_id IS NULL) <> (office_id IS NULL)", name="one_receiver"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        # Approvals, notices and the audit name the number: it is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The one at the top of the chain, locked by whoever changes anything below it.
    root_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("delegation_kind.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # Either a person, or whoever leads the unit `office_id`.
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # Whole kroner; None: without limit, or a kind that has none.
    amount: Mapped[int | None] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    may_pass_on: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")
    law_reference: Mapped[str] = mapped_column(String(200), default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    end_cause: Mapped[EndCause] = mapped_column(String(20), default=EndCause.NONE)
    end_reason: Mapped[str] = mapped_column(String(1000), default="")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_with_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    send_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


@event.listens_for(DelegationKind.__table__, "after_create")
def _fill_kinds(table: Table, connection: Any, **_options: Any) -> None:
    connection.execute(
        insert(table),
        [
            {
                "name": kind.name, "name_key": kind.name.casefold(), "description": "",
                "has_amount": kind.has_amount, "approves_documents": kind.approves_documents,
                "is_active": True, "position": position, "version": 1,
            }
            for position, kind in enumerate(DEFAULT_KINDS, 1)
        ],
    )  # fmt: skip
