"""What the clock does in the library: follows the laws, asks readers and owners, copies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from intranet.core.clock import OSLO, is_working_day, now, today
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.laws.queries.corpus import load_edition
from intranet.laws.queries.watching import law_stamp
from intranet.library.actions.citations import cite_laws
from intranet.library.actions.hearing_signals import close_due_hearing, remind_of_hearing
from intranet.library.actions.law_reviews import ask_about_changes
from intranet.library.actions.owners import AT_ONCE, tell_about_unowned
from intranet.library.actions.reading_signals import ask_readers, remind_readers
from intranet.library.actions.review import ask_for_review
from intranet.library.actions.schedule import publish_scheduled
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, LawWatch
from intranet.library.offline_copy import find_copy, write_copy
from intranet.library.queries.hearings import list_due_hearings, list_hearings_to_remind_of
from intranet.library.queries.law_changes import list_found_changes
from intranet.library.queries.reading_due import (
    list_documents_to_read,
    list_documents_to_remind_of,
)
from intranet.library.queries.reviews import list_reviews_to_ask_about
from intranet.library.queries.revisions import list_scheduled_until, load_current_revision
from intranet.library.take_in_job import forget_old_lines, take_in_waiting

log = logging.getLogger(__name__)

# The copy is written when few are at work, and later when the machine was off then.
NIGHT_HOUR = 2
# So many readers are asked in one transaction.
PORTION = 1000


def follow_laws() -> int:
    """When an import has changed the laws, ask the owners, and find anew what documents rest on.

    A transaction for each document, so that readers and writers get between. Returns how many
    documents now rest on other paragraphs than before. Run again without an import, or after it
    was killed, it does no harm.
    """
    stamp = law_stamp()
    watch = db.session.get(LawWatch, 1)
    if watch is not None and watch.stamp == stamp:
        return 0
    # The names of all laws are read before the first document is locked.
    load_edition()
    # First by what the documents rested on until now: what a law has lost is no reference any more.
    _ask_all()
    changed = _cite_anew()
    _ask_all()
    with transaction():
        watch = db.session.get(LawWatch, 1) or LawWatch(id=1)
        watch.stamp = stamp
        db.session.add(watch)
    return changed


def _ask_all() -> None:
    for document_id in list_found_changes():
        with transaction():
            document = db.session.get(Document, document_id, with_for_update=True)
            if document is not None and document.state == DocumentState.PUBLISHED:
                found = list_found_changes(document_id).get(document_id, [])
                ask_about_changes(document, found)


def _cite_anew() -> int:
    ids = db.session.scalars(
        select(Document.id).where(Document.state == DocumentState.PUBLISHED).order_by(Document.id)
    ).all()
    changed = 0
    for document_id in ids:
        with transaction():
            document = db.session.get(Document, document_id, with_for_update=True)
            if document is not None and document.state == DocumentState.PUBLISHED:
                changed += cite_laws(document, load_current_revision(document))
    return changed


def ask_to_read() -> int:
    """Ask everybody who must read a document and was not asked; returns how many.

    In portions, each its own transaction, so that a document for all is no long one.
    """
    return _in_portions(list_documents_to_read(), ask_readers)


def remind_to_read() -> int:
    """Remind those who have not confirmed, on working days; returns how many."""
    if not is_working_day(today()):
        return 0
    return _in_portions(list_documents_to_remind_of(today()), remind_readers)


def _in_portions(document_ids: list[int], act: Callable[[int, int], int]) -> int:
    done = 0
    for document_id in document_ids:
        try:
            portion = PORTION
            while portion == PORTION:
                with transaction():
                    portion = act(document_id, PORTION)
                done += portion
        except Exception:
            # One bad document must not keep the others waiting (CF-18).
            log.exception("readers of document %s could not be told", document_id)
    return done


def ask_to_review() -> int:
    """Ask the owners about review dates, on working days; returns how many documents."""
    if not is_working_day(today()):
        return 0
    asked = 0
    for document_id in list_reviews_to_ask_about(today()):
        try:
            with transaction():
                asked += ask_for_review(document_id)
        except Exception:
            # One bad document must not keep the others waiting (CF-18).
            log.exception("the review of document %s could not be asked about", document_id)
    return asked


def publish_due() -> int:
    """Publish what is approved with a day that has come; returns how many documents."""
    done = 0
    for document_id in list_scheduled_until(today()):
        try:
            with transaction():
                done += publish_scheduled(document_id)
        except Exception:
            # One bad document must not keep the others waiting (CF-18).
            log.exception("document %s could not be published on its day", document_id)
    return done


def tell_unowned() -> int:
    """Tell about documents that have lost their owner or unit; returns how many, in portions."""
    found = 0
    portion = AT_ONCE
    while portion == AT_ONCE:
        with transaction():
            portion = tell_about_unowned()
        found += portion
    return found


def close_hearings() -> int:
    """Close the hearings whose deadline has passed; returns how many."""
    return _one_by_one(list_due_hearings(today()), close_due_hearing)


def remind_of_hearings() -> int:
    """Remind those who have not answered a hearing that soon ends; returns how many."""
    return _one_by_one(list_hearings_to_remind_of(today()), remind_of_hearing)


def _one_by_one(hearing_ids: list[int], act: Callable[[int], int]) -> int:
    done = 0
    for hearing_id in hearing_ids:
        try:
            with transaction():
                done += act(hearing_id)
        except Exception:
            # One bad hearing must not keep the others waiting (CF-18).
            log.exception("hearing %s could not be followed up", hearing_id)
    return done


def copy_for_offline() -> int:
    """Write the night's copy of the library, where a folder for it is set; how many documents.

    Once for each day: asked again after it is written, it does nothing.
    """
    folder, moment = get_settings().offline_copy_dir, now().astimezone(OSLO)
    if folder is None or moment.hour < NIGHT_HOUR:
        return 0
    last = find_copy(folder)
    if last is not None and last.written_at.astimezone(OSLO).date() >= moment.date():
        return 0
    return write_copy(folder).documents


JOBS = [
    Job("law-watch", timedelta(minutes=1), follow_laws, timedelta(minutes=20)),
    Job("library.publish_due", timedelta(minutes=1), publish_due, timedelta(minutes=20)),
    Job("library.ask_to_read", timedelta(minutes=5), ask_to_read, timedelta(minutes=20)),
    Job("library.remind_to_read", timedelta(hours=1), remind_to_read, timedelta(minutes=20)),
    Job("library.tell_unowned", timedelta(minutes=15), tell_unowned, timedelta(minutes=20)),
    Job("library.close_hearings", timedelta(minutes=5), close_hearings, timedelta(minutes=20)),
    Job("library.remind_of_hearings", timedelta(hours=1), remind_of_hearings, timedelta(minutes=9)),
    Job("library.copy_for_offline", timedelta(minutes=15), copy_for_offline, timedelta(minutes=30)),
    Job("library.take_in", timedelta(seconds=5), take_in_waiting, timedelta(minutes=25)),
    Job("library.forget_take_in_lines", timedelta(days=1), forget_old_lines),
    Job("library.ask_to_review", timedelta(hours=1), ask_to_review, timedelta(minutes=20)),
]
