"""Who must read an article and who has: the twin of `visible.is_meant_for` for all persons."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.news.contents import LEADER
from intranet.news.models import (
    Article,
    ArticleReceipt,
    ArticleRequest,
    ArticleRoleTarget,
    ArticleTarget,
)
from intranet.news.queries.articles import ArticlePage
from intranet.people.models import Membership, Person, RoleGrant, StandIn, Unit
from intranet.people.queries.presence import WORKS_HERE, is_away
from intranet.people.reading import Coverage

NAMES = 300
_THIS = bindparam("article", type_=Integer)
_DAY = bindparam("day", type_=Date)
_PLACE, _HERE, _HOME = aliased(Unit), aliased(Unit), aliased(Unit)
_BY_UNIT = (
    select(Membership.person_id)
    .join(_HERE, and_(_HERE.id == Membership.unit_id, _HERE.is_active))
    # The numbers of a path hold nothing that a pattern could take for its own.
    .join(_PLACE, _HERE.path.startswith(_PLACE.path))
    .join(ArticleTarget, ArticleTarget.unit_id == _PLACE.id)
    .where(ArticleTarget.article_id == _THIS)
)
_BY_ROLE = (
    select(RoleGrant.person_id)
    .join(ArticleRoleTarget, ArticleRoleTarget.role == RoleGrant.role)
    .where(ArticleRoleTarget.article_id == _THIS)
)
_IS_FOR_LEADERS = (
    select(ArticleRoleTarget.article_id)
    .where(ArticleRoleTarget.article_id == _THIS, ArticleRoleTarget.role == LEADER)
    .exists()
)
_LEADS = select(Unit.leader_id).where(Unit.is_active, Unit.leader_id.is_not(None), _IS_FOR_LEADERS)
_STANDS_IN = (
    select(StandIn.stand_in_id)
    .join(Unit, and_(Unit.leader_id == StandIn.leader_id, Unit.is_active))
    .where(StandIn.starts_on <= _DAY, StandIn.ends_on >= _DAY, _IS_FOR_LEADERS)
)
_IS_FOR_ALL = select(Article.id).where(Article.id == _THIS, Article.is_for_all).exists()
# Those who are away, or have left, are not among them.
_MUST = and_(
    WORKS_HERE,
    ~is_away(),
    or_(_IS_FOR_ALL, *(Person.id.in_(part) for part in (_BY_UNIT, _BY_ROLE, _LEADS, _STANDS_IN))),
)
_CONFIRMED = Person.id.in_(
    select(ArticleReceipt.person_id).where(ArticleReceipt.article_id == _THIS)
)
_ASKED = Person.id.in_(select(ArticleRequest.person_id).where(ArticleRequest.article_id == _THIS))
_REQUIRED = select(Person.id).where(_MUST).order_by(Person.id)
_UNASKED = _REQUIRED.where(~_ASKED, ~_CONFIRMED).limit(bindparam("most"))
_DUE = (
    select(ArticleRequest.person_id, ArticleRequest.remind_on)
    .join(Person, Person.id == ArticleRequest.person_id)
    .where(ArticleRequest.article_id == _THIS, ArticleRequest.remind_on <= _DAY)
    .where(_MUST, ~_CONFIRMED)
    .order_by(ArticleRequest.person_id)
    .limit(bindparam("most"))
)
_COVERAGE = (
    select(
        _HOME.id,
        _HOME.name,
        _HOME.path,
        func.count().label("required"),
        func.sum(case((_CONFIRMED, 1), else_=0)).label("confirmed"),
    )
    .select_from(Person)
    .outerjoin(_HOME, _HOME.id == Person.home_unit_id)
    .where(_MUST)
    .group_by(_HOME.id, _HOME.name, _HOME.path)
    .order_by(_HOME.path)
)
_MISSING = (
    select(Person.id, Person.name, _HOME.name.label("unit_name"))
    .outerjoin(_HOME, _HOME.id == Person.home_unit_id)
    .where(_MUST, ~_CONFIRMED)
    .order_by(Person.name_key, Person.id)
    .limit(NAMES + 1)
)


def list_required(article_id: int) -> list[int]:
    """Return everybody who must read the article if it must be read, by id."""
    return list(read(_REQUIRED, **_values(article_id)).scalars())


def list_unasked(article_id: int, limit: int) -> list[int]:
    """Return up to `limit` persons who must read it, have not, and were not asked."""
    return list(read(_UNASKED, most=limit, **_values(article_id)).scalars())


def list_to_remind(article_id: int, limit: int) -> list[AnyRow]:
    """Return up to `limit` persons whose day of reminding has come."""
    return list(read(_DUE, most=limit, **_values(article_id)).all())


def list_coverage_for(viewer: Viewer, article: ArticlePage) -> Coverage:
    """Return how far the reading has come by home units, of readers whom the viewer may see."""
    return Coverage.of(read(_COVERAGE.where(_seen_by(viewer, article)), **_values(article.id)))


def list_missing_for(viewer: Viewer, article: ArticlePage, unit_id: int | None) -> list[AnyRow]:
    """Return who has not confirmed, by name, of all units or of one; one more than NAMES."""
    statement = _MISSING.where(_seen_by(viewer, article))
    if unit_id is not None:
        statement = statement.where(_HOME.id == unit_id)
    return list(read(statement, **_values(article.id)).all())


def _values(article_id: int) -> dict[str, Any]:
    return {"article": article_id, "day": today()}


def _seen_by(viewer: Viewer, article: ArticlePage) -> ColumnElement[bool]:
    """Its editors see all; leaders those of their own units."""
    if article.can_edit:
        return true()
    return or_(*[_HOME.path.startswith(led.path, autoescape=True) for led in viewer.led], false())
