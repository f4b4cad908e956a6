"""A draft is saved while it is being written. Never commits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.extensions import db
from intranet.news.actions.permits import allow, record_on
from intranet.news.actions.write import change_article, check_contents, differs, keep_revision
from intranet.news.contents import ArticleContents
from intranet.news.models import Article, ArticleRevision
from intranet.news.visibility import ArticleState

# Nothing written for so long: whoever goes on begins a new sitting, and a new edition.
SITTING = timedelta(minutes=30)


def autosave_article(
    article: Article, contents: ArticleContents, *, version: int | None, actor: Viewer
) -> None:
    """Save a draft while it is being written; its editors may.

    What readers see is never changed so: only a draft is. The history and the log get one entry for
    each sitting. What is stored already is no conflict: a page that was left and taken up again
    sends it anew.
    """
    allow(actor, article.owner_unit_id)
    allow(actor, contents.owner_unit_id)
    if article.state != ArticleState.DRAFT:
        raise NotPossibleNow(_("Bare kladder lagres av seg selv. Trykk «Lagre endringene»."))
    if not differs(article, contents):
        return
    if article.version != version:
        raise SomeoneElseWasFirst(_("Noen andre lagret saken mens du skrev."), field="version")
    check_contents(contents, has_picture=article.picture_id is not None, article=article)
    is_new_sitting = article.changed_by != actor.id or now() - article.changed_at > SITTING
    changed = change_article(article, contents, actor)
    if is_new_sitting:
        keep_revision(article)
        record_on(AuditEvent.ARTICLE_EDITED, article, actor=actor, changed=changed)
    else:
        _write_over_newest(article)


def _write_over_newest(article: Article) -> None:
    newest = db.session.scalars(
        select(ArticleRevision)
        .where(ArticleRevision.article_id == article.id)
        .order_by(ArticleRevision.number.desc())
        .limit(1)
    ).one()
    for name in ("title", "lead", "body", "picture_alt"):
        setattr(newest, name, getattr(article, name))
    newest.saved_at = article.changed_at
    db.session.flush()
