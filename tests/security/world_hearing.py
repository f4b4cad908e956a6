"""A draft on hearing, for `world.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.library.actions.hearing import send_to_hearing
from intranet.library.actions.hearing_comments import comment_on_hearing
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from tests import cast


def put_on_hearing(number: str, people: cast.Cast) -> dict[str, Any]:
    """Send the draft to the ward, where Ingrid comments, and return what its forms carry."""
    with transaction():
        hearing = send_to_hearing(
            load_document(number), unit_ids=[people.ward], names=[],
            due_on=today() + timedelta(days=14), version=load_working_revision(load_document(number)).version,
            actor=cast.viewer(people.eva),
        )  # fmt: skip
        comment = comment_on_hearing(
            load_document(number), hearing.id, 1, "Hvor lenge?", actor=cast.viewer(people.ingrid)
        )
        return {
            "hearing_id": hearing.id,
            "comment_id": comment.id,
            "form_version": load_working_revision(load_document(number)).version,
        }
