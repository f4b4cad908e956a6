"""Reads what belongs to one corrective action."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.models import StoredFile
from intranet.core.text import _
from intranet.deviations.models import DeviationFile
from intranet.deviations.queries.cases import get_action_for
from intranet.extensions import db


def list_proofs(action_id: int) -> list[tuple[int, str, int]]:
    """Return (id, name, size) of the files that show that the action is done."""
    rows = db.session.execute(
        select(DeviationFile.id, StoredFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == DeviationFile.stored_file_id)
        .where(DeviationFile.action_id == action_id)
        .order_by(DeviationFile.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def get_proof_for(viewer: Viewer, action_id: int, file_id: int) -> StoredFile:
    """Return a file of this very action, for whoever may see the action. Raises NotFound."""
    action, _case = get_action_for(viewer, action_id)
    found = db.session.execute(
        select(StoredFile)
        .join(DeviationFile, DeviationFile.stored_file_id == StoredFile.id)
        .where(DeviationFile.id == min(file_id, 2**31 - 1), DeviationFile.action_id == action.id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    return found
