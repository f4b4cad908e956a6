"""Who sees a case: the policy, its SQL twin, the pages, and every other place that could tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.home.queries import list_tasks_for
from intranet.notifications.models import Notice, OutboxMessage
from intranet.search.models import PendingEntry
from intranet.whistleblowing.actions import steps
from intranet.whistleblowing.models import WhistleCase, WhistleOpening
from intranet.whistleblowing.numbers import number_words
from intranet.whistleblowing.policy import can_see_case
from intranet.whistleblowing.queries.cases import get_case, list_cases_for, receivers_of
from intranet.whistleblowing.queries.tasks import list_tasks_for as list_whistle_tasks
from tests import cast
from tests.browser import Browser
from tests.whistleblowing.factories import WHAT, file_of, make_case, take

LogIn = Callable[[int], Browser]
EVERYBODY = tuple(cast.PERSONS)


def _world(people: cast.Cast) -> dict[str, str]:
    """Plain; one concerning Nils; one concerning Mona, whose stand-in today is Nils; one with
    Eva investigating and Jonas reading; the same with Jonas excluded afterwards; one concerning
    both recipients."""
    with transaction():
        cast.away(people.mona, people.nils, today(), today() + timedelta(days=3))
    made = {
        "plain": make_case(),
        "nils": make_case(without_ids=[people.nils]),
        "mona": make_case(),
        "named": make_case(),
        "excluded": make_case(),
        "both": make_case(without_ids=[people.hanne, people.nils]),
    }
    take(people.hanne, made["mona"], steps.exclude_person, people.mona)
    for name in ("named", "excluded"):
        take(people.hanne, made[name], steps.confirm_case)
        take(people.hanne, made[name], steps.assess_case, "Ja.", is_whistleblowing=True)
        take(people.hanne, made[name], steps.appoint_investigator, people.eva, "Kan faget.")
        take(people.hanne, made[name], steps.name_reader, people.jonas, "Skal svare.")
    take(people.hanne, made["excluded"], steps.exclude_person, people.jonas)
    return made


def _expected(case: str) -> set[str]:
    return {
        "plain": {"hanne", "nils"},
        "nils": {"hanne"},
        "mona": {"hanne"},
        "named": {"hanne", "nils", "eva", "jonas"},
        "excluded": {"hanne", "nils", "eva"},
        "both": set(),
    }[case]


def test_policy_and_list_show_each_case_to_the_same_few(context: Flask, people: cast.Cast) -> None:
    """AZ-01."""
    made = _world(people)
    for name, case_id in made.items():
        case = get_case(case_id)
        viewers = {who: cast.viewer(people.ids[who]) for who in EVERYBODY}
        by_policy = {who for who, viewer in viewers.items() if can_see_case(viewer, case.access)}
        by_list = {
            who
            for who, viewer in viewers.items()
            if case_id in [each.id for each in list_cases_for(viewer)]
        }
        assert by_policy == by_list == _expected(name), name


def test_when_it_concerns_all_recipients_the_one_above_the_chief_gets_it(
    context: Flask, people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = replace(context.extensions["intranet_settings"], recipient_above_chief="petter")
    monkeypatch.setitem(context.extensions, "intranet_settings", changed)
    both = make_case(without_ids=[people.hanne, people.nils])
    plain = make_case()
    petter = cast.viewer(people.petter)
    assert [each.id for each in list_cases_for(petter)] == [both]
    assert can_see_case(petter, get_case(both).access)
    assert not can_see_case(petter, get_case(plain).access)
    assert receivers_of(get_case(both)) == {people.petter}
    assert [task.url for task in list_whistle_tasks(petter)] == [f"/varsling/sak/{both}"]


@pytest.mark.parametrize("who", [each for each in EVERYBODY if each not in ("hanne", "nils")])
def test_for_everybody_else_the_case_does_not_exist(
    app: Flask, people: cast.Cast, log_in: LogIn, who: str
) -> None:
    """AZ-04, AZ-07: leaders, chief, quality adviser, administrator and all others."""
    with app.app_context():
        case_id = make_case(unit_id=people.strandheim, attach=True)
        file_id = file_of(case_id)
        db.session.remove()
    browser = log_in(people.ids[who])
    for address in (f"/varsling/sak/{case_id}", f"/varsling/sak/{case_id}/fil/{file_id}",
                    "/varsling/saker"):  # fmt: skip
        assert browser.get(address).status == 404, address
    for step in ("bekreft", "vurder", "undersoker", "leser", "gjelder", "avslutt", "melding",
                 "oppfolging/1"):  # fmt: skip
        assert browser.post(f"/varsling/sak/{case_id}/{step}", {"text": "x"}).status == 404, step
    with app.app_context():
        assert list_tasks_for_in_request(app, people.ids[who]) == []
        assert db.session.execute(select(WhistleOpening)).all() == []
        db.session.remove()


def list_tasks_for_in_request(app: Flask, person_id: int) -> list[str]:
    with app.test_request_context():
        tasks = list_tasks_for(cast.viewer(person_id))
    return [task.url for task in tasks if "varsling" in task.url]


def test_search_has_nothing_and_notices_and_mails_say_nothing(
    context: Flask, people: cast.Cast
) -> None:
    """EM-03."""
    case_id = make_case(unit_id=people.strandheim, concerns="Olav Omdal", contact="Ingrid")
    take(people.hanne, case_id, steps.confirm_case)
    take(people.hanne, case_id, steps.assess_case, "Hemmelig.", is_whistleblowing=True)
    take(people.hanne, case_id, steps.appoint_investigator, people.eva, "Svogersaken.")
    assert db.session.execute(select(PendingEntry)).all() == []
    notices = db.session.execute(select(Notice)).scalars().all()
    mails = db.session.execute(select(OutboxMessage)).scalars().all()
    assert {each.recipient_id for each in notices} == {people.hanne, people.nils, people.eva}
    assert {each.recipient_id for each in mails} == {people.hanne, people.nils, people.eva}
    assert {each.title for each in notices} == {"Noe venter på deg i portalen"}
    assert {(each.subject, each.body) for each in mails} == {("Noe venter på deg i portalen", "")}
    assert {each.url for each in (*notices, *mails)} == {f"/varsling/sak/{case_id}"}


def test_recipient_has_list_desk_and_case_and_each_opening_is_noted(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        case_id = make_case(attach=True, contact="Ring meg på kvelden")
        file_id = file_of(case_id)
        number = db.session.execute(select(WhistleCase.number)).scalar_one()
        db.session.remove()
    hanne = log_in(people.hanne)
    assert f"/varsling/sak/{case_id}" in hanne.get("/varsling/saker").links()
    assert "/varsling/saker" in hanne.get("/").links()
    assert "/varsling/saker" not in log_in(people.mona).get("/").links()
    assert list_tasks_for_in_request(app, people.hanne) == [f"/varsling/sak/{case_id}"]
    page = hanne.get(f"/varsling/sak/{case_id}")
    assert WHAT in page.text
    assert "Ring meg på kvelden" in page.text
    assert number_words(number).replace("-", "\u2011") in page.heading
    assert hanne.get(f"/varsling/sak/{case_id}/fil/{file_id}", inspect=False).status == 200
    with app.app_context():
        rows = db.session.execute(
            select(WhistleOpening.person_id, WhistleOpening.file_id).order_by(WhistleOpening.id)
        ).all()
        events = db.session.execute(
            select(AuditEntry.actor_id).where(AuditEntry.event == "whistle.opened")
        ).all()
        db.session.remove()
    assert [tuple(row) for row in rows] == [(people.hanne, None), (people.hanne, file_id)]
    assert [row[0] for row in events] == [people.hanne, people.hanne]
    assert "Hentet en fil" in log_in(people.nils).get(f"/varsling/sak/{case_id}").text


def test_audit_page_says_that_something_happened_and_not_who_or_where(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AD-01: the chain itself keeps it all."""
    with app.app_context():
        case_id = make_case()
        take(people.hanne, case_id, steps.confirm_case)
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.event == "whistle.confirmed")
        ).scalar_one()
        assert (entry.actor_name, entry.subject_id) == ("Hanne Holm", case_id)
        db.session.remove()
    for who in (people.adam, people.petter):
        page = log_in(who).get("/revisjonslogg?hendelse=whistle.confirmed")
        assert page.status == 200
        (row,) = page.find("//ul[contains(@class, 'audit')]/li")
        assert "Bekreftet at et varsel er mottatt" in row.text_content()
        assert "Hanne" not in page.source
        assert case_id not in page.source
        assert "whistle_case" not in page.source
    plain = log_in(people.adam).get("/revisjonslogg?hendelse=session.opened")
    assert plain.status == 200
