"""What the clock does with vacancies."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.vacancies.actions import pass_deadline
from intranet.vacancies.models import VacancyClock

_BATCH = 200


def follow_clock() -> int:
    """Have vacancies taken out of the search whose deadline has come; return how many.

    One transaction per vacancy. Running twice does nothing. Pages need no clock: they ask the time.
    """
    due = list(
        db.session.execute(
            select(VacancyClock.vacancy_id)
            .where(VacancyClock.due_at <= now())
            .order_by(VacancyClock.due_at)
            .limit(_BATCH)
        ).scalars()
    )
    passed = 0
    for vacancy_id in due:
        with transaction():
            clock = db.session.get(VacancyClock, vacancy_id, with_for_update=True)
            # Withdrawn or extended while we came here: nothing is due any more.
            if clock is not None and clock.due_at <= now():
                pass_deadline(clock)
                passed += 1
    return passed
