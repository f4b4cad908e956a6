"""Several reports of the same: one is handled, the others follow it and get its answer.

Nothing is moved or lost: each stays a case of its own, with its texts, files and story, and can be
taken out again. Never commits.
"""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.deviations.actions.handle import tell_reporter
from intranet.deviations.actions.steps import (
    add_entry,
    audit,
    check_step,
    complete_step,
    restart_clock,
    shown_number,
)
from intranet.deviations.actions.types import refuse_if_type_forbids
from intranet.deviations.models import Deviation
from intranet.deviations.policy import parties_of
from intranet.deviations.queries.cases import Case, get_case, has_open_actions
from intranet.deviations.queries.links import list_duplicates_of
from intranet.deviations.workflow import OPEN_STATES, DeviationState, Party, Step
from intranet.extensions import db


def merge_deviation(case: Case, main: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Make the case a duplicate of `main`; who handles both may. The reporter is told."""
    check_step(case, Step.MERGE, actor=actor, version=version)
    deviation, target = case.deviation, main.deviation
    _demand_main(case, main, actor)
    if has_open_actions(deviation.id):
        raise NotPossibleNow(
            _("Saken har tiltak som pågår. Slå heller den andre saken sammen med denne.")
        )
    if list_duplicates_of(deviation.id):
        raise NotPossibleNow(
            _("Andre saker er slått sammen med denne. Slå heller den andre sammen med denne.")
        )
    # What the law waits for in this case is not settled by the answer of another.
    refuse_if_type_forbids(deviation)
    deviation.state_before_merge = deviation.state
    deviation.duplicate_of_id = target.id
    entry = complete_step(
        case,
        Step.MERGE,
        actor=actor,
        details={"main": target.id},
        other=shown_number(target),
    )
    add_entry(target, "duplicate_added", actor=actor, other=shown_number(deviation))
    audit(AuditEvent.DEVIATION_MERGED, target, actor=actor, duplicate=deviation.id)
    tell_reporter(deviation, entry, actor=actor)


def unmerge_deviation(case: Case, *, actor: Viewer, version: int | None = None) -> None:
    """Take the case out again, as it was before; its handler may. The reporter is told."""
    check_step(case, Step.UNMERGE, actor=actor, version=version)
    deviation = case.deviation
    target = db.session.get_one(Deviation, deviation.duplicate_of_id)
    entry = complete_step(
        case, Step.UNMERGE, actor=actor, details={"main": target.id}, other=shown_number(target)
    )
    deviation.state = deviation.state_before_merge or deviation.state
    deviation.duplicate_of_id = deviation.state_before_merge = None
    restart_clock(deviation)
    db.session.flush()
    add_entry(target, "duplicate_removed", actor=actor, other=shown_number(deviation))
    audit(AuditEvent.DEVIATION_UNMERGED, target, actor=actor, duplicate=deviation.id)
    tell_reporter(deviation, entry, actor=actor)


def end_duplicates(main: Deviation) -> None:
    """Give the duplicates of a case that ended its answer and its end, and tell their reporters."""
    for duplicate in list_duplicates_of(main.id):
        duplicate.state = main.state
        duplicate.answer, duplicate.closed_at = main.answer, main.closed_at
        duplicate.has_said_not_solved = False
        # The leader above looks at the rejection once, in the case itself.
        duplicate.rejection_seen_at = main.closed_at
        _follow(duplicate, "answered_with_main", main.answer)


def reopen_duplicates(main: Deviation) -> None:
    """Let the duplicates of a case that is taken up again wait for its answer once more."""
    for duplicate in list_duplicates_of(main.id):
        duplicate.state, duplicate.closed_at = DeviationState.MERGED, None
        _follow(duplicate, "reopened_with_main")


def _follow(duplicate: Deviation, code: str, text: str = "") -> None:
    entry = add_entry(duplicate, code, actor=SYSTEM, is_public=True, text=text)
    audit(AuditEvent.DEVIATION_FOLLOWED, duplicate, actor=SYSTEM, state=duplicate.state)
    tell_reporter(duplicate, entry, actor=SYSTEM)


def _demand_main(case: Case, main: Case, actor: Viewer) -> None:
    target = main.deviation
    if target.id == case.deviation.id:
        raise InvalidInput(_("Dette er samme sak. Skriv nummeret på en annen."), "other")
    if Party.HANDLER not in parties_of(actor, main.access):
        raise InvalidInput(_("Du må behandle begge sakene for å slå dem sammen."), "other")
    if target.state not in OPEN_STATES:
        raise InvalidInput(_("Den andre saken er avsluttet. Velg en åpen sak."), "other")
    if target.state == DeviationState.REPORTED:
        raise InvalidInput(_("Bekreft først at den andre saken er mottatt."), "other")
    # Otherwise somebody could read through the one what is kept from them in the other.
    if get_case(target.id).access.concerned_ids != case.access.concerned_ids:
        raise InvalidInput(
            _("Sakene gjelder ikke de samme personene, og kan ikke slås sammen."), "other"
        )
