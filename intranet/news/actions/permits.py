"""What all that is done with an article shares: who may, its row in the log and in the search."""

from __future__ import annotations

from typing import Any

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import NotAllowed
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.models import Article, ArticleClock
from intranet.news.policy import can_edit_article
from intranet.news.visibility import next_change
from intranet.people.queries.units import get_unit
from intranet.search.actions import mark_changed


def doc_key(article_id: int) -> str:
    """Return the article's key in the search index."""
    return f"nyhet/{article_id}"


def allow(actor: Actor, unit_id: int) -> None:
    """Raise NotAllowed unless the actor edits for the unit; the clock may everything."""
    if actor is SYSTEM:
        return
    if not isinstance(actor, Viewer) or not can_edit_article(actor, get_unit(unit_id).path):
        raise NotAllowed(_("Du er ikke redaktør for denne enheten."))


def record_on(event: AuditEvent, article: Article, *, actor: Actor, **details: Any) -> None:
    """Write in the log what was done with the article."""
    record(
        event,
        actor=actor,
        subject="article",
        subject_id=article.id,
        unit_id=article.owner_unit_id,
        details=details or None,
    )


def tell_search(article: Article) -> None:
    """Have it indexed as it is now, and again when the clock changes it."""
    mark_changed(doc_key(article.id))
    due_at = next_change(article.state, article.publish_at, article.expire_at, now())
    clock = db.session.get(ArticleClock, article.id)
    if due_at is None:
        if clock is not None:
            db.session.delete(clock)
    elif clock is None:
        db.session.add(ArticleClock(article_id=article.id, due_at=due_at))
    else:
        clock.due_at = due_at
    db.session.flush()
