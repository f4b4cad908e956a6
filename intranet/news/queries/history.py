"""What an article said before."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import ArticleRevision
from intranet.people.models import Person


def list_revisions(article_id: int, limit: int = 200) -> list[AnyRow]:
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


def get_revision(article_id: int, number: int) -> AnyRow:
    """Return one edition; the caller has asked who may see it. Raises NotFound."""
    row = db.session.execute(
        select(*ArticleRevision.__table__.columns).where(
            ArticleRevision.article_id == article_id, ArticleRevision.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("Vi finner ikke denne utgaven."))
    return row
