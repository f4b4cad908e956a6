"""Readers comment on an article and say that it was useful; its editors moderate. Never commits."""

from __future__ import annotations

from sqlalchemy import delete, select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.actions.permits import allow, record_on
from intranet.news.actions.reading import is_live
from intranet.news.contents import COMMENT_LENGTH, NOTE_LENGTH
from intranet.news.models import Article, ArticleComment, ArticleUseful
from intranet.news.queries.comments import find_comment_by_key
from intranet.notifications.actions import notify


def comment_article(article: Article, text: str, *, send_key: str, actor: Viewer) -> ArticleComment:
    """Say something under an article that is open for it; its author is told.

    Whoever sees the article may, which the caller has asked. Sent twice it is kept once.
    """
    already = find_comment_by_key(send_key)
    if already is not None:
        return already
    _demand_open(article)
    if not text or len(text) > COMMENT_LENGTH:
        raise InvalidInput(_("Skriv kortere: høyst 2000 tegn."), field="text")
    comment = ArticleComment(
        article_id=article.id, author_id=actor.id, text=text, send_key=send_key
    )
    db.session.add(comment)
    db.session.flush()
    record_on(AuditEvent.ARTICLE_COMMENTED, article, actor=actor)
    if article.author_id != actor.id:
        notify(
            [article.author_id],
            event="article.commented",
            subject_key=f"article:{article.id}:comment:{comment.id}",
            title=_("Ny kommentar til «%(title)s»", title=article.title),
            url=f"/nyheter/{article.id}#kommentarer",
        )
    return comment


def hide_comment(article: Article, comment: ArticleComment, reason: str, *, actor: Viewer) -> None:
    """Take a comment away from the readers, who see why. Its editors may; its writer is told."""
    allow(actor, article.owner_unit_id)
    if not reason or len(reason) > NOTE_LENGTH:
        raise InvalidInput(_("Skriv hvorfor du skjuler kommentaren."), field="reason")
    if comment.hidden_at is not None:
        raise NotPossibleNow(_("Kommentaren er allerede skjult."))
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = now(), actor.id, reason
    db.session.flush()
    record_on(AuditEvent.ARTICLE_COMMENT_HIDDEN, article, actor=actor, reason=reason)
    notify(
        [comment.author_id],
        event="article.comment_hidden",
        subject_key=f"article:{article.id}:comment:{comment.id}",
        title=_("Kommentaren din til «%(title)s» er skjult", title=article.title),
        url=f"/nyheter/{article.id}#kommentarer",
    )


def turn_useful(article: Article, *, is_useful: bool, actor: Viewer) -> None:
    """Say that an article that is open for it was useful, or take that back; twice is once."""
    _demand_open(article)
    # One at a time: two presses at once leave one.
    db.session.execute(select(Article.id).where(Article.id == article.id).with_for_update())
    db.session.execute(
        delete(ArticleUseful).where(
            ArticleUseful.article_id == article.id, ArticleUseful.person_id == actor.id
        )
    )
    if is_useful:
        db.session.add(ArticleUseful(article_id=article.id, person_id=actor.id))
    db.session.flush()


def _demand_open(article: Article) -> None:
    if not article.allows_comments or not is_live(article):
        raise NotPossibleNow(_("Saken er ikke åpen for kommentarer."))
