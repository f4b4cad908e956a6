"""Two who saw the same: the second report is merged with the first, which is being handled."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from intranet.core.clock import now, stopped_at
from intranet.demo.actions.cast import Cast
from intranet.deviations.actions.merge import merge_deviation
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db

WHAT = "Fikk heller ikke svar da jeg ringte på, og nøkkelen manglet i skapet."


def seed_duplicate(cast: Cast) -> int:
    """Report what the told leader already handles once more, and merge it; returns how many."""
    leader_id = cast.account("unit_leader")
    main = db.session.scalars(
        select(Deviation)
        .where(
            Deviation.handler_id == leader_id,
            Deviation.state == DeviationState.ACTIONS_UNDER_WAY,
            Deviation.unit_id == cast.unit_ids["hjemme-nord"],
            Deviation.reporter_id.is_not(None),
        )
        .order_by(Deviation.number.desc())
    ).first()
    if main is None:
        return 0
    at = now()
    staff = [each for each in cast.staff_of("hjemme-nord") if each != main.reporter_id]
    with stopped_at(at - timedelta(hours=20)):
        number = report_deviation(
            Report(
                what=WHAT,
                unit_id=main.unit_id,
                happened_at=now() - timedelta(hours=1),
                send_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"havnsund:{WHAT}")),
            ),
            actor=cast.viewer(staff[0]),
        ).number
    with stopped_at(at - timedelta(hours=3)):
        leader = cast.viewer(leader_id)
        case = get_deviation_for(leader, number)
        merge_deviation(case, get_deviation_for(leader, main.number), actor=leader)
    return 1
