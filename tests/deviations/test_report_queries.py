"""What it costs to send a report, and that nothing is left out for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.deviations.models import DeviationCopy, DeviationEntry
from intranet.extensions import db
from intranet.notifications.models import Notice, OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.deviations.test_pages import fields

LogIn = Callable[[int], Browser]
# A grave report is also told at once, copied to three roles, and three clocks of the law start.
GRAVE = {"category": "staff", "answers_staff": ["staff.lasting"]}


@pytest.mark.parametrize(
    ("changes", "most"),
    [({}, 21), ({"concerns": ["place"]}, 25), (GRAVE, 70)],
    ids=["plain", "past the leader", "grave"],
)
def test_a_report_is_taken_in_by_few_statements(
    app: Flask, people: cast.Cast, log_in: LogIn, changes: dict[str, object], most: int
) -> None:
    ingrid = log_in(people.ingrid)
    ingrid.post("/avvik/meld", fields(people.strandheim))
    token = ingrid.csrf_token()
    sent = {**fields(people.strandheim, **changes), "csrf_token": token}
    page = ingrid.post("/avvik/meld", sent, token=False, follow_redirects=False)
    assert page.status == 303
    assert len(page.queries) <= most, "\n".join(page.queries)
    asked = "\n".join(page.queries)
    assert "corrective_action" not in asked
    assert asked.count("FROM deviation_settings_version") == 1


def test_the_few_statements_leave_every_row_of_a_grave_report(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    log_in(people.ingrid).post("/avvik/meld", fields(people.strandheim, **GRAVE))
    with app.app_context():
        story = db.session.scalars(select(DeviationEntry.code).order_by(DeviationEntry.id)).all()
        assert story == [
            "reported",
            "rerouted",
            "told_at_once",
            "copied",
            "kind_ticked",
            *["clock_started"] * 3,
        ]
        audited = select(AuditEntry.event).where(AuditEntry.subject == "deviation")
        assert db.session.scalars(audited.order_by(AuditEntry.sequence)).all() == [
            "deviation.reported",
            "deviation.copied",
            "deviation.kind_proposed",
            *["deviation.clock_started"] * 3,
        ]
        copied = set(db.session.scalars(select(DeviationCopy.person_id)))
        assert copied
        rows = db.session.execute(select(Notice.event, Notice.recipient_id))
        told = {(row.event, row.recipient_id) for row in rows}
        assert told == {
            ("deviation.reported", people.mona),
            ("deviation.clock_started", people.mona),
            ("deviation.critical", people.ragnhild),
            ("deviation.critical", people.kaja),
            *[("deviation.copied", person) for person in copied],
        }
        mails = set(db.session.scalars(select(OutboxMessage.key)))
        assert mails == set(db.session.scalars(select(Notice.key)))
        db.session.remove()
