"""Reads where the reporter of a case that was taken over finds it now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.deviations.models import DeviationForward
from intranet.extensions import db


def find_forward_for(viewer: Viewer, number: int) -> str | None:
    """Return the address for the viewer who reported the case; None for everybody else."""
    if number >= 2**62:
        return None
    return db.session.execute(
        select(DeviationForward.address).where(
            DeviationForward.number == number, DeviationForward.reporter_id == viewer.id
        )
    ).scalar_one_or_none()


def list_forwards_for(viewer: Viewer) -> Sequence[DeviationForward]:
    """Return the viewer's own reports that were taken over, the newest first."""
    rows = db.session.execute(
        select(DeviationForward)
        .where(DeviationForward.reporter_id == viewer.id)
        .order_by(DeviationForward.number.desc())
        .limit(50)
    )
    return rows.scalars().all()
