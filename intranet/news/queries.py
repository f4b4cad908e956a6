"""Reads of news: columns, not objects, and only what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select, true, union_all
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.keyset import KeysetPage, PageRequest, fetch_page
from intranet.core.models import StoredFile, UtcDateTime
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import Article, ArticleRevision, ArticleTarget
from intranet.news.policy import can_edit_article, can_read_article
from intranet.news.visibility import ArticleFacts, ArticleState, Phase, phase
from intranet.people.models import Person, Unit
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


def is_live(at: Any, not_after: Any = None) -> ColumnElement[bool]:
    """The SQL twin of `phase(...) is Phase.LIVE`, of those published no later than `not_after`.

    Both are moments or bind parameters; `not_after` is no later than `at`. SQLite seeks in the
    index by one upper bound only: a deep page must give its own, or it walks through everything
    newer.
    """
    return and_(
        Article.state == ArticleState.PUBLISHED,
        Article.publish_at <= (at if not_after is None else not_after),
        or_(Article.expire_at.is_(None), Article.expire_at > at),
    )


def _is_meant_for(unit_ids: Any) -> ColumnElement[bool]:
    """Meant for one of these units; a list or a bind parameter."""
    mine = select(ArticleTarget.article_id).where(
        ArticleTarget.article_id == Article.id, ArticleTarget.unit_id.in_(unit_ids)
    )
    return mine.exists()


def readable_by(viewer: Viewer, at: datetime) -> ColumnElement[bool]:
    """Live and meant for the viewer."""
    return and_(
        is_live(at), or_(Article.is_for_all, _is_meant_for(sorted(viewer.unit_ancestor_ids)))
    )


# The same, made once for what lists and the front page show; `_values` fills it for a viewer.
_UNITS: BindParameter[Any] = bindparam("units", expanding=True)
_READABLE = and_(
    is_live(bindparam("at", type_=UtcDateTime), bindparam("not_after", type_=UtcDateTime)),
    or_(Article.is_for_all, _is_meant_for(_UNITS)),
)
_READABLE_LIST = _LIST.where(_READABLE)
_READABLE_LIST_OF = _READABLE_LIST.where(
    Article.owner_unit_id.in_(bindparam("owners", expanding=True))
)

_ONE = _PAGE.add_columns(_is_meant_for(_UNITS).label("is_meant_for_mine")).where(
    Article.id == bindparam("article")
)


def _values(viewer: Viewer, not_after: datetime | None = None) -> dict[str, Any]:
    at = now()
    return {
        "at": at,
        "not_after": min(at, not_after or at),
        "units": sorted(viewer.unit_ancestor_ids),
    }


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
    statement, values = _READABLE_LIST, _values(viewer, not_after)
    if unit_ids is not None:
        statement, values["owners"] = _READABLE_LIST_OF, list(unit_ids)
    key = (Article.publish_at, Article.id)
    return fetch_page(statement, key, wanted, size=PAGE_SIZE, values=values)


# The pinned and the others are found apart, each by the index and no further than the limit:
# in one order over both the database would sort every live article.
_FOUND = [
    select(Article.id)
    .where(_READABLE, Article.is_pinned.is_(is_pinned))
    .order_by(Article.publish_at.desc(), Article.id.desc())
    .limit(bindparam("most"))
    .subquery()
    for is_pinned in (True, False)
]
_FRONT_PAGE = (
    _LIST.where(Article.id.in_(union_all(*(select(part.c.id) for part in _FOUND))))
    .order_by(Article.is_pinned.desc(), Article.publish_at.desc(), Article.id.desc())
    .limit(bindparam("most"))
)


def list_front_page_news(viewer: Viewer, limit: int = 4) -> list[AnyRow]:
    """Return the newest that the viewer may read, pinned first; columns of `list_articles_for`."""
    return list(read(_FRONT_PAGE, most=limit, **_values(viewer)).all())


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
    row = None
    if article_id <= LARGEST_ID:
        units = sorted(viewer.unit_ancestor_ids)
        row = read(_ONE, article=article_id, units=units).one_or_none()
    # With the row at hand the policy itself decides; `visible_to` is for selects of many.
    if row is None or not can_read_article(viewer, _facts(row, viewer), at):
        raise _no_such_article()
    return ArticlePage(
        row,
        phase(row.state, row.publish_at, row.expire_at, at),
        can_edit_article(viewer, row.owner_path),
    )


def _facts(row: AnyRow, viewer: Viewer) -> ArticleFacts:
    """Return what decides; of the units that it is for, those are known that are the viewer's."""
    shared = viewer.unit_ancestor_ids if row.is_meant_for_mine else frozenset()
    return ArticleFacts(
        row.state, row.publish_at, row.expire_at, row.is_for_all, shared, row.owner_path
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


def _no_such_article() -> NotFound:
    return NotFound(_("Vi finner ikke denne nyheten. Den kan være utgått eller trukket."))
