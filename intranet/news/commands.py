"""What the clock does with news."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions.publish import pass_moment
from intranet.news.actions.reading import ask_readers, remind_readers
from intranet.news.models import Article, ArticleClock
from intranet.news.queries.lists import list_must_read

_BATCH = 200
_READERS = 500


def ask_and_remind() -> int:
    """Have those who must read what is out asked, and reminded on their days; return how many.

    One transaction per article and batch; twice in a row does nothing.
    """
    told = 0
    for article_id in list_must_read():
        while True:
            with transaction():
                article = db.session.get_one(Article, article_id, with_for_update=True)
                now_told = ask_readers(article, _READERS) + remind_readers(article, _READERS)
            told += now_told
            if not now_told:
                break
    return told


def follow_clock() -> int:
    """Have articles indexed anew whose publishing or expiry moment has come; return how many.

    One transaction per article. Each moves its own next moment, so that running twice does nothing.
    """
    due = list(
        db.session.execute(
            select(ArticleClock.article_id)
            .where(ArticleClock.due_at <= now())
            .order_by(ArticleClock.due_at)
            .limit(_BATCH)
        ).scalars()
    )
    passed = 0
    for article_id in due:
        with transaction():
            clock = db.session.get(ArticleClock, article_id, with_for_update=True)
            # Withdrawn or moved while we came here: nothing is due any more.
            if clock is not None and clock.due_at <= now():
                pass_moment(clock)
                passed += 1
    return passed
