"""Every opening of a confidential case is noted, and those who handle it see by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at
from intranet.core.transaction import transaction
from intranet.deviations.actions.openings import UNUSUALLY_MANY
from intranet.deviations.models import Deviation, DeviationConcerned, DeviationOpening
from intranet.deviations.queries.cases import get_case
from intranet.deviations.queries.copies import load_whole
from intranet.deviations.queries.openings import SHOWN, list_openers, list_openings
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import report

LogIn = Callable[[int], Browser]


@pytest.fixture
def number(app: Flask, people: cast.Cast) -> int:
    """Return the number of a confidential case that Ingrid reported and Mona handles."""
    with app.app_context():
        made = report(people.ingrid, people.strandheim)
        with transaction():
            db.session.execute(
                select(Deviation).where(Deviation.number == made)
            ).scalar_one().is_confidential = True
        db.session.remove()
    return made


def openings(app: Flask) -> list[tuple[int, bool]]:
    with app.app_context():
        rows = db.session.execute(
            select(DeviationOpening.person_id, DeviationOpening.file_id).order_by(
                DeviationOpening.id
            )
        )
        return [(row[0], row[1] is not None) for row in rows]


def test_reader_is_noted_in_the_audit_and_on_the_page(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """AZ-10, AD-08."""
    log_in(people.kaja).get(f"/avvik/{number}")
    page = log_in(people.mona).get(f"/avvik/{number}")
    assert openings(app) == [(people.kaja, False), (people.mona, False)]
    shown = page.find("//section[@id='openings']")[0].text_content()
    assert "Kaja Kleppe" in shown
    with app.app_context():
        entries = db.session.execute(
            select(AuditEntry.actor_id, AuditEntry.unit_id)
            .where(AuditEntry.event == "deviation.opened")
            .order_by(AuditEntry.sequence)
        ).all()
    assert [row[0] for row in entries] == [people.kaja, people.mona]


def test_fetching_a_file_is_noted(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    mona = log_in(people.mona)
    page = mona.get(f"/avvik/{number}")
    fields = page.form(f"/avvik/{number}/fil")
    page = mona.post(f"/avvik/{number}/fil", {**fields, "file": (BytesIO(b"en lapp"), "lapp.txt")})
    address = page.find("//section[@id='files']//a/@href")[0]
    assert mona.get(address).status == 200
    assert (people.mona, True) in openings(app)


def test_neither_the_reporter_nor_an_open_case_is_noted(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """The reporter's own reading is nobody's business; the handler's page of it has no list."""
    page = log_in(people.ingrid).get(f"/avvik/{number}")
    assert not page.find("//section[@id='openings']")
    assert log_in(people.tor).get(f"/avvik/{number}").status == 404
    with app.app_context():
        plain = report(people.ingrid, people.strandheim)
        db.session.remove()
    assert not log_in(people.mona).get(f"/avvik/{plain}").find("//section[@id='openings']")
    assert openings(app) == []


def test_leader_who_becomes_concerned_is_out_and_the_earlier_reading_stays(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """AZ-10."""
    mona = log_in(people.mona)
    assert mona.get(f"/avvik/{number}").status == 200
    with app.app_context(), transaction():
        case_id = db.session.execute(
            select(Deviation.id).where(Deviation.number == number)
        ).scalar_one()
        db.session.add(DeviationConcerned(deviation_id=case_id, person_id=people.mona))
    assert mona.get(f"/avvik/{number}").status == 404
    page = log_in(people.kaja).get(f"/avvik/{number}")
    assert "Mona Dahl" in page.find("//section[@id='openings']")[0].text_content()


def test_who_opens_unusually_many_confidential_cases_is_told_of_once(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """AD-17: fifty cases in five minutes; the administrators and the data protection officer."""
    with app.app_context(), transaction():
        for other in range(UNUSUALLY_MANY - 2):
            record(
                AuditEvent.DEVIATION_OPENED,
                actor=cast.viewer(people.mona),
                subject="deviation",
                subject_id=f"another {other}",
            )
    mona = log_in(people.mona)
    for _time in range(2):
        # The same case again is no other one.
        assert mona.get(f"/avvik/{number}").status == 200
    assert told(app) == []
    with app.app_context():
        made = report(people.ingrid, people.strandheim)
        with transaction():
            db.session.execute(
                select(Deviation).where(Deviation.number == made)
            ).scalar_one().is_confidential = True
        db.session.remove()
    for _time in range(3):
        assert mona.get(f"/avvik/{made}").status == 200
    assert told(app) == sorted([people.adam, people.petter])
    page = log_in(people.petter).get("/varsler")
    assert "Mona Dahl har åpnet 50 fortrolige saker på fem minutter" in page.text


def test_many_cases_over_a_working_day_are_nothing_unusual(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """AD-17."""
    for other in range(UNUSUALLY_MANY):
        with stopped_at(now() - timedelta(minutes=6 + other)), app.app_context(), transaction():
            record(
                AuditEvent.DEVIATION_OPENED,
                actor=cast.viewer(people.mona),
                subject="deviation",
                subject_id=f"another {other}",
            )
    assert log_in(people.mona).get(f"/avvik/{number}").status == 200
    assert told(app) == []


def told(app: Flask) -> list[int]:
    with app.app_context():
        rows = select(Notice.recipient_id).where(Notice.event == "reading.unusual")
        return sorted(db.session.execute(rows).scalars())


def test_all_who_ever_opened_it_are_told_however_often_the_last_one_did(
    app: Flask, people: cast.Cast, number: int
) -> None:
    with app.app_context():
        deviation_id = db.session.execute(
            select(Deviation.id).where(Deviation.number == number)
        ).scalar_one()
        for person_id in [people.kaja, *[people.mona] * SHOWN]:
            db.session.add(
                DeviationOpening(deviation_id=deviation_id, person_id=person_id, opened_at=now())
            )
            db.session.flush()
        assert {row.person_id for row in list_openings(deviation_id)} == {people.mona}
        assert list_openers(deviation_id) == ["Mona Dahl", "Kaja Kleppe"]
        facts = dict(load_whole(get_case(deviation_id)).facts)
        assert facts["Har åpnet saken"] == "Mona Dahl, Kaja Kleppe"
        db.session.rollback()
