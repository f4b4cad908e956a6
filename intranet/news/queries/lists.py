"""Lists of articles: what somebody may read, newest first, the archive, and what is not out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now
from intranet.core.keyset import KeysetPage, PageRequest, fetch_page
from intranet.core.models import StoredFile, UtcDateTime
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.news.models import Article
from intranet.news.queries.visible import READABLE, editable_by, is_live, reader_values, shared_with
from intranet.news.visibility import ArticleState
from intranet.people.models import Unit

PAGE_SIZE = 20

_Thumbnail = aliased(StoredFile)
_LIST_COLUMNS = (
    Article.id,
    Article.title,
    Article.lead,
    Article.publish_at,
    Article.is_pinned,
    Article.picture_alt,
    Article.picture_width,
    Article.picture_height,
    Unit.id.label("unit_id"),
    Unit.name.label("unit_name"),
    _Thumbnail.sha256.label("thumbnail_hash"),
)
LIST = (
    select(*_LIST_COLUMNS)
    .join(Unit, Unit.id == Article.owner_unit_id)
    .outerjoin(_Thumbnail, _Thumbnail.id == Article.thumbnail_id)
)


@dataclass(frozen=True)
class ArchiveFilter:
    """What the archive is narrowed by: a year, a category, the units that stand behind."""

    year: int | None = None
    category: str | None = None
    unit_ids: tuple[int, ...] | None = None


_NARROWED_BY = {
    "year": Article.publish_at >= bindparam("not_before", type_=UtcDateTime),
    "category": Article.category == bindparam("category"),
    "unit_ids": Article.owner_unit_id.in_(bindparam("owners", expanding=True)),
}
# Each way of narrowing is one statement, made once.
_LISTS = {
    chosen: LIST.where(READABLE, *(_NARROWED_BY[name] for name in chosen))
    for chosen in (
        tuple(name for name, is_on in zip(_NARROWED_BY, flags, strict=True) if is_on)
        for flags in product((False, True), repeat=len(_NARROWED_BY))
    )
}


def list_articles_for(
    viewer: Viewer, wanted: PageRequest, *, unit_ids: Sequence[int] | None = None
) -> KeysetPage:
    """Return a page of what the viewer may read, newest first, of all units or of these."""
    owners = None if unit_ids is None else tuple(unit_ids)
    return list_archive_for(viewer, wanted, ArchiveFilter(unit_ids=owners))


def list_archive_for(viewer: Viewer, wanted: PageRequest, narrowed: ArchiveFilter) -> KeysetPage:
    """The same, narrowed by year and category too."""
    chosen = tuple(name for name in _NARROWED_BY if getattr(narrowed, name) is not None)
    latest = []
    if wanted.after and not wanted.before:
        latest.append(wanted.after.at)
    values: dict[str, Any] = {}
    if narrowed.year is not None:
        begins, ends = _bounds(narrowed.year)
        latest.append(ends)
        values["not_before"] = begins
    if narrowed.category is not None:
        values["category"] = narrowed.category
    if narrowed.unit_ids is not None:
        values["owners"] = list(narrowed.unit_ids)
    values |= reader_values(viewer, min(latest, default=None))
    key = (Article.publish_at, Article.id)
    return fetch_page(_LISTS[chosen], key, wanted, size=PAGE_SIZE, values=values)


def _bounds(year: int) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a Norwegian year."""
    begins, after = (datetime(each, 1, 1, tzinfo=OSLO) for each in (year, year + 1))
    return begins.astimezone(UTC), after.astimezone(UTC) - timedelta(microseconds=1)


_FIRST = select(func.min(Article.publish_at)).where(Article.state == ArticleState.PUBLISHED)


def list_years() -> list[int]:
    """Return the years of which there may be articles, the newest first."""
    first = read(_FIRST).scalar()
    newest = now().astimezone(OSLO).year
    oldest = min(first.astimezone(OSLO).year, newest) if first is not None else newest
    return list(range(newest, oldest - 1, -1))


def list_expired_for(viewer: Viewer, limit: int = 50) -> list[AnyRow]:
    """Return what has expired of that which the viewer may edit, the last expired first."""
    return list(
        db.session.execute(
            select(Article.id, Article.title, Article.expire_at, Unit.name.label("unit_name"))
            .join(Unit, Unit.id == Article.owner_unit_id)
            .where(
                Article.state == ArticleState.PUBLISHED,
                Article.expire_at <= now(),
                editable_by(viewer),
            )
            .order_by(Article.expire_at.desc(), Article.id.desc())
            .limit(limit)
        )
    )


def list_must_read() -> list[int]:
    """Return the live articles that somebody must read, the first to be read first."""
    return list(
        db.session.execute(
            select(Article.id)
            .where(Article.must_read_by.is_not(None), is_live(now()))
            .order_by(Article.must_read_by, Article.id)
        ).scalars()
    )


def list_shared_drafts_for(viewer: Viewer, limit: int = 50) -> list[AnyRow]:
    """Return the drafts that are shared with the viewer, last changed first."""
    return list(
        db.session.execute(
            select(Article.id, Article.title, Article.changed_at, Unit.name.label("unit_name"))
            .join(Unit, Unit.id == Article.owner_unit_id)
            .where(shared_with(viewer))
            .order_by(Article.changed_at.desc(), Article.id.desc())
            .limit(limit)
        )
    )


def list_unpublished_for(viewer: Viewer, limit: int = 50) -> list[AnyRow]:
    """Return drafts, scheduled and withdrawn ones that the viewer may edit, last changed first."""
    # Three seeks in the index: as one condition with OR it reads every article.
    waiting = union_all(
        select(Article.id).where(Article.state == ArticleState.DRAFT),
        select(Article.id).where(
            Article.state == ArticleState.PUBLISHED, Article.publish_at > now()
        ),
        # A draft that was thrown away was never to be published.
        select(Article.id).where(
            Article.state == ArticleState.WITHDRAWN, Article.publish_at.is_not(None)
        ),
    )
    return list(
        db.session.execute(
            select(
                Article.id,
                Article.title,
                Article.state,
                Article.publish_at,
                Article.changed_at,
                Unit.name.label("unit_name"),
            )
            .join(Unit, Unit.id == Article.owner_unit_id)
            .where(Article.id.in_(waiting), editable_by(viewer))
            .order_by(Article.changed_at.desc(), Article.id.desc())
            .limit(limit)
        )
    )
