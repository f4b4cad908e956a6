"""Corrective actions after they are set up: proof, another person or day, and what they did."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.deviations.actions import ending, handle, measures
from intranet.deviations.models import CorrectiveAction, DeviationEntry
from intranet.deviations.queries.cases import get_action_for
from intranet.deviations.queries.tasks import list_tasks_for
from intranet.deviations.severity import Category, Severity
from intranet.deviations.workflow import Effect
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import WHAT, do, report
from tests.deviations.test_desk import shown

LogIn = Callable[[int], Browser]
LATER = timedelta(days=10)


@pytest.fixture
def number(context: Flask, people: cast.Cast) -> int:
    made = report(people.ingrid, people.strandheim, category=Category.PATIENT, answers=[])
    do(people.mona, made, handle.acknowledge_deviation)
    return made


def add(people: cast.Cast, number: int, **changes: Any) -> int:
    args = ["Kjøpe ny matte.", people.jonas, today() + LATER]
    return int(do(people.mona, number, measures.add_action, *args, **changes).id)


def act(person_id: int, action_id: int, does: Any, *args: Any, **kwargs: Any) -> None:
    with transaction():
        viewer = cast.viewer(person_id)
        action, case = get_action_for(viewer, action_id)
        does(action, case, *args, actor=viewer, **kwargs)


def row(action_id: int) -> CorrectiveAction:
    db.session.expire_all()
    return db.session.get_one(CorrectiveAction, action_id)


def notices(event: str) -> dict[int, str]:
    rows = db.session.execute(
        select(Notice.recipient_id, Notice.url).where(Notice.event == event)
    ).all()
    return {found.recipient_id: found.url for found in rows}


def codes() -> list[str]:
    return list(
        db.session.execute(select(DeviationEntry.code).order_by(DeviationEntry.id)).scalars()
    )


def test_an_action_given_to_another_leaves_the_one_and_waits_for_the_other(
    number: int, people: cast.Cast
) -> None:
    action_id = add(people, number)
    act(
        people.mona, action_id, measures.change_action, people.eva, today() + LATER, "Jonas er syk."
    )
    assert list_tasks_for(cast.viewer(people.jonas)) == []
    assert [task.url for task in list_tasks_for(cast.viewer(people.eva))] == [
        f"/avvik/tiltak/{action_id}"
    ]
    with pytest.raises(NotFound):
        get_action_for(cast.viewer(people.jonas), action_id)
    told = notices("deviation.action_changed")
    assert told == {people.eva: f"/avvik/tiltak/{action_id}", people.jonas: "/mine-oppgaver"}
    assert codes()[-1] == "action_handed_over"


def test_a_new_deadline_starts_the_reminders_anew_and_needs_a_reason(
    number: int, people: cast.Cast
) -> None:
    action_id = add(people, number)
    before = row(action_id).next_due_at
    day = today() + timedelta(days=40)
    with pytest.raises(InvalidInput):
        act(people.mona, action_id, measures.change_action, people.jonas, day, " ")
    act(people.mona, action_id, measures.change_action, people.jonas, day, "Matta er bestilt.")
    after = row(action_id)
    assert after.due_on == day
    assert before is not None
    assert after.next_due_at is not None
    assert after.next_due_at > before
    entry = db.session.execute(
        select(DeviationEntry).where(DeviationEntry.code == "action_moved")
    ).scalar_one()
    assert entry.text == "Matta er bestilt."
    assert entry.params["day"] == f"{day:%d.%m.%Y}"
    assert notices("deviation.action_changed").keys() == {people.jonas}


@pytest.mark.parametrize(
    ("who", "days", "error"),
    [("jonas", 10, InvalidInput), ("eva", -1, InvalidInput)],
)
def test_a_change_that_changes_nothing_or_ends_in_the_past_is_refused(
    number: int, people: cast.Cast, who: str, days: int, error: type[Exception]
) -> None:
    action_id = add(people, number)
    day = today() + timedelta(days=days)
    with pytest.raises(error):
        act(people.mona, action_id, measures.change_action, getattr(people, who), day, "Fordi.")
    assert row(action_id).responsible_id == people.jonas


def test_nobody_but_the_handler_changes_or_rates_an_action(number: int, people: cast.Cast) -> None:
    """AZ-22."""
    action_id = add(people, number)
    day = today() + timedelta(days=20)
    for person in (people.jonas, people.kaja, people.kari):
        with pytest.raises(NotAllowed):
            act(person, action_id, measures.change_action, people.eva, day, "Fordi.")
        with pytest.raises(NotAllowed):
            act(person, action_id, measures.rate_action, Effect.WORKS, "Ser bra ut.")


def test_an_action_is_rated_when_it_is_done_and_not_before(number: int, people: cast.Cast) -> None:
    action_id = add(people, number)
    with pytest.raises(NotPossibleNow):
        act(people.mona, action_id, measures.rate_action, Effect.WORKS, "Ingen fall siden.")
    act(people.jonas, action_id, measures.finish_action, "Kjøpt.")
    with pytest.raises(InvalidInput):
        act(people.mona, action_id, measures.rate_action, Effect.WORKS, " ")
    act(people.mona, action_id, measures.rate_action, Effect.PARTLY, "Ett fall på to uker.")
    assert (row(action_id).effect, row(action_id).rated_by) == (Effect.PARTLY, people.mona)
    with pytest.raises(NotPossibleNow):
        act(people.mona, action_id, measures.change_action, people.eva, today() + LATER, "Nei.")


def test_a_person_whom_the_case_concerns_never_gets_an_action(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-09."""
    number = report(people.ingrid, people.strandheim, concerned=[people.eva])
    do(people.mona, number, handle.acknowledge_deviation)
    action_id = add(people, number)
    with pytest.raises(InvalidInput):
        act(people.mona, action_id, measures.change_action, people.eva, today() + LATER, "Fordi.")


