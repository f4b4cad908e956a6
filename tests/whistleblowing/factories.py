"""Makes whistleblowing cases as the delivery makes them, and lets people take steps."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from intranet.anonymous.models import AnonymousReport
from intranet.anonymous.rooms import WHISTLEBLOWING
from intranet.core.actor import Role
from intranet.core.clock import today
from intranet.core.files import receive_upload
from intranet.core.receipt_code import hash_code, make_code
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people.models import RoleGrant
from intranet.whistleblowing.actions.deliver import WhistleRoom
from intranet.whistleblowing.models import WhistleCase, WhistleFile
from intranet.whistleblowing.queries.cases import get_case_for
from tests import cast

WHAT = "Innkjøp av møbler går til svogerens firma uten anbud."


def add_recipients(*person_ids: int) -> None:
    """Let the persons receive whistleblowing; the caller commits."""
    for person_id in person_ids:
        db.session.add(RoleGrant(person_id=person_id, role=Role.WHISTLEBLOWING_RECIPIENT))
    db.session.flush()


def make_case(
    *, without_ids: Sequence[int] = (), attach: bool = False, code: str = "", **changes: Any
) -> str:
    """Deliver a notice, commit it, and return the key of its case."""
    content = {
        "what": WHAT,
        "happened": "",
        "unit_id": None,
        "categories": ["corruption"],
        "concerns": "",
        "contact": "",
        "without_ids": sorted(without_ids),
        **changes,
    }
    files = [receive_upload(io.BytesIO(b"Et notat."), "notat.txt")] if attach else []
    with transaction():
        report = AnonymousReport(
            code_hash=hash_code(code or make_code()),
            sent_on=today(),
            room=WHISTLEBLOWING,
            is_ready=True,
            content=content,
        )
        db.session.add(report)
        db.session.flush()
        WhistleRoom().take_report(report, files)
        report.content = None
        case_id = db.session.execute(
            select(WhistleCase.id).where(WhistleCase.report_id == report.id)
        ).scalar_one()
    return case_id


def file_of(case_id: str) -> int:
    """Return the key of the case's file."""
    return db.session.execute(
        select(WhistleFile.id).where(WhistleFile.case_id == case_id)
    ).scalar_one()


def take(person_id: int, case_id: str, step: Any, *args: Any, **more: Any) -> Any:
    """Let the person take a step in a transaction of its own."""
    with transaction():
        viewer = cast.viewer(person_id)
        return step(get_case_for(viewer, case_id), *args, actor=viewer, **more)
