"""The tables of laws, their rows, and what was imported when. Nothing here reads the world."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import UtcDateTime
from intranet.extensions import Model


class Law(Model):
    """One act or regulation, as the newest edition that was imported says it.

    `as_of` is the day that edition is dated. `names` are further names and abbreviations, one a
    line; `name_key` is all names in small letters, for finding. `cited_count` is how many
    paragraphs in other laws and regulations speak of it. `gone_on` is the date of the first
    complete edition without it. `parser_edition` is lovdata.PARSER_EDITION at that time.
    """

    __tablename__ = "law"

    id: Mapped[int] = mapped_column(primary_key=True)
    refid: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    dokid: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(Text)
    short_title: Mapped[str] = mapped_column(Text)
    names: Mapped[str] = mapped_column(Text, default="")
    name_key: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(String(120))
    ministries: Mapped[str] = mapped_column(Text, default="")
    legal_areas: Mapped[str] = mapped_column(Text, default="")
    in_force_text: Mapped[str] = mapped_column(Text, default="")
    in_force_on: Mapped[date | None] = mapped_column(Date)
    in_force_until: Mapped[date | None] = mapped_column(Date)
    last_changed_on: Mapped[date | None] = mapped_column(Date)
    last_changed_by: Mapped[str] = mapped_column(String(40), default="")
    is_amending: Mapped[bool] = mapped_column(Boolean, default=False)
    is_announcement: Mapped[bool] = mapped_column(Boolean, default=False)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    gone_on: Mapped[date | None] = mapped_column(Date)
    as_of: Mapped[date] = mapped_column(Date)
    content_hash: Mapped[str] = mapped_column(String(64))
    parser_edition: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    cited_count: Mapped[int] = mapped_column(Integer, default=0)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("law_import.id"), index=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_law_kind_sort_key", "kind", "sort_key", "id"),
        Index("ix_law_sort_key", "sort_key", "id"),
    )


class LawSection(Model):
    """One row of a law: a heading, a paragraph, an EU article or loose text, in the law's
    order.

    `section` is the number as printed ("2 A-1"), `section_key` the same as it is compared
    ("2a-1"), empty where an annex repeats a number that stands earlier. `changes_on` is the
    first coming day on which the notes say that the wording changes.
    """

    __tablename__ = "law_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("law.id", ondelete="CASCADE"))
    ordinal: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    level: Mapped[int] = mapped_column(Integer)
    section: Mapped[str] = mapped_column(String(200), default="")
    section_key: Mapped[str] = mapped_column(String(200), default="")
    anchor: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(Text, default="")
    chapter: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    is_repealed: Mapped[bool] = mapped_column(Boolean, default=False)
    changes_on: Mapped[date | None] = mapped_column(Date)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("law_id", "ordinal"),
        UniqueConstraint("law_id", "anchor"),
        Index("ix_law_section_section_key", "law_id", "section_key"),
    )


class LawWording(Model):
    """A paragraph as it stood before a newer edition changed it; kept for ever.

    `change` is a laws.comparing.SectionChange. `last_as_of` is the last edition that had these
    words, `changed_as_of` the edition that no longer has them: the change came between the two
    days. A paragraph that the newer edition added has no words here.
    """

    __tablename__ = "law_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    refid: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(200))
    section_key: Mapped[str] = mapped_column(String(200))
    anchor: Mapped[str] = mapped_column(String(120))
    change: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    last_as_of: Mapped[date] = mapped_column(Date)
    changed_as_of: Mapped[date] = mapped_column(Date)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("law_import.id"), index=True)

    __table_args__ = (Index("ix_law_wording_refid_section_key", "refid", "section_key", "id"),)


class UnitLaw(Model):
    """A law, or one paragraph of it, that a unit has put on its list of what matters there.

    Kept by number and not by row: an import writes the rows of a law anew. `section` is as the
    law printed it then, empty for the whole law.
    """

    __tablename__ = "unit_law"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    refid: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(200), default="")
    section_key: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        UniqueConstraint("unit_id", "refid", "section_key"),
        Index("ix_unit_law_refid", "refid"),
        {"sqlite_autoincrement": True},
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.


class LawImport(Model):
    """One run of the importer: which file, which edition, what it changed, or why it was
    refused.
    """

    __tablename__ = "law_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    as_of: Mapped[date] = mapped_column(Date)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    documents: Mapped[int] = mapped_column(Integer, default=0)
    added: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    unchanged: Mapped[int] = mapped_column(Integer, default=0)
    older: Mapped[int] = mapped_column(Integer, default=0)
    gone: Mapped[int] = mapped_column(Integer, default=0)
    refusal: Mapped[str] = mapped_column(Text, default="")
