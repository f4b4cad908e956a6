"""What the handler finds to be the causes of a case. Never commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.deviations.actions.steps import check_step, complete_step
from intranet.deviations.categories import CauseRow
from intranet.deviations.models import DeviationCauseChoice
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.causes import list_chosen
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.workflow import Step
from intranet.extensions import db


def set_causes(
    case: Case,
    cause_ids: Collection[int],
    note: str = "",
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Say which causes the case has, several or none, with a note; the handler may, while open.

    A cause that the case has stays possible when it was taken out of use, in its old words. Moves
    no deadline.
    """
    check_step(case, Step.SET_CAUSES, actor=actor, version=version)
    deviation = case.deviation
    had = {cause.id: cause for cause in list_chosen(deviation.id)}
    offered = {cause.id: cause for cause in load_categories(fresh=True).active_causes}
    wanted = set(cause_ids)
    if not wanted <= {*had, *offered}:
        raise InvalidInput(_("En av årsakene er ikke i bruk lenger. Velg på nytt."), "causes")
    if (wanted, note) == (set(had), deviation.cause_note):
        raise InvalidInput(_("Velg en årsak, eller endre det du har skrevet om den."), "causes")
    _keep(case, wanted, had, offered, actor)
    kept = list_chosen(deviation.id)
    is_note_new = note != deviation.cause_note
    deviation.cause_note = note
    complete_step(
        case,
        Step.SET_CAUSES,
        actor=actor,
        text=note if is_note_new else "",
        code=Step.SET_CAUSES if kept else "causes_removed",
        details={
            "causes_before": [cause.key for cause in had.values()],
            "causes_after": [cause.key for cause in kept],
            "note": "changed" if is_note_new else "same",
        },
        causes=[dict(cause.words) for cause in kept],
    )


def _keep(
    case: Case,
    wanted: set[int],
    had: Collection[int],
    offered: Mapping[int, CauseRow],
    actor: Viewer,
) -> None:
    deviation_id = case.deviation.id
    gone = set(had) - wanted
    if gone:
        db.session.execute(
            delete(DeviationCauseChoice).where(
                DeviationCauseChoice.deviation_id == deviation_id,
                DeviationCauseChoice.cause_id.in_(sorted(gone)),
            )
        )
    for cause_id in sorted(wanted - set(had)):
        db.session.add(
            DeviationCauseChoice(
                deviation_id=deviation_id,
                cause_id=cause_id,
                words=dict(offered[cause_id].words),
                created_by=actor.id,
            )
        )
    db.session.flush()
