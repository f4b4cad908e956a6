"""Reads what is proposed for the follow-up of employees, in the list and in a case."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.deviations.follow_up_models import (
    DeviationFollowUp,
    FollowUpState,
    FollowUpTemplate,
)
from intranet.deviations.types import Kind
from intranet.extensions import db


def list_templates(kind: Kind | None = None) -> list[FollowUpTemplate]:
    """Return the administrator's list in order: all, or those in use for a kind."""
    statement = select(FollowUpTemplate).order_by(
        FollowUpTemplate.kind,
        FollowUpTemplate.is_active.desc(),
        FollowUpTemplate.position,
        FollowUpTemplate.id,
    )
    if kind is not None:
        statement = statement.where(FollowUpTemplate.kind == kind, FollowUpTemplate.is_active)
    return list(db.session.scalars(statement))


def list_follow_up(deviation_id: int, kind: Kind) -> list[DeviationFollowUp]:
    """Return the proposals of the case for the kind that it has now."""
    rows = db.session.scalars(
        select(DeviationFollowUp)
        .where(DeviationFollowUp.deviation_id == deviation_id, DeviationFollowUp.kind == kind)
        .order_by(DeviationFollowUp.id)
    )
    return list(rows)


def get_follow_up(deviation_id: int, follow_up_id: int) -> DeviationFollowUp:
    """Return a proposal of this very case. Raises NotFound."""
    row = db.session.get(DeviationFollowUp, follow_up_id) if follow_up_id < 2**31 else None
    if row is None or row.deviation_id != deviation_id:
        raise NotFound(_("Vi finner ikke dette forslaget."))
    return row


def has_follow_up_waiting(deviation_id: int, kind: Kind) -> bool:
    """Whether some proposal is neither taken nor declined."""
    return any(row.state == FollowUpState.WAITS for row in list_follow_up(deviation_id, kind))
