"""What an article said before."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.news.models import ArticleRevision
from intranet.people.models import Person


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
