"""Brings the index level with the database; run by the jobs process and by hand, never in a
request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job, ProbeResult
from intranet.search import sources
from intranet.search.actions import forget_old_questions
from intranet.search.engine import get_engine
from intranet.search.errors import IndexBusy
from intranet.search.models import PendingEntry
from intranet.search.queries import count_waiting, list_waiting

log = logging.getLogger(__name__)

_BATCH = 200
_RETRY_AFTER = timedelta(minutes=1)
_MOST_BATCHES = 50


def catch_up() -> int:
    """Index what waits and return how many documents; build anew when the index is not usable.

    Does nothing while another process writes. A document that cannot be read is logged and tried
    again a minute later, without stopping the others.
    """
    engine = get_engine()
    try:
        with engine.writing(wait=False):
            if not engine.is_usable():
                return _rebuild(lambda: None)
            return _work_off()
    except IndexBusy:
        return 0


def rebuild(progress: Callable[[], object] = lambda: None) -> int:
    """Build the index anew from all sources and return how many entries; the old one answers
    meanwhile.
    """
    with get_engine().writing(wait=True):
        return _rebuild(progress)


def _rebuild(progress: Callable[[], object]) -> int:
    # What is marked from now on may be read too early here, and is indexed again afterwards.
    waiting = list(db.session.execute(select(PendingEntry.id)).scalars())
    count = get_engine().rebuild(sources.all_entries(), progress)
    for start in range(0, len(waiting), _BATCH):
        _forget(waiting[start : start + _BATCH])
    return count


def _work_off() -> int:
    done = 0
    for _batch in range(_MOST_BATCHES):
        waiting = list_waiting(_BATCH, now() - _RETRY_AFTER)
        if not waiting:
            break
        _claim([row_id for row_id, _key in waiting])
        try:
            done += _index(waiting)
        except Exception:  # One document's source must not keep the others out of the index.
            log.exception("search: a batch could not be indexed, going one by one")
            done += sum(_index_alone(row) for row in waiting)
    return done


def _claim(ids: Sequence[int]) -> None:
    with transaction():
        db.session.execute(
            update(PendingEntry).where(PendingEntry.id.in_(ids)).values(claimed_at=now())
        )


def _index(waiting: Sequence[tuple[int, str]]) -> int:
    keys = list(dict.fromkeys(key for _row_id, key in waiting))
    get_engine().update(keys, sources.entries_for(keys))
    _forget([row_id for row_id, _key in waiting])
    return len(keys)


def _index_alone(row: tuple[int, str]) -> int:
    try:
        return _index([row])
    except Exception:
        log.exception("search: %s could not be indexed", row[1])
        return 0


def _forget(ids: Sequence[int]) -> None:
    with transaction():
        db.session.execute(delete(PendingEntry).where(PendingEntry.id.in_(ids)))


def probe_index() -> ProbeResult:
    """Whether the index is there, and how many changes wait for it."""
    engine = get_engine()
    values = {"engine": engine.name, "waiting": count_waiting()}
    return ProbeResult("search", engine.is_usable(), values)


def forget_questions() -> int:
    """Remove questions that nobody has asked for long, and return how many."""
    with transaction():
        return forget_old_questions()


JOBS = [
    Job("search.catch_up", timedelta(seconds=2), catch_up, longest=timedelta(minutes=15)),
    Job("search.forget_questions", timedelta(hours=12), forget_questions),
]
