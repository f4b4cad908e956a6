"""The tables of categories, questions and causes: what the administrator decides about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    String,
    UniqueConstraint,
    event,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from intranet.deviations.defaults import DEFAULT_CATEGORIES, DEFAULT_CAUSES
from intranet.extensions import Model


class DeviationCategory(Model):
    """Whom or what a deviation touches. Never deleted: cases and rules name its key."""

    __tablename__ = "deviation_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    name_nb: Mapped[str] = mapped_column(String(80))
    name_nn: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    icon: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    # A kind that the handler is asked about, see `proposals.Meaning`.
    proposes: Mapped[str | None] = mapped_column(String(40))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DeviationQuestion(Model):
    """One factual question of a category, and what a tick makes of the severity."""

    __tablename__ = "deviation_question"
    __table_args__ = (
        UniqueConstraint("category_id", "key"),
        CheckConstraint("means_rank between 0 and 3", name="means"),
        CheckConstraint("raises_to_rank between 0 and 3", name="raises_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    category_id: Mapped[int] = mapped_column(ForeignKey("deviation_category.id"))
    key: Mapped[str] = mapped_column(String(20))
    text_nb: Mapped[str] = mapped_column(String(200))
    text_nn: Mapped[str] = mapped_column(String(200))
    text_en: Mapped[str] = mapped_column(String(200))
    means_rank: Mapped[int] = mapped_column(default=0)
    # Set: a tick lifts what the others gave by one step, never above this.
    raises_to_rank: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    # What a tick says that it was, see `proposals.Meaning`.
    proposes: Mapped[str | None] = mapped_column(String(40))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DeviationCause(Model):
    """One cause of deviations; those with a parent are finer kinds of it."""

    __tablename__ = "deviation_cause"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("deviation_cause.id"))
    name_nb: Mapped[str] = mapped_column(String(80))
    name_nn: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SettingsVersion(Model):
    """One row that is counted up at every change, so that each process knows when to read anew."""

    __tablename__ = "deviation_settings_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)


def insert_categories(connection: Connection) -> None:
    """Put the categories of the product into empty tables."""
    category, question = DeviationCategory.__table__, DeviationQuestion.__table__
    for position, row in enumerate(DEFAULT_CATEGORIES.categories):
        values = {"version": 1, "position": position, "is_active": True}
        names = {f"name_{language}": text for language, text in row.words.items()}
        connection.execute(
            insert(DeviationCategory).values(
                key=row.key, icon=row.icon, proposes=row.proposes, **names, **values
            )
        )
        owner = connection.execute(
            select(category.c.id).where(category.c.key == row.key)
        ).scalar_one()
        for place, asked in enumerate(row.questions):
            texts = {f"text_{language}": text for language, text in asked.words.items()}
            rule = asked.rule
            connection.execute(
                question.insert().values(  # type: ignore[attr-defined]
                    category_id=owner,
                    key=asked.key,
                    proposes=asked.proposes,
                    means_rank=rule.means.rank,
                    raises_to_rank=rule.raises_to.rank if rule.raises_to else None,
                    **texts,
                    **{**values, "position": place},
                )
            )


def insert_causes(connection: Connection) -> None:
    """Put the causes of the product into an empty table."""
    ids: dict[str, int] = {}
    for position, (key, above, nb, nn, en) in enumerate(DEFAULT_CAUSES):
        made = connection.execute(
            insert(DeviationCause)
            .values(key=key, parent_id=ids.get(above), name_nb=nb, name_nn=nn, name_en=en)
            .values(version=1, position=position, is_active=True)
            .returning(DeviationCause.id)
        )
        ids[key] = made.scalar_one()


@event.listens_for(DeviationQuestion.__table__, "after_create")
def _fill_categories(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_categories(connection)


@event.listens_for(DeviationCause.__table__, "after_create")
def _fill_causes(_table: Any, connection: Connection, **_options: Any) -> None:
    insert_causes(connection)
