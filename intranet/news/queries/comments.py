"""Reads of what was said under an article, and of who found it useful."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import ArticleComment, ArticleUseful
from intranet.news.queries.visible import LARGEST_ID
from intranet.people.models import Person

MOST = 200
_THIS = bindparam("article", type_=Integer)
_COMMENTS = (
    select(
        ArticleComment.id,
        ArticleComment.author_id,
        ArticleComment.text,
        ArticleComment.created_at,
        ArticleComment.hidden_at,
        ArticleComment.hidden_reason,
        Person.name.label("author_name"),
    )
    .join(Person, Person.id == ArticleComment.author_id)
    .where(ArticleComment.article_id == _THIS)
    .order_by(ArticleComment.id.desc())
    .limit(MOST)
)
_USEFUL: Any = select(
    select(func.count())
    .select_from(ArticleUseful)
    .where(ArticleUseful.article_id == _THIS)
    .scalar_subquery()
    .label("count"),
    select(ArticleUseful.person_id)
    .where(
        ArticleUseful.article_id == _THIS,
        ArticleUseful.person_id == bindparam("me", type_=Integer),
    )
    .exists()
    .label("is_mine"),
)


def list_comments(article_id: int) -> list[AnyRow]:
    """Return the last comments, oldest first; the caller has asked who may read the article."""
    return list(reversed(read(_COMMENTS, article=article_id).all()))


def count_useful(viewer: Viewer, article_id: int) -> AnyRow:
    """Return how many found it useful (`count`), and whether the viewer did (`is_mine`)."""
    return read(_USEFUL, article=article_id, me=viewer.id).one()


def get_comment(article_id: int, comment_id: int) -> ArticleComment:
    """Return a comment under the article. Raises NotFound."""
    found = db.session.get(ArticleComment, comment_id) if comment_id <= LARGEST_ID else None
    if found is None or found.article_id != article_id:
        raise NotFound(_("Vi finner ikke denne kommentaren."))
    return found


def find_comment_by_key(send_key: str) -> ArticleComment | None:
    """Return the comment that this sending of the form has already made, or None."""
    return db.session.scalars(
        select(ArticleComment).where(ArticleComment.send_key == send_key)
    ).one_or_none()
