"""Reads of news: columns, not objects, and only what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, union_all
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.keyset import KeysetPage, PageRequest, fetch_page
from intranet.core.models import StoredFile
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import Article, ArticleRevision, ArticleTarget
from intranet.news.policy import can_edit_article
from intranet.news.visibility import ArticleState, Phase, phase
from intranet.people.models import Person, Unit, UnitLevel
from intranet.people.queries.units import UnitRow, list_units

PAGE_SIZE = 20
# The databases' integers end here.
LARGEST_ID = 2**31 - 1

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
_LIST = (
    select(*_LIST_COLUMNS)
    .join(Unit, Unit.id == Article.owner_unit_id)
    .outerjoin(_Thumbnail, _Thumbnail.id == Article.thumbnail_id)
)
_Author = aliased(Person)
_Changer = aliased(Person)
_PAGE = (
    select(
        *Article.__table__.columns,
        Unit.name.label("unit_name"),
        Unit.path.label("owner_path"),
        _Author.name.label("author_name"),
        _Changer.name.label("changer_name"),
        StoredFile.sha256.label("picture_hash"),
    )
    .join(Unit, Unit.id == Article.owner_unit_id)
    .outerjoin(_Author, _Author.id == Article.author_id)
    .outerjoin(_Changer, _Changer.id == Article.changed_by)
    .outerjoin(StoredFile, StoredFile.id == Article.picture_id)
)


@dataclass(frozen=True)
class ArticlePage:
    """One article as its page shows it to this viewer."""

    row: AnyRow
    phase: Phase
    can_edit: bool

    def __getattr__(self, name: str) -> Any:
        """Give the article's own columns, so that templates read `article.title`."""
        return getattr(self.row, name)


def is_live(at: datetime, not_after: datetime | None = None) -> ColumnElement[bool]:
    """The SQL twin of `phase(...) is Phase.LIVE`, of those published no later than `not_after`.

    SQLite seeks in the index by one upper bound only: a deep page must give its own, or it walks
    through everything newer.
    """
    return and_(
        Article.state == ArticleState.PUBLISHED,
        Article.publish_at <= min(at, not_after or at),
        or_(Article.expire_at.is_(None), Article.expire_at > at),
    )


def readable_by(
    viewer: Viewer, at: datetime, not_after: datetime | None = None
) -> ColumnElement[bool]:
    """Live and meant for the viewer: what lists, the front page and feeds show."""
    mine = select(ArticleTarget.article_id).where(
        ArticleTarget.article_id == Article.id,
        ArticleTarget.unit_id.in_(sorted(viewer.unit_ancestor_ids)),
    )
    return and_(is_live(at, not_after), or_(Article.is_for_all, mine.exists()))


def editable_by(viewer: Viewer) -> ColumnElement[bool]:
    """The SQL twin of `can_edit_article`; the select must have joined the owning unit."""
    edited = {unit_id for role, unit_id in viewer.roles if role is Role.EDITOR}
    if viewer.is_chief or None in edited:
        return true()
    return or_(*(Unit.path.contains(f"/{unit_id}/") for unit_id in edited), Article.id < 0)


def visible_to(viewer: Viewer, at: datetime) -> ColumnElement[bool]:
    """The SQL twin of `can_read_article`; the select must have joined the owning unit."""
    return or_(readable_by(viewer, at), editable_by(viewer))


def list_articles_for(
    viewer: Viewer, wanted: PageRequest, *, unit_ids: Sequence[int] | None = None
) -> KeysetPage:
    """Return a page of what the viewer may read, newest first, of all units or of these."""
    not_after = wanted.after.at if wanted.after and not wanted.before else None
    statement = _LIST.where(readable_by(viewer, now(), not_after))
    if unit_ids is not None:
        statement = statement.where(Article.owner_unit_id.in_(unit_ids))
    return fetch_page(statement, (Article.publish_at, Article.id), wanted, size=PAGE_SIZE)


