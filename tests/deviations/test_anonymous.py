"""A case without a reporter: routed like the others, and nobody is its reporter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now
from intranet.core.errors import NotFound
from intranet.core.transaction import transaction
from intranet.deviations.actions.anonymous import (
    reply_anonymously,
    report_anonymously,
    say_not_solved_anonymously,
)
from intranet.deviations.actions.dialogue import send_message
from intranet.deviations.actions.ending import close_deviation
from intranet.deviations.actions.handle import acknowledge_deviation, add_concerned
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.cases import get_case, get_deviation_for
from intranet.deviations.queries.lists import list_own
from intranet.deviations.queries.visibility import visible_to
from intranet.deviations.severity import Category
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import do, make_report


def _report(unit_id: int, **changes: object) -> int:
    with transaction():
        return report_anonymously(make_report(unit_id, **changes)).number


def _by_number(number: int) -> Deviation:
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def test_goes_to_the_leader_where_it_happened(context: Flask, people: cast.Cast) -> None:
    number = _report(people.strandheim, category=Category.STAFF, answers=[])
    deviation = _by_number(number)
    assert deviation.handler_id == people.mona
    assert deviation.is_anonymous
    assert deviation.reporter_id is None
    told = db.session.execute(select(Notice.recipient_id, Notice.event)).all()
    assert (people.mona, "deviation.reported") in told
    assert (people.vera, "deviation.copied") in told


def test_concerned_leader_gets_nothing_of_it(context: Flask, people: cast.Cast) -> None:
    """AZ-09 holds for those without a name too."""
    number = _report(people.strandheim, concerned_ids=frozenset({people.mona}))
    assert _by_number(number).handler_id == people.kaja
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.mona), number)
    told = db.session.execute(select(Notice.recipient_id)).scalars().all()
    assert people.mona not in told


def test_nobody_is_the_reporter(context: Flask, people: cast.Cast) -> None:
    """Everybody's view of the case is that of policy and SQL alike, and no one's own list has it."""
    number = _report(people.strandheim)
    seen = set()
    for name, person_id in people.ids.items():
        if name not in cast.PERSONS:
            continue
        viewer = cast.viewer(person_id)
        assert list_own(viewer).rows == []
        in_sql = db.session.execute(select(Deviation.id).where(visible_to(viewer))).first()
        try:
            get_deviation_for(viewer, number)
            assert in_sql is not None, name
            seen.add(name)
        except NotFound:
            assert in_sql is None, name
    assert seen == {"mona", "kaja", "ragnhild", "kari"}


def test_handler_writes_and_reporter_answers(context: Flask, people: cast.Cast) -> None:
    number = _report(people.strandheim)
    do(people.mona, number, acknowledge_deviation)
    do(people.mona, number, send_message, "Hvilket bad var det?")
    with transaction():
        reply_anonymously(get_case(_by_number(number).id), "Det innerst.")
    entry = db.session.execute(
        select(DeviationEntry).where(DeviationEntry.code == "reply")
    ).scalar_one()
    assert (entry.author_id, entry.text, entry.is_public) == (None, "Det innerst.", True)
    last = db.session.execute(select(Notice).order_by(Notice.id.desc())).scalars().first()
    assert last is not None
    assert (last.recipient_id, last.event) == (people.mona, "deviation.replied")
    # Neither message nor answer left a notice for somebody without a name.
    assert None not in db.session.execute(select(Notice.recipient_id)).scalars().all()


def test_not_solved_opens_one_level_up_and_only_once(context: Flask, people: cast.Cast) -> None:
    number = _report(people.strandheim, category=Category.OTHER, answers=["other.law"])
    do(people.mona, number, acknowledge_deviation)
    do(people.mona, number, close_deviation, "Gulvet er tørket.")
    for why in ("Fortsatt vått.", "Og nå igjen."):
        with transaction():
            say_not_solved_anonymously(get_case(_by_number(number).id), why)
    deviation = _by_number(number)
    assert (deviation.state, deviation.handler_id) == (DeviationState.IN_PROGRESS, people.kaja)
    codes = (
        db.session.execute(
            select(DeviationEntry.code)
            .where(DeviationEntry.text.in_(["Fortsatt vått.", "Og nå igjen."]))
            .order_by(DeviationEntry.id)
        )
        .scalars()
        .all()
    )
    # The second one came too late to open anything and is not lost.
    assert codes == ["not_solved", "reply"]


def test_audit_names_nobody(context: Flask, people: cast.Cast) -> None:
    _report(people.strandheim)
    rows = db.session.execute(select(AuditEntry)).scalars().all()
    reported = [row for row in rows if row.event == "deviation.reported"]
    assert [(row.actor_id, row.actor_name) for row in reported] == [(None, "Anonym melder")]


def test_person_can_be_kept_out_of_a_case_without_reporter(
    context: Flask, people: cast.Cast
) -> None:
    number = _report(people.strandheim)
    do(people.mona, number, add_concerned, people.kaja)
    with pytest.raises(NotFound):
        get_deviation_for(cast.viewer(people.kaja), number)


def test_case_page_says_anonymous_and_no_clock_time_of_the_event(
    people: cast.Cast, log_in: Callable[[int], Browser], app: Flask
) -> None:
    with app.app_context():
        number = _report(people.strandheim, happened_at=now() - timedelta(days=3))
        db.session.remove()
    page = log_in(people.mona).get(f"/avvik/{number}")
    assert "Anonym melder" in page.text
    assert "Anonym melder meldte avviket" in page.text
    assert "Ikke prøv å finne ut hvem det er" in page.text
    assert page.find("//textarea[@name='text']")
    [happened] = page.find("//dt[text()='Hendte']/following-sibling::dd")
    assert "." in happened.text_content()
    assert "kl." not in happened.text_content()
