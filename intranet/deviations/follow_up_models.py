"""The tables of proposed follow-up: the administrator's list, and what a case got of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, String, Text, event, insert
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.deviations.follow_up import DEFAULT_FOLLOW_UP
from intranet.deviations.types import Kind
from intranet.extensions import Model


class FollowUpState(StrEnum):
    """What a person did with a proposal."""

    WAITS = "waits"
    TAKEN = "taken"
    DECLINED = "declined"


class FollowUpTemplate(Model):
    """What is proposed for each case of a kind. Never deleted, but taken out of use."""

    __tablename__ = "deviation_follow_up_template"
    __table_args__ = (CheckConstraint("days between 0 and 250", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[Kind] = mapped_column(String(20), index=True)
    text_nb: Mapped[str] = mapped_column(String(200))
    text_nn: Mapped[str] = mapped_column(String(200))
    text_en: Mapped[str] = mapped_column(String(200))
    # Working days until it is due; 0 is the same day.
    days: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DeviationFollowUp(Model, Created):
    """One proposal in one case, in the words and days that it had when the kind was chosen."""

    __tablename__ = "deviation_follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("deviation_follow_up_template.id"))
    kind: Mapped[Kind] = mapped_column(String(20))
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    days: Mapped[int] = mapped_column(default=0)
    state: Mapped[FollowUpState] = mapped_column(String(10), default=FollowUpState.WAITS)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("corrective_action.id"))
    # Why it is not needed.
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def insert_templates(connection: Connection) -> None:
    """Put the proposals of the product into an empty table."""
    for position, row in enumerate(DEFAULT_FOLLOW_UP):
        texts = {f"text_{language}": text for language, text in row.words.items()}
        values = {"version": 1, "position": position, "is_active": True, "days": row.days}
        connection.execute(insert(FollowUpTemplate).values(kind=row.kind, **texts, **values))


@event.listens_for(FollowUpTemplate.__table__, "after_create")
def _fill_templates(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_templates(connection)