def list_front_page_news(viewer: Viewer, limit: int = 4) -> list[AnyRow]:
    """Return the newest that the viewer may read, pinned first; columns of `list_articles_for`.

    The pinned and the others are found apart, each by the index and no further than `limit`:
    in one order over both the database would sort every live article.
    """
    readable = readable_by(viewer, now())
    parts = [
        select(Article.id)
        .where(readable, Article.is_pinned.is_(is_pinned))
        .order_by(Article.publish_at.desc(), Article.id.desc())
        .limit(limit)
        .subquery()
        for is_pinned in (True, False)
    ]
    candidates = union_all(*(select(part.c.id) for part in parts))
    return list(
        db.session.execute(
            _LIST.where(Article.id.in_(candidates))
            .order_by(Article.is_pinned.desc(), Article.publish_at.desc(), Article.id.desc())
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


def get_article_for(viewer: Viewer, article_id: int) -> ArticlePage:
    """Return the article with its unit, author and picture in one select. Raises NotFound."""
    at = now()
    statement = _PAGE.where(Article.id == article_id, visible_to(viewer, at))
    row = db.session.execute(statement).one_or_none() if article_id <= LARGEST_ID else None
    if row is None:
        raise _no_such_article()
    return ArticlePage(
        row,
        phase(row.state, row.publish_at, row.expire_at, at),
        can_edit_article(viewer, row.owner_path),
    )


def get_picture_for(viewer: Viewer, article_id: int, *, is_small: bool) -> StoredFile:
    """Return the picture of an article that the viewer may see. Raises NotFound."""
    column = Article.thumbnail_id if is_small else Article.picture_id
    statement = (
        select(StoredFile)
        .join(Article, column == StoredFile.id)
        .join(Unit, Unit.id == Article.owner_unit_id)
        .where(Article.id == article_id, visible_to(viewer, now()))
    )
    found = db.session.execute(statement).scalar_one_or_none() if article_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(_("Vi finner ikke bildet."))
    return found


def get_article(article_id: int) -> Article:
    """Return the row for an action; the caller has asked `get_article_for`. Raises NotFound."""
    found = db.session.get(Article, article_id) if article_id <= LARGEST_ID else None
    if found is None:
        raise _no_such_article()
    return found


def find_article_by_key(send_key: str) -> Article | None:
    """Return the article that this sending of the form has already made, or None."""
    return db.session.execute(
        select(Article).where(Article.send_key == send_key)
    ).scalar_one_or_none()


def target_ids_of(article_id: int) -> frozenset[int]:
    """Return the units that the article is for; empty when it is for all."""
    rows = db.session.execute(
        select(ArticleTarget.unit_id).where(ArticleTarget.article_id == article_id)
    )
    return frozenset(rows.scalars())


def list_target_names(article_id: int) -> list[str]:
    """Return the names of the units that the article is for, by name."""
    return list(
        db.session.execute(
            select(Unit.name)
            .join(ArticleTarget, ArticleTarget.unit_id == Unit.id)
            .where(ArticleTarget.article_id == article_id)
            .order_by(Unit.name)
        ).scalars()
    )


def list_revisions(article_id: int, limit: int = 20) -> list[AnyRow]:
    """Return who saved the article when, newest first; the texts are read one at a time."""
    return list(
        db.session.execute(
            select(
                ArticleRevision.number, ArticleRevision.saved_at, Person.name.label("saved_by_name")
            )
            .outerjoin(Person, Person.id == ArticleRevision.saved_by)
            .where(ArticleRevision.article_id == article_id)
            .order_by(ArticleRevision.number.desc())
            .limit(limit)
        )
    )


def list_editable_units(viewer: Viewer) -> list[UnitRow]:
    """Return the units in whose name the viewer may write, in reading order."""
    return [unit for unit in list_units() if can_edit_article(viewer, unit.path)]


def sectors_of(units: Sequence[UnitRow]) -> list[UnitRow]:
    """Return the sectors: the list of news is narrowed by them."""
    return [unit for unit in units if unit.level == UnitLevel.SECTOR]


def _no_such_article() -> NotFound:
    return NotFound(_("Vi finner ikke denne nyheten. Den kan være utgått eller trukket."))
