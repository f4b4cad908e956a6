"""One article, for whoever looks at it: columns, not objects, and only what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import Article, ArticleReceipt, ArticleRoleTarget, ArticleTarget
from intranet.news.policy import can_edit_article, can_read_article, roles_reached
from intranet.news.queries.visible import LARGEST_ID, ROLES, UNITS, is_meant_for, visible_to
from intranet.news.visibility import ArticleFacts, Phase, phase
from intranet.people.models import Person, Unit
from intranet.people.queries.units import UnitRow, list_units

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

    @property
    def is_for_me(self) -> bool:
        """Whether the viewer is among those whom it is meant for."""
        return bool(self.row.is_for_all or self.row.is_meant_for_me)

    @property
    def is_open(self) -> bool:
        """Whether those who see it may comment, and say that it was useful."""
        return bool(self.row.allows_comments) and self.phase is Phase.LIVE

    @property
    def is_asked(self) -> bool:
        """Whether the viewer must read it, and has not confirmed."""
        must = self.row.must_read_by is not None and self.phase is Phase.LIVE
        return must and self.is_for_me and self.row.confirmed_at is None

    def __getattr__(self, name: str) -> Any:
        """Give the article's own columns, so that templates read `article.title`."""
        return getattr(self.row, name)


_ONE = _PAGE.add_columns(
    is_meant_for(UNITS, ROLES).label("is_meant_for_me"),
    select(ArticleReceipt.confirmed_at)
    .where(ArticleReceipt.article_id == Article.id, ArticleReceipt.person_id == bindparam("me"))
    .scalar_subquery()
    .label("confirmed_at"),
).where(Article.id == bindparam("article"))


def get_article_for(viewer: Viewer, article_id: int) -> ArticlePage:
    """Return the article with its unit, author and picture in one select. Raises NotFound."""
    at = now()
    row = None
    if article_id <= LARGEST_ID:
        units, roles = sorted(viewer.unit_ancestor_ids), sorted(roles_reached(viewer))
        row = read(_ONE, article=article_id, units=units, roles=roles, me=viewer.id).one_or_none()
    # With the row at hand the policy itself decides; `visible_to` is for selects of many.
    if row is None or not can_read_article(viewer, _facts(row, viewer), at):
        raise _no_such_article()
    return ArticlePage(
        row,
        phase(row.state, row.publish_at, row.expire_at, at),
        can_edit_article(viewer, row.owner_path),
    )


def _facts(row: AnyRow, viewer: Viewer) -> ArticleFacts:
    """Return what decides; of those whom it is for, only what the viewer shares is known."""
    shared = viewer.unit_ancestor_ids if row.is_meant_for_me else frozenset()
    return ArticleFacts(
        row.state,
        row.publish_at,
        row.expire_at,
        row.is_for_all,
        shared,
        row.owner_path,
        is_shared=row.is_shared,
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


def target_roles_of(article_id: int) -> frozenset[str]:
    """Return the roles that the article is for; empty when it is for all."""
    rows = db.session.execute(
        select(ArticleRoleTarget.role).where(ArticleRoleTarget.article_id == article_id)
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


def list_editable_units(viewer: Viewer) -> list[UnitRow]:
    """Return the units in whose name the viewer may write, in reading order."""
    return [unit for unit in list_units() if can_edit_article(viewer, unit.path)]


def _no_such_article() -> NotFound:
    return NotFound(_("Vi finner ikke denne nyheten. Den kan være utgått eller trukket."))
