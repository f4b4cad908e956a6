"""An article is published, withdrawn, and changed by the clock. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.errors import NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.actions.permits import allow, record_on, tell_search
from intranet.news.models import Article, ArticleClock
from intranet.news.visibility import ArticleState, Phase, phase


def publish_article(article: Article, *, actor: Actor) -> None:
    """Let readers see it at its publishing moment, or now when there is none or it has passed.

    Its editors may. Raises NotPossibleNow when it is published already or has expired.
    """
    allow(actor, article.owner_unit_id)
    at = now()
    if is_published(article):
        raise NotPossibleNow(_("Saken er allerede publisert."))
    if article.expire_at is not None and article.expire_at <= at:
        raise NotPossibleNow(_("Saken har utløpt. Endre utløpstiden før du publiserer den igjen."))
    article.state = ArticleState.PUBLISHED
    article.publish_at = max(article.publish_at or at, at)
    db.session.flush()
    tell_search(article)
    record_on(
        AuditEvent.ARTICLE_PUBLISHED,
        article,
        actor=actor,
        publish_at=article.publish_at,
        expire_at=article.expire_at,
    )


def is_published(article: Article) -> bool:
    """Whether readers see it now or will when its moment comes."""
    found = phase(article.state, article.publish_at, article.expire_at, now())
    return found in (Phase.LIVE, Phase.SCHEDULED)


def withdraw_article(article: Article, *, actor: Actor) -> None:
    """Take it away from readers at once; it stays with its editors, who may publish it again."""
    allow(actor, article.owner_unit_id)
    if article.state == ArticleState.WITHDRAWN:
        raise NotPossibleNow(_("Saken er allerede trukket."))
    article.state = ArticleState.WITHDRAWN
    db.session.flush()
    tell_search(article)
    record_on(AuditEvent.ARTICLE_WITHDRAWN, article, actor=actor)


def pass_moment(clock: ArticleClock) -> None:
    """Tell search that an article appeared or disappeared by the clock, and wind the clock on.

    The jobs process calls it for rows that are due; calling it twice changes nothing.
    """
    article = db.session.get_one(Article, clock.article_id)
    tell_search(article)
