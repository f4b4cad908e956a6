"""What the clock does with what came from a former system: looks it through, and takes it in.

A line at a time, each its own transaction; after some minutes it leaves the rest to the next run,
so that other jobs get between.
"""

from __future__ import annotations

import time

from intranet.core.actor import SYSTEM, Viewer
from intranet.core.errors import InvalidInput
from intranet.core.file_store import path_of_token
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.core.unpacking import ZipBundle
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.take_in_approval import (
    ask_approvers,
    finish_publishing,
    publish_draft,
)
from intranet.library.actions.take_in_runs import (
    finish_check,
    finish_run,
    forget_lines,
    stop_run,
)
from intranet.library.queries.take_in_approval import list_drafts_for
from intranet.library.queries.take_in_runs import find_next_run, list_all, list_waiting, state_of
from intranet.library.take_in_lines import TakingIn, save_line
from intranet.library.take_in_models import RunState, TakeInRun
from intranet.people.queries.viewer import load_viewer

LONGEST_SECONDS = 8 * 60


def take_in_waiting() -> int:
    """Go on with the oldest taking in that waits; returns how many lines were dealt with.

    Run again, or after it was killed, it goes on with the lines that are left.
    """
    run = find_next_run()
    if run is None:
        return 0
    run_id, state, archive_id = run.id, RunState(run.state), run.archive_id
    if state is RunState.PUBLISHING:
        return _publish(run_id, run.approver_id)
    viewer = None if run.created_by is None else load_viewer(run.created_by)
    if viewer is None or not policy.can_take_in_somewhere(viewer):
        _stop(run_id, _("Den som sendte listen, kan ikke ta inn dokumenter lenger."))
        return 0
    path = path_of_token(db.session.get_one(StoredFile, archive_id).token)
    try:
        taking = _begin(run_id, ZipBundle(path), viewer)
    except (InvalidInput, OSError) as error:
        _stop(run_id, str(getattr(error, "message", "")) or _("Zip-filen kan ikke leses."))
        return 0
    return _go_on(run_id, state, taking)


def forget_old_lines() -> int:
    """Take out the lines of takings in that were over long ago; returns how many."""
    with transaction():
        return forget_lines()


def _begin(run_id: int, bundle: ZipBundle, viewer: Viewer) -> TakingIn:
    lines = list_all(run_id)
    taking = TakingIn([one.row for one in lines], bundle, actor=viewer, approver=None)
    for one in lines:
        if one.sha256:
            taking.remember(one.sha256, one.row.line)
    return taking


def _go_on(run_id: int, state: RunState, taking: TakingIn) -> int:
    end = time.monotonic() + LONGEST_SECONDS
    done = 0
    for row in list_waiting(run_id):
        if time.monotonic() > end or state_of(run_id) != state:
            return done
        if state is RunState.RUNNING:
            taking.take_in(row, run_id)
        else:
            judged = taking.judge(row)
            with transaction():
                save_line(judged, run_id)
        done += 1
    with transaction():
        run = db.session.get_one(TakeInRun, run_id, with_for_update=True)
        if state is RunState.RUNNING:
            finish_run(run, actor=SYSTEM)
            ask_approvers(run)
        else:
            finish_check(run, taking.unlisted)
    return done


def _publish(run_id: int, approver_id: int | None) -> int:
    """Let what was approved apply, each document by itself; what cannot stays a draft."""
    approver = None if approver_id is None else load_viewer(approver_id)
    end = time.monotonic() + LONGEST_SECONDS
    done = 0
    ready = [] if approver is None else list_drafts_for(approver, run_id)
    for draft in ready:
        if time.monotonic() > end:
            return done
        if draft.hindrance is None and approver is not None:
            with transaction():
                done += publish_draft(run_id, draft.id, approver)
    with transaction():
        run = db.session.get_one(TakeInRun, run_id, with_for_update=True)
        finish_publishing(run, actor=SYSTEM)
    return done


def _stop(run_id: int, refusal: str) -> None:
    with transaction():
        run = db.session.get_one(TakeInRun, run_id, with_for_update=True)
        if run.state in (RunState.CHECKING, RunState.RUNNING):
            stop_run(run, refusal, actor=SYSTEM)