def test_the_responsible_proves_it_with_a_file_and_reads_what_is_needed_but_not_the_case(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, handle.acknowledge_deviation)
        action_id = add(people, number, background="Badet på rom 4.")
        db.session.remove()
    url = f"/avvik/tiltak/{action_id}"
    jonas, mona = log_in(people.jonas), log_in(people.mona)
    page = jonas.get(url)
    assert "Badet på rom 4." in page.text
    assert "Spør Mona Dahl" in page.text
    assert WHAT not in page.source
    sent: dict[str, object] = {**page.form(f"{url}/ferdig"), "note": "Kjøpt."}
    sent["proof"] = (io.BytesIO(b"MZ\x90"), "virus.exe")
    refused = jonas.post(f"{url}/ferdig", sent)
    assert refused.status == 422
    assert "Kjøpt." in refused.source
    sent["proof"] = (io.BytesIO(b"Kvittering.\n"), "kvittering.txt")
    done = jonas.post(f"{url}/ferdig", sent)
    assert "kvittering.txt" in done.text
    proof = next(link for link in done.links() if "/fil/" in link)
    assert jonas.get(proof).status == 200
    assert mona.get(proof).status == 200
    assert "kvittering.txt" in mona.get(f"/avvik/{number}").text
    for stranger in (people.ingrid, people.tor):
        assert log_in(stranger).get(proof).status == 404
    assert "kvittering.txt" not in log_in(people.ingrid).get(f"/avvik/{number}").source
    assert mona.get(f"{url}/fil/{2**40}").status == 404


def test_the_handler_changes_and_rates_from_the_actions_own_page(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, handle.acknowledge_deviation)
        action_id = add(people, number)
        db.session.remove()
    url, mona = f"/avvik/tiltak/{action_id}", log_in(people.mona)
    form = mona.get(url).form(f"{url}/endre")
    assert form["responsible"] == "Jonas Berg"
    wrong = mona.post(f"{url}/endre", {**form, "responsible": "Finnes Ikke", "reason": "Fordi."})
    assert wrong.status == 422
    assert "Finnes Ikke" in wrong.source
    changed = mona.post(f"{url}/endre", {**form, "responsible": "Eva Åsen", "reason": "Fordi."})
    assert "Ansvarlig Eva Åsen" in changed.text
    stale = mona.post(f"{url}/endre", {**form, "responsible": "Vera Vik", "reason": "Fordi."})
    assert stale.status == 409
    eva = log_in(people.eva)
    eva.post(f"{url}/ferdig", {**eva.get(url).form(f"{url}/ferdig"), "note": "Kjøpt."})
    rate = mona.get(url).form(f"{url}/virker")
    rated = mona.post(f"{url}/virker", {**rate, "effect": "works", "note": "Ingen fall."})
    assert "Virker" in rated.text
    assert "Ingen fall." in rated.text
    assert "Ingen fall." not in eva.get(url).source
    assert "vurderte et tiltak: Virker" in mona.get(f"/avvik/{number}").text


def test_what_stands_in_the_way_of_closing_is_listed_with_where_to_mend_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, handle.acknowledge_deviation)
        do(people.mona, number, handle.change_severity, Severity.HIGH, "Kunne gått galt.")
        action_id = add(people, number)
        db.session.remove()
    base, mona = f"/avvik/{number}", log_in(people.mona)
    page = mona.get(base)
    assert "Avslutt tiltaket «Kjøpe ny matte»" in page.text
    assert f"/avvik/tiltak/{action_id}" in page.links()
    with app.app_context():
        act(people.jonas, action_id, measures.finish_action, "Kjøpt.")
        db.session.remove()
    plan = next(link for link in mona.get(base).links() if "steg=plan_evaluation" in link)
    opened = mona.get(plan)
    assert opened.find("//details[@id='step-plan_evaluation'][@open]")
    with app.app_context():
        do(people.mona, number, ending.plan_evaluation, today())
        db.session.remove()
    evaluate = next(link for link in mona.get(base).links() if "steg=evaluate" in link)
    assert mona.get(evaluate).find("//details[@id='step-evaluate'][@open]")
    with app.app_context():
        do(people.mona, number, ending.evaluate_deviation, "Virker.")
        db.session.remove()
    assert "Dette må gjøres før" not in mona.get(base).text


def test_what_was_rejected_below_waits_for_the_leader_above_until_they_have_looked(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        foreign = report(people.tor, people.school)
        for who, each in ((people.mona, number), (people.rita, foreign)):
            do(who, each, ending.reject_deviation, "Et ønske, ikke et avvik.")
        about = report(people.ingrid, people.strandheim, concerned=[people.kaja])
        do(people.ragnhild, about, ending.reject_deviation, "Ikke et avvik.")
        db.session.remove()
    kaja, mona = log_in(people.kaja), log_in(people.mona)
    assert shown(kaja.get("/avvik?visning=avvist")) == [number]
    assert shown(mona.get("/avvik?visning=avvist")) == []
    form = kaja.get(f"/avvik/{number}").form(f"/avvik/{number}/enig")
    assert mona.post(f"/avvik/{number}/enig", form).status == 403
    page = kaja.post(f"/avvik/{number}/enig", form)
    assert "så på avvisningen og var enig" in page.text
    assert shown(kaja.get("/avvik?visning=avvist")) == []
    assert number in shown(kaja.get("/avvik?visning=lukket"))
    again = kaja.post(f"/avvik/{number}/enig", form)
    assert again.status == 409
