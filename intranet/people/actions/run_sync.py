"""One sync from reading to logging: what the job, the command and the demonstration call."""

from __future__ import annotations

import logging

from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.people.actions.apply_sync import apply_sync, note_refused_sync
from intranet.people.directories import directory_of, largest_departure_share, role_rules
from intranet.people.models import SyncOutcome
from intranet.people.queries.sync_state import load_state
from intranet.people.snapshot import DirectoryFailed, DirectorySnapshot
from intranet.people.sync import SyncPlan, make_plan

log = logging.getLogger("intranet.directory")


def plan_sync(snapshot: DirectorySnapshot) -> SyncPlan:
    """Return what a sync of this snapshot would do. Raises ValueError for a senseless one."""
    settings = get_settings()
    return make_plan(
        snapshot, load_state(), role_rules(settings), largest_departure_share(settings)
    )


def run_sync(*, force: bool = False) -> SyncPlan | None:
    """Read the whole directory and carry the plan out, or change nothing; the system acts.

    None when the directory failed; a plan with stops did nothing unless `force` says that somebody
    has looked at it and means it (an empty directory is never meant). The directory is read before
    the transaction begins: a slow server must not hold the database.
    """
    started_at = now()
    try:
        snapshot = directory_of(get_settings()).fetch_everything()
        with transaction():
            plan = plan_sync(snapshot)
            if plan.stops and not (force and plan.person_count):
                reason = ", ".join(plan.stops)
                note_refused_sync(started_at, SyncOutcome.STOPPED, reason, plan.counts())
                log.error("directory sync stopped: %s", reason)
            else:
                plan = plan.accepted()
                apply_sync(plan, started_at)
    except (DirectoryFailed, ValueError) as error:
        log.error("directory sync failed: %s", error)
        with transaction():
            note_refused_sync(started_at, SyncOutcome.FAILED, str(error))
        return None
    return plan
