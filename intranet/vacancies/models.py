"""Tables of vacancies: the post, the proof that it was announced, and when the clock closes it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.vacancies.contents import SHORT_LENGTH, TITLE_LENGTH, Terms
from intranet.vacancies.deadline import VacancyState


class Vacancy(Model, Created):
    """One vacant post. Whether it is open follows from state and deadline; see `deadline`."""

    __tablename__ = "vacancy"
    __table_args__ = (
        Index("ix_vacancy_list", "state", "deadline_at", "id"),
        CheckConstraint(
            "percentage_hundredths > 0 AND percentage_hundredths <= 10000", name="percentage"
        ),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    send_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    state: Mapped[VacancyState] = mapped_column(String(20), default=VacancyState.DRAFT)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    # A whole number on both databases: 80 % is 8000, 26.67 % is 2667.
    percentage_hundredths: Mapped[int]
    terms: Mapped[Terms] = mapped_column(String(20))
    duration: Mapped[str] = mapped_column(String(SHORT_LENGTH), default="")
    workplace: Mapped[str] = mapped_column(String(SHORT_LENGTH))
    salary: Mapped[str] = mapped_column(String(SHORT_LENGTH), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    requirements: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    how_to_apply: Mapped[str] = mapped_column(String(SHORT_LENGTH))
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_public: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    @property
    def percentage(self) -> Decimal:
        """Per cent of a full post."""
        return Decimal(self.percentage_hundredths) / 100


class VacancyAnnouncement(Model):
    """Proof that it was announced: when, by whom, to whom and in which words (aml. § 14-1).

    One row for each publishing and for each change of what is published; never changed afterwards.
    """

    __tablename__ = "vacancy_announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    vacancy_id: Mapped[int] = mapped_column(ForeignKey("vacancy.id"), index=True)
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # "employees": everybody who can log in, hired-in included.
    audience: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    recipient_count: Mapped[int]
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)


class VacancyClock(Model):
    """The moment when an open vacancy closes by itself and leaves the search."""

    __tablename__ = "vacancy_clock"

    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
