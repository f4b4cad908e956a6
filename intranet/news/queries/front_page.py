"""What may stand on a person's front page, and what waits to be read: one select for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import and_, bindparam, select, union_all
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.models import UtcDateTime
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.news.front_page import NEAR, NEED_TO_KNOW, FrontNews, compose
from intranet.news.models import Article, ArticleReceipt
from intranet.news.queries.lists import LIST
from intranet.news.queries.visible import READABLE, UNITS, reader_values
from intranet.notifications.tasks import Task
from intranet.people.models import Unit, UnitLevel

NEWS = 4
MOST_ASKED = 20
# What one's own unit wrote longer ago does not push the municipality's news down.
NEAR_FOR = timedelta(days=14)
_HAS_CONFIRMED = (
    select(ArticleReceipt.article_id)
    .where(ArticleReceipt.article_id == Article.id, ArticleReceipt.person_id == bindparam("me"))
    .exists()
)
_IS_ASKED = and_(Article.must_read_by.is_not(None), ~_HAS_CONFIRMED)
_Marked = aliased(Article)
_MUST_BE_READ = select(_Marked.id).where(_Marked.must_read_by.is_not(None))
_IS_NEAR = and_(Article.owner_unit_id.in_(UNITS), Unit.level != UnitLevel.MUNICIPALITY)
_NEWEST = (Article.publish_at.desc(), Article.id.desc())
# Each kind is found apart, by its index and no further than its limit: in one order over all the
# database would sort every live article.
_PARTS = (
    select(Article.id)
    # By the few that must be read, which have an index of their own: SQLite would go through all.
    .where(Article.id.in_(_MUST_BE_READ), READABLE, _IS_ASKED)
    .order_by(Article.must_read_by, Article.id)
    .limit(MOST_ASKED),
    select(Article.id)
    .where(READABLE, Article.is_pinned.is_(True))
    .order_by(*_NEWEST)
    .limit(NEED_TO_KNOW),
    select(Article.id)
    .join(Unit, Unit.id == Article.owner_unit_id)
    .where(READABLE, _IS_NEAR)
    .where(Article.publish_at >= bindparam("near_since", type_=UtcDateTime))
    .order_by(*_NEWEST)
    .limit(NEED_TO_KNOW + NEAR),
    select(Article.id).where(READABLE).order_by(*_NEWEST).limit(NEED_TO_KNOW + NEWS),
)
_FRONT_PAGE: Any = (
    LIST.add_columns(
        Article.must_read_by,
        _IS_ASKED.label("is_asked"),
        and_(_IS_NEAR, Article.publish_at >= bindparam("near_since", type_=UtcDateTime)).label(
            "is_near"
        ),
    )
    .where(Article.id.in_(union_all(*(select(part.subquery().c.id) for part in _PARTS))))
    .order_by(Article.must_read_by, Article.id)
)


def front_page_rows(viewer: Viewer) -> list[AnyRow]:
    """Return all that may stand on the front page, and all that waits; read once per request."""
    kept: dict[int, list[AnyRow]] = g.setdefault("front_page_news", {})
    if viewer.id not in kept:
        values = reader_values(viewer)
        values |= {"me": viewer.id, "near_since": values["at"] - NEAR_FOR}
        kept[viewer.id] = list(read(_FRONT_PAGE, **values).all())
    return kept[viewer.id]


def list_front_page_news(viewer: Viewer, most: int = NEWS) -> FrontNews:
    """Return what one needs to know and the news, composed for the person."""
    return compose(front_page_rows(viewer), own=viewer.unit_ids, most=most)


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return the articles that wait for the person to confirm them."""
    return [
        Task(
            kind="news.reading",
            title=_("Les «%(title)s»", title=row.title),
            url=article_url(row.id),
            due_on=row.must_read_by,
            note=_("Bekreft når du har lest"),
            icon="Newspaper",
        )
        for row in front_page_rows(viewer)
        if row.is_asked
    ]


def article_url(article_id: int) -> str:
    """Return where the article stands."""
    return f"/nyheter/{article_id}"
