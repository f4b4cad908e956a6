"""What must be read: confirmed, asked for and reminded of. Never commits."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now, today
from intranet.core.errors import NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.core.writes import table_of, write
from intranet.extensions import db
from intranet.news.actions.permits import record_on
from intranet.news.models import Article, ArticleReceipt, ArticleRequest
from intranet.news.queries.readers import list_to_remind, list_unasked
from intranet.news.visibility import Phase, phase
from intranet.notifications.actions import notify
from intranet.people.reading import first_reminder, reminder_after

_ADD = insert(table_of(ArticleRequest))


def confirm_article(article: Article, *, is_for_me: bool, actor: Viewer) -> None:
    """Keep that the person has read it. Only for oneself; a second press changes nothing.

    Whom it is meant for may (`is_for_me`, which the caller has asked), while it is live.
    """
    if article.must_read_by is None or not is_live(article):
        raise NotPossibleNow(_("Denne saken skal ikke bekreftes."))
    if not is_for_me:
        raise NotAllowed(_("Du er ikke bedt om å lese denne saken."))
    # One at a time: two presses at once leave one receipt.
    db.session.execute(select(Article.id).where(Article.id == article.id).with_for_update())
    if db.session.get(ArticleReceipt, (article.id, actor.id)) is not None:
        return
    db.session.add(ArticleReceipt(article_id=article.id, person_id=actor.id))
    db.session.execute(
        update(ArticleRequest)
        .where(ArticleRequest.article_id == article.id, ArticleRequest.person_id == actor.id)
        .values(remind_on=None)
    )
    db.session.flush()
    record_on(AuditEvent.ARTICLE_READ, article, actor=actor)


def ask_readers(article: Article, limit: int) -> int:
    """Ask up to `limit` persons to read it, each once; also who began yesterday, or is back."""
    if article.must_read_by is None or not is_live(article):
        return 0
    people = list_unasked(article.id, limit)
    if not people:
        return 0
    remind_on = first_reminder(article.must_read_by)
    write(
        _ADD,
        [
            {"article_id": article.id, "person_id": person_id, "remind_on": remind_on}
            for person_id in people
        ],
    )
    notify(
        people,
        event="article.reading_asked",
        subject_key=f"article:{article.id}",
        title=_(
            "Les og bekreft innen %(day)s: %(title)s",
            day=f"{article.must_read_by:%d.%m.%Y}",
            title=article.title,
        ),
        url=f"/nyheter/{article.id}",
    )
    return len(people)


def remind_readers(article: Article, limit: int) -> int:
    """Remind those whose day has come, each once for each of the days; returns how many."""
    due_on, day = article.must_read_by, today()
    if due_on is None or not is_live(article):
        return 0
    rows = list_to_remind(article.id, limit)
    for remind_on in sorted({row.remind_on for row in rows}):
        people = [row.person_id for row in rows if row.remind_on == remind_on]
        notify(
            people,
            event="article.reading_reminded",
            subject_key=f"article:{article.id}:{remind_on}",
            title=_("Fristen er ute: les %(title)s", title=article.title)
            if due_on < day
            else _("Siste dag: les %(title)s", title=article.title),
            url=f"/nyheter/{article.id}",
        )
        db.session.execute(
            update(ArticleRequest)
            .where(ArticleRequest.article_id == article.id, ArticleRequest.person_id.in_(people))
            .values(remind_on=reminder_after(due_on, day))
        )
    return len(rows)


def move_reminders(article: Article) -> None:
    """The last day for reading was set anew: who is still to be reminded is so by the new one."""
    assert article.must_read_by is not None
    db.session.execute(
        update(ArticleRequest)
        .where(ArticleRequest.article_id == article.id, ArticleRequest.remind_on.is_not(None))
        .values(remind_on=first_reminder(article.must_read_by))
    )


def is_live(article: Article) -> bool:
    """Whether readers see it now."""
    found = phase(article.state, article.publish_at, article.expire_at, now())
    return found is Phase.LIVE
