"""What the clock does with news."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions.publish import pass_moment
from intranet.news.models import ArticleClock

_BATCH = 200


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
