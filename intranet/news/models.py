"""Tables of news: articles, whom they are for, what they said, and when the clock changes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.clock import now
from intranet.core.models import Created, UtcDateTime
from intranet.extensions import Model
from intranet.news.contents import ALT_LENGTH, LEAD_LENGTH, NOTE_LENGTH, TITLE_LENGTH, Category
from intranet.news.visibility import ArticleState


class Article(Model, Created):
    """One article; while live it is for the units and roles that are its targets, or for all."""

    __tablename__ = "article"
    __table_args__ = (
        # The list, the front page and one unit's own articles, each in its order.
        Index("ix_article_live", "state", "publish_at", "id"),
        Index("ix_article_front", "state", "is_pinned", "publish_at", "id"),
        Index("ix_article_category", "category", "state", "publish_at", "id"),
        Index(
            "ix_article_must_read",
            "must_read_by",
            sqlite_where=text("must_read_by IS NOT NULL"),
            postgresql_where=text("must_read_by IS NOT NULL"),
        ),
        Index("ix_article_owner", "owner_unit_id", "state", "publish_at", "id"),
        CheckConstraint("expire_at IS NULL OR expire_at > publish_at", name="expires_after"),
        CheckConstraint("state <> 'published' OR publish_at IS NOT NULL", name="has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    send_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    state: Mapped[ArticleState] = mapped_column(String(20), default=ArticleState.DRAFT)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    lead: Mapped[str] = mapped_column(String(LEAD_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    thumbnail_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    picture_alt: Mapped[str] = mapped_column(String(ALT_LENGTH), default="")
    picture_width: Mapped[int] = mapped_column(default=0)
    picture_height: Mapped[int] = mapped_column(default=0)
    owner_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_for_all: Mapped[bool] = mapped_column(default=True)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    # Whether those whom it is for may comment on it, and say that it was useful.
    allows_comments: Mapped[bool] = mapped_column(default=False)
    # What has changed since it was written under rules of that time; empty when they still hold.
    former_rules: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    # The last day for confirming that one has read it; None when nobody must.
    must_read_by: Mapped[date | None]
    # While it is a draft: whether those who belong to the owning unit may read it.
    is_shared: Mapped[bool] = mapped_column(default=False)
    category: Mapped[Category | None] = mapped_column(String(20))
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expire_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012


class ArticleTarget(Model):
    """A unit whose people, and those of all units below it, the article is for."""

    __tablename__ = "article_target"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)


class ArticleRoleTarget(Model):
    """A role whose holders the article is for, wherever they hold it; "leader" for all leaders."""

    __tablename__ = "article_role_target"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class ArticleRevision(Model):
    """What the article said after one saving, or one sitting of autosaving; then never changed."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    lead: Mapped[str] = mapped_column(String(LEAD_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    picture_alt: Mapped[str] = mapped_column(String(ALT_LENGTH), default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ArticleReceipt(Model):
    """That a person has read an article that must be read: evidence, kept for ever."""

    __tablename__ = "article_receipt"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ArticleRequest(Model):
    """That a person was asked to read an article, and when the next reminder goes out."""

    __tablename__ = "article_request"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    # None: there is nothing more to remind of.
    remind_on: Mapped[date | None] = mapped_column(index=True)


class ArticleComment(Model, Created):
    """What somebody said under an article; hidden with a reason, never removed."""

    __tablename__ = "article_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    send_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")


class ArticleUseful(Model):
    """That a person found an article useful."""

    __tablename__ = "article_useful"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class ArticleClock(Model):
    """The next moment when an article appears or disappears by itself.

    Apart from the article, so that the clock does not change the version that an editor works on.
    """

    __tablename__ = "article_clock"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
