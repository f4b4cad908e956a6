"""The desk of a leader of many: filters in the address, several cases at once, and its order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, today
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle
from intranet.deviations.models import Deviation, DeviationLink
from intranet.deviations.queries.visibility import handled_by
from intranet.deviations.severity import Category
from intranet.extensions import db
from tests import cast
from tests.browser import Browser, Page
from tests.deviations.factories import do, report

LogIn = Callable[[int], Browser]


def made(app: Flask, reporter: int, unit: int, **changes: object) -> int:
    with app.app_context():
        number = report(reporter, unit, **changes)  # type: ignore[arg-type]
        db.session.remove()
    return number


def shown(page: Page) -> list[int]:
    """The numbers in the list, in its order."""
    links = [link.removeprefix("/avvik/") for link in page.links()]
    return [int(link) for link in links if link.isdigit()]


def tick(page: Page, *numbers: int) -> list[str]:
    """What the checkboxes of these cases send."""
    values = [str(value) for value in page.find("//input[@name='valgt']/@value")]
    return [value for value in values if int(value.split(".")[0]) in numbers]


def states(app: Flask) -> dict[int, str]:
    with app.app_context():
        rows = db.session.execute(select(Deviation.number, Deviation.state)).all()
        return {row.number: str(row.state) for row in rows}


def test_state_and_overdue_are_filters_that_the_address_keeps(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    plain, begun, late = [made(app, people.ingrid, people.strandheim) for _ in range(3)]
    with app.app_context():
        do(people.mona, begun, handle.acknowledge_deviation)
        with transaction():
            row = db.session.execute(select(Deviation).where(Deviation.number == late)).scalar_one()
            row.due_on = today() - timedelta(days=3)
        db.session.remove()
    mona = log_in(people.mona)
    assert shown(mona.get("/avvik")) == [late, plain, begun]
    assert shown(mona.get("/avvik?status=acknowledged")) == [begun]
    overdue = mona.get("/avvik?frist=ute")
    assert shown(overdue) == [late]
    assert "/avvik?frist=ute&visning=alle" in overdue.links()
    assert shown(mona.get("/avvik?visning=lukket&status=acknowledged")) == []
    assert shown(mona.get("/avvik?status=tull&frist=tull")) == [late, plain, begun]


def test_the_filters_are_folded_until_something_is_chosen(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    mona = log_in(people.mona)
    assert len(mona.get("/avvik").find("//details[form//input[@name='q']]")) == 1
    assert mona.get("/avvik").find("//details[form//input[@name='q']]/@open") == []
    assert len(mona.get("/avvik?frist=ute").find("//details[form//input[@name='q']]/@open")) == 1


def test_the_stand_ins_tab_holds_what_is_had_for_another_and_others_have_no_such_tab(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        with transaction():
            cast.away(people.henrik, people.mona, today(), today())
        db.session.remove()
    own = made(app, people.ingrid, people.strandheim)
    lent = made(app, people.nils, people.home_care)
    mona = log_in(people.mona)
    assert sorted(shown(mona.get("/avvik"))) == [own, lent]
    assert shown(mona.get("/avvik?visning=stedfortreder")) == [lent]
    assert "Som stedfortreder" not in log_in(people.henrik).get("/avvik").text


def test_several_are_acknowledged_at_once_and_the_refused_say_why(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    one, two, changed = [made(app, people.ingrid, people.strandheim) for _ in range(3)]
    foreign = made(app, people.tor, people.school)
    mona = log_in(people.mona)
    chosen = tick(mona.get("/avvik"), one, two, changed)
    with app.app_context():
        do(people.mona, changed, handle.change_category, Category.PATIENT)
        db.session.remove()
    page = mona.post(
        "/avvik/flere?visning=alle", {"gjor": "bekreft", "valgt": [*chosen, f"{foreign}.1"]}
    )
    assert "2 avvik er behandlet" in page.text
    assert "2 avvik ble ikke endret" in page.text
    assert "Noen andre endret saken" in page.text
    assert "Vi finner ikke dette avviket" in page.text
    assert "/avvik?visning=alle" in page.links()
    after = states(app)
    assert [after[n] for n in (one, two)] == ["acknowledged", "acknowledged"]
    assert [after[n] for n in (changed, foreign)] == ["reported", "reported"]
    with app.app_context():
        seen = db.session.execute(
            select(AuditEntry.event).where(AuditEntry.event == "deviation.acknowledged")
        )
        assert len(seen.all()) == 2


def test_several_are_sent_to_one_leader_with_one_reason(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    numbers = [made(app, people.ingrid, people.strandheim) for _ in range(3)]
    mona = log_in(people.mona)
    chosen = tick(mona.get("/avvik"), *numbers)
    page = mona.post("/avvik/flere", {"gjor": "videresend", "valgt": chosen})
    assert page.heading == "Send 3 avvik videre"
    refused = mona.post(
        "/avvik/flere/videresend", {"valgt": chosen, "unit_id": str(people.school), "reason": " "}
    )
    assert refused.status == 422
    assert tick(refused, *numbers) == chosen
    done = mona.post(
        "/avvik/flere/videresend",
        {"valgt": chosen, "unit_id": str(people.school), "reason": "Gjelder skolen."},
    )
    assert "3 avvik er behandlet" in done.text
    assert sorted(shown(log_in(people.rita).get("/avvik"))) == numbers


def test_several_are_linked_to_the_oldest_of_them(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    first, second, third = [made(app, people.ingrid, people.strandheim) for _ in range(3)]
    mona = log_in(people.mona)
    chosen = tick(mona.get("/avvik"), first, second, third)
    page = mona.post("/avvik/flere", {"gjor": "knytt", "valgt": chosen})
    assert "2 avvik er behandlet" in page.text
    with app.app_context():
        assert len(db.session.execute(select(DeviationLink)).all()) == 2
    assert set(shown(mona.get(f"/avvik/{first}"))) >= {second, third}
    twice = tick(mona.get("/avvik"), first, second)
    again = mona.post("/avvik/flere", {"gjor": "knytt", "valgt": twice})
    assert "knyttet sammen fra før" in again.text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"gjor": "bekreft"},
        {"gjor": "slett", "valgt": ["202600001.1"]},
        {"gjor": "bekreft", "valgt": ["x", "1.", ".1", "-1.1", "9" * 30 + ".1", "²³.1"]},
        {"gjor": "knytt", "valgt": ["202600001.1"]},
    ],
)
def test_what_no_page_sends_changes_nothing_and_leads_back_with_words(
    app: Flask, people: cast.Cast, log_in: LogIn, sent: dict[str, object]
) -> None:
    made(app, people.ingrid, people.strandheim)
    page = log_in(people.mona).post("/avvik/flere", sent)
    assert page.heading == "Avvik"
    assert "Kryss av for" in page.text
    assert set(states(app).values()) == {"reported"}


def test_the_desk_has_the_same_number_of_queries_however_many_rows(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    mona = log_in(people.mona)
    made(app, people.ingrid, people.strandheim)
    few = len(mona.get("/avvik").queries)
    for _ in range(20):
        made(app, people.ingrid, people.strandheim)
    page = mona.get("/avvik?visning=alle&status=reported&frist=&q=gulv")
    # The list, its counts and its units; the other four are the person's and the bell's.
    assert len(page.queries) == few <= 7, "\n\n".join(page.queries)


def test_the_list_of_whom_it_waits_for_reads_no_table_from_end_to_end(
    app: Flask, people: cast.Cast
) -> None:
    """A leader's own list must not read every case there is."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL reads a table of no rows from end to end, and rightly")
        mine = select(Deviation.id).where(handled_by(cast.viewer(people.mona)))
        made_sql = mine.compile(db.engine, compile_kwargs={"render_postcompile": True})
        values = tuple(made_sql.params[name] for name in made_sql.positiontup or ())
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {made_sql}", values)
        lines = [str(row[-1]) for row in plan]
    assert lines
    assert not any(line.startswith("SCAN deviation") for line in lines), lines


def test_the_stand_in_reads_until_when_and_the_leader_has_the_case_again_after_that(
    app: Flask, people: cast.Cast, log_in: LogIn, at: Callable[..., None]
) -> None:
    """AZ-08: nobody has to hand anything back."""
    with app.app_context():
        with transaction():
            cast.away(people.henrik, people.siri, today(), today() + timedelta(days=3))
        db.session.remove()
    number = made(app, people.nils, people.home_care)
    page = log_in(people.siri).get(f"/avvik/{number}")
    assert "stedfortreder for Henrik Haug til og med" in page.text
    assert "går den tilbake av seg selv" in page.text
    at(now() + timedelta(days=4))
    assert log_in(people.siri).get(f"/avvik/{number}").status == 404
    after = log_in(people.henrik).get(f"/avvik/{number}")
    assert after.status == 200
    assert "stedfortreder for" not in after.text
    assert number in shown(log_in(people.henrik).get("/avvik"))
