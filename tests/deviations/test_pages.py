"""The pages of deviations as people meet them: forms, refusals, and what each one reads."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from intranet.core.clock import OSLO, now, today
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, ending, handle
from intranet.deviations.models import Deviation, DeviationDraft
from intranet.deviations.numbers import number_words
from intranet.deviations.queries import lists
from intranet.deviations.severity import Category
from intranet.deviations.workflow import NOT_SOLVED_WINDOW
from intranet.extensions import db
from intranet.web.filters import day
from tests import cast
from tests.browser import Browser
from tests.core import hostile
from tests.deviations.factories import WHAT, do, report

LogIn = Callable[[int], Browser]


def fields(unit_id: int, **changes: object) -> dict[str, object]:
    """A valid report as a browser sends it, an hour ago."""
    local = (now() - timedelta(hours=1)).astimezone(OSLO)
    return {
        "what": WHAT,
        "unit_id": str(unit_id),
        "day": f"{local:%Y-%m-%d}",
        "clock": f"{local:%H:%M}",
        "send_key": str(uuid.uuid4()),
        **changes,
    }


def count_reports(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(Deviation)).scalar_one()


def made(app: Flask, reporter: int, unit: int, **changes: object) -> int:
    with app.app_context():
        number = report(reporter, unit, **changes)  # type: ignore[arg-type]
        db.session.remove()
    return number


def test_a_report_in_three_fields_gives_a_receipt_with_number_and_what_happens_next(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    page = ingrid.get("/avvik/meld")
    assert page.status == 200
    assert page.form()["unit_id"] == str(people.ward)
    receipt = ingrid.post("/avvik/meld", fields(people.strandheim))
    assert receipt.status == 200
    assert receipt.heading == "Avviket er sendt"
    assert "Mona Dahl" in receipt.text
    assert count_reports(app) == 1


def test_the_receipt_leads_to_the_list_where_the_report_can_be_followed(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    page = log_in(people.ingrid).get("/avvik/mine")
    assert f"/avvik/{number}" in page.links()
    assert "Bruker skled på vått gulv på badet" in page.text


def test_a_second_press_of_send_gives_the_same_receipt_and_no_second_report(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-04."""
    ingrid, sent = log_in(people.ingrid), fields(people.strandheim)
    first = ingrid.post("/avvik/meld", sent, follow_redirects=False)
    second = ingrid.post("/avvik/meld", sent, follow_redirects=False)
    assert first.location == second.location
    assert count_reports(app) == 1


def test_another_person_with_the_same_key_gets_a_report_of_their_own(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    sent = fields(people.strandheim)
    first = log_in(people.ingrid).post("/avvik/meld", sent, follow_redirects=False)
    second = log_in(people.jonas).post("/avvik/meld", sent, follow_redirects=False)
    assert first.location != second.location
    assert count_reports(app) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": "  "}, "Skriv hva som skjedde."),
        ({"what": "x" * 8001}, "for lang"),
        ({"what": "Fall\x00"}, "tegn som ikke kan lagres"),
        ({"unit_id": ""}, "Velg hvor det skjedde."),
        ({"unit_id": "99999999999999999999"}, ""),
        ({"unit_id": "424242"}, ""),
        ({"day": "2026-02-31"}, ""),
        ({"day": "2199-12-31"}, "Tidspunktet har ikke vært ennå"),
        ({"clock": "25:00"}, ""),
        ({"concerned_person": "Ingen Som Finnes"}, "Vi finner ingen med dette navnet"),
        ({"category": "patient", "answers_patient": "patient.made_up"}, ""),
    ],
)
def test_a_report_that_cannot_be_used_is_shown_again_with_the_text_and_kept_as_draft(
    app: Flask, people: cast.Cast, log_in: LogIn, changes: dict[str, object], words: str
) -> None:
    """IN-05, IN-07, D8."""
    ingrid = log_in(people.ingrid)
    note = "Vi tørket gulvet med en gang."
    page = ingrid.post(
        "/avvik/meld", {**fields(people.strandheim), "immediate_action": note, **changes}
    )
    assert page.status == 422
    assert words in page.text
    assert note in page.source
    assert count_reports(app) == 0
    if "\x00" not in str(changes.get("what")):
        assert note in ingrid.get("/avvik/meld").source


def test_a_text_of_exactly_the_longest_length_is_kept_whole(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-06, IN-07: emoji, combining signs and æøå come back as one and the same text."""
    what = ("Blåbærgrøt på Ås 🚑 " * 500)[:7999] + "x"
    page = log_in(people.ingrid).post("/avvik/meld", fields(people.strandheim, what=what))
    assert page.status == 200
    with app.app_context():
        assert db.session.execute(select(Deviation.what)).scalar_one() == what


def test_fields_that_the_form_does_not_have_change_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-21, AZ-23: the server decides route, state and reporter."""
    sent = fields(
        people.strandheim,
        handler_id=str(people.jonas),
        state="closed",
        reporter_id=str(people.tor),
        severity_rank="0",
        is_confidential="1",
    )
    log_in(people.ingrid).post("/avvik/meld", sent)
    with app.app_context():
        row = db.session.execute(select(Deviation)).scalar_one()
        assert (row.handler_id, row.state, row.reporter_id, row.is_confidential) == (
            people.mona,
            "reported",
            people.ingrid,
            False,
        )


def test_what_concerns_the_leader_goes_past_the_leader_without_a_trace_for_them(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-09: no list row, no count, no task, no notice, no page."""
    ingrid = log_in(people.ingrid)
    ingrid.post("/avvik/meld", fields(people.strandheim, concerns="place"))
    with app.app_context():
        number = db.session.execute(select(Deviation.number)).scalar_one()
    mona, kaja = log_in(people.mona), log_in(people.kaja)
    assert mona.get(f"/avvik/{number}").status == 404
    for url in ("/avvik", "/avvik?visning=alle", "/avvik?visning=alle&q=vått", "/mine-oppgaver"):
        assert str(number) not in mona.get(url).source
        assert "1" not in [count.text for count in mona.get(url).find("//main//*[@class='count']")]
    assert str(number) not in mona.get("/varsler").source
    assert number_words(number) not in mona.get("/varsler").source
    assert kaja.get(f"/avvik/{number}").status == 200
    assert str(number) in kaja.get("/avvik").source


def test_a_draft_is_offered_again_and_is_gone_when_the_report_is_sent(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    half = {"what": "Jeg rakk ikke", "unit_id": "", "day": "", "clock": "", "step": "draft"}
    assert ingrid.post("/avvik/meld", half).status == 200
    again = ingrid.get("/avvik/meld")
    assert "Du har et utkast" in again.text
    assert again.form(None) is not None
    assert "Jeg rakk ikke" in again.source
    ingrid.post("/avvik/meld", fields(people.ward))
    with app.app_context():
        assert db.session.execute(select(DeviationDraft)).first() is None


def test_nobody_gets_another_persons_draft(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    """AZ-06."""
    log_in(people.ingrid).post("/avvik/meld", {"what": "Hemmelig tekst", "step": "draft"})
    assert "Hemmelig tekst" not in log_in(people.jonas).get("/avvik/meld").source


def test_a_report_after_the_session_ended_gives_the_text_back(
    app: Flask, people: cast.Cast, client: Browser
) -> None:
    """CF-16."""
    page = client.post("/avvik/meld", fields(people.ward), token=False, inspect=False)
    assert page.status in (400, 401)
    assert WHAT in page.source


def test_a_procedure_in_the_address_is_carried_into_the_form(
    people: cast.Cast, log_in: LogIn
) -> None:
    page = log_in(people.ingrid).get("/avvik/meld?prosedyre=PRO-12")
    assert page.form()["procedure_number"] == "PRO-12"


def test_the_reporter_reads_messages_and_never_the_notes_of_the_leaders(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-11."""
    number = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        do(people.mona, number, handle.acknowledge_deviation)
        do(people.mona, number, dialogue.send_message, "Var gulvet tørket?")
        do(people.mona, number, dialogue.write_note, "Samme mønster som i august.")
        db.session.remove()
    reporter = log_in(people.ingrid).get(f"/avvik/{number}")
    assert "Var gulvet tørket?" in reporter.text
    assert "Samme mønster" not in reporter.source
    assert "Samme mønster" in log_in(people.mona).get(f"/avvik/{number}").text


def test_the_whole_life_of_a_case_through_its_pages(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim, category=Category.PATIENT, answers=[])
    mona, ingrid, jonas = log_in(people.mona), log_in(people.ingrid), log_in(people.jonas)
    base = f"/avvik/{number}"

    def press(person: Browser, step: str, **typed: str) -> None:
        form = person.get(base).form(f"{base}/{step}")
        page = person.post(f"{base}/{step}", {**form, **typed})
        assert page.status == 200, page.text[:2000]

    press(mona, "bekreft")
    press(mona, "melding", text="Lå matta på plass?")
    press(ingrid, "melding", text="Nei, den var til vask.")
    press(
        mona,
        "tiltak",
        what="Kjøpe en matte til.",
        responsible="Jonas Berg",
        due_on=f"{today() + timedelta(days=7):%Y-%m-%d}",
    )
    with app.app_context():
        assert db.session.execute(select(Deviation.state)).scalar_one() == "actions_under_way"
    task = next(link for link in jonas.get("/mine-oppgaver").links() if "/avvik/tiltak/" in link)
    action = jonas.get(task)
    assert action.status == 200
    assert WHAT not in action.source
    assert jonas.get(base).status == 404
    done = jonas.post(f"{task}/ferdig", {**action.form(f"{task}/ferdig"), "note": "Kjøpt."})
    assert "Utført" in done.text
    press(mona, "lukk", answer="Vi har kjøpt en matte til. Takk for at du meldte.")
    seen = ingrid.get(base)
    assert "Vi har kjøpt en matte til" in seen.text
    assert "Lukket" in seen.text
    with app.test_request_context():
        last = f"til og med {day(now() + NOT_SOLVED_WINDOW)}."
    assert last in seen.text
    assert last not in mona.get(base).text
    press(ingrid, "ikke-lost", reason="Matta er borte igjen.")
    assert log_in(people.kaja).get("/avvik").source.count(base) == 1
    assert "Si fra at det ikke er løst" not in ingrid.get(base).text


def test_the_reporter_reads_what_they_wait_for_and_the_handler_what_to_do(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ours, theirs = (
        log_in(each).get(f"/avvik/{number}").text for each in (people.mona, people.ingrid)
    )
    to_do, awaited = "Bekreft at du har mottatt:", "Du får vite at det er mottatt:"
    assert (to_do in ours, awaited in ours) == (True, False)
    assert (to_do in theirs, awaited in theirs) == (False, True)


@pytest.mark.parametrize(
    ("step", "typed", "status"),
    [
        ("lukk", {"answer": "Ferdig."}, 409),
        ("lukk", {"answer": " "}, 422),
        ("effekt", {"evaluation": "Virker."}, 409),
        ("ikke-lost", {"reason": "Nei."}, 403),
        ("trekk", {}, 403),
        ("gjenapne", {"reason": "Feil."}, 409),
        ("tiltak", {"what": "Gjør", "responsible": "Finnes Ikke", "due_on": "2099-01-01"}, 422),
        ("tiltak", {"what": "Gjør", "responsible": "jonas", "due_on": "2001-01-01"}, 409),
        ("alvorlighet", {"severity": "enorm", "reason": "x"}, 422),
        ("avvis", {"reason": ""}, 422),
        ("gjelder", {"person": "Finnes Ikke"}, 422),
        ("fil", {}, 422),
    ],
)
def test_a_step_that_is_not_allowed_is_refused_with_the_reason_and_the_text(
    app: Flask,
    people: cast.Cast,
    log_in: LogIn,
    step: str,
    typed: dict[str, str],
    status: int,
) -> None:
    """AZ-22."""
    number = made(app, people.ingrid, people.strandheim)
    page = log_in(people.mona).post(f"/avvik/{number}/{step}", {"version": "1", **typed})
    with app.app_context():
        row = db.session.execute(select(Deviation)).scalar_one()
        assert row.state == "reported"
        version = row.version
    if version != 1:
        page = log_in(people.mona).post(
            f"/avvik/{number}/{step}", {"version": str(version), **typed}
        )
    assert page.status == status, page.text[:1500]
    assert typed.get("answer", typed.get("evaluation", "")).strip() in page.source


def test_a_page_that_is_older_than_the_case_gets_409_and_keeps_the_text(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """CC-02, D7."""
    number = made(app, people.ingrid, people.strandheim)
    mona = log_in(people.mona)
    old = mona.get(f"/avvik/{number}").form(f"/avvik/{number}/bekreft")["version"]
    with app.app_context():
        do(people.mona, number, handle.acknowledge_deviation)
        db.session.remove()
    page = mona.post(f"/avvik/{number}/lukk", {"version": old, "answer": "Mitt lange svar."})
    assert page.status == 409
    assert "Mitt lange svar." in page.source
    with app.app_context():
        assert db.session.execute(select(Deviation.state)).scalar_one() == "acknowledged"


def test_a_file_is_fetched_only_under_its_own_case_and_by_those_who_may(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-04, AZ-05."""
    ingrid = log_in(people.ingrid)
    sent = fields(people.strandheim)
    sent["files"] = (io.BytesIO(b"Notat om gulvet.\n"), "notat.txt")
    page = ingrid.post("/avvik/meld", sent)
    assert page.status == 200, page.text[:1500]
    other = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        numbers = set(db.session.execute(select(Deviation.number)).scalars())
    number = (numbers - {other}).pop()
    url = f"/avvik/{number}/fil/1"
    assert ingrid.get(url).status == 200
    assert log_in(people.mona).get(url).status == 200
    assert log_in(people.tor).get(url).status == 404
    assert ingrid.get(f"/avvik/{other}/fil/1").status == 404
    assert ingrid.get(f"/avvik/{number}/fil/{2**40}").status == 404


def test_a_file_of_a_kind_that_is_not_taken_leaves_the_text_in_the_form(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """FI-03, FI-13: the report's text is never lost for a file."""
    sent = fields(people.strandheim)
    sent["files"] = (io.BytesIO(b"MZ\x90"), "virus.exe")
    page = log_in(people.ingrid).post("/avvik/meld", sent)
    assert page.status == 422
    assert WHAT in page.source
    assert count_reports(app) == 0


def test_the_pages_stay_within_their_number_of_queries(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    numbers = [made(app, people.ingrid, people.strandheim) for _ in range(12)]
    mona, ingrid = log_in(people.mona), log_in(people.ingrid)
    case = mona.get(f"/avvik/{numbers[0]}")
    # What it is about, its causes and its kind with what was proposed are one each.
    assert len(case.queries) <= 11, "\n\n".join(case.queries)
    # Two of them are the session and the standing.
    mine = ingrid.get("/avvik/mine")
    assert len(mine.queries) <= 5, "\n\n".join(mine.queries)
    desk = mona.get("/avvik")
    assert len(desk.queries) <= 5, "\n\n".join(desk.queries)


def test_the_desk_keeps_its_filters_in_the_address_and_pages_on(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    numbers = {made(app, people.ingrid, people.strandheim) for _ in range(30)}
    mona = log_in(people.mona)
    first = mona.get("/avvik?visning=alle&type=&q=gulv")
    older = next(link for link in first.links() if "etter=" in link)
    assert "q=gulv" in older
    second = mona.get(older)
    seen = [n for n in numbers for page in (first, second) if f"/avvik/{n}" in page.links()]
    assert sorted(seen) == sorted(numbers)
    assert "Ingen avvik passer" in mona.get("/avvik?visning=alle&q=100%25").text
    assert mona.get("/avvik?etter=tull&enhet=x&alvorlighet=y&visning=z").status == 200


def test_the_desk_is_calm_when_nothing_waits(people: cast.Cast, log_in: LogIn) -> None:
    assert "Ingen avvik venter på deg. Bra!" in log_in(people.rita).get("/avvik").text


def test_a_critical_case_is_on_the_chief_executives_page_at_once(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(
        app,
        people.ingrid,
        people.strandheim,
        category=Category.PATIENT,
        answers=["patient.lasting"],
    )
    page = log_in(people.ragnhild).get("/avvik/kommunen")
    assert f"/avvik/{number}" in page.links()
    assert number_words(number) in log_in(people.ragnhild).get("/varsler").text.replace("‑", "-")
    assert log_in(people.ingrid).get("/avvik/kommunen").status == 403


def test_a_case_is_forwarded_from_its_own_page(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    mona = log_in(people.mona)
    form = mona.get(f"/avvik/{number}/videresend").form()
    page = mona.post(
        f"/avvik/{number}/videresend", {**form, "unit_id": str(people.school), "reason": ""}
    )
    assert page.status == 422
    mona.post(
        f"/avvik/{number}/videresend",
        {**form, "unit_id": str(people.school), "reason": "Gjelder skolen."},
    )
    assert f"/avvik/{number}" in log_in(people.rita).get("/avvik").links()


def test_the_stand_ins_share_of_the_desk_is_marked(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        with transaction():
            cast.away(people.henrik, people.siri, today(), today())
        db.session.remove()
    made(app, people.nils, people.home_care)
    assert "på vegne av Henrik Haug" in log_in(people.siri).get("/avvik").text


def test_all_actions_of_a_rejected_case_are_told_one_level_up(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        do(people.mona, number, ending.reject_deviation, "Dette er et ønske om nytt utstyr.")
        db.session.remove()
    kaja = log_in(people.kaja)
    assert "er avvist" in kaja.get("/varsler").text
    assert "Dette er et ønske om nytt utstyr." in kaja.get(f"/avvik/{number}").text
    assert "Dette er et ønske om nytt utstyr." in log_in(people.ingrid).get(f"/avvik/{number}").text


def test_an_unknown_number_is_not_found_however_long(people: cast.Cast, log_in: LogIn) -> None:
    """IN-08."""
    ingrid = log_in(people.ingrid)
    for number in (0, 1, 2**31, 2**63, 2**70):
        assert ingrid.get(f"/avvik/{number}").status == 404
        assert ingrid.get(f"/avvik/tiltak/{number}").status == 404


def test_the_reporter_attaches_a_file_afterwards_and_the_handler_is_told(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    ingrid = log_in(people.ingrid)
    form = ingrid.get(f"/avvik/{number}").form(f"/avvik/{number}/fil")
    assert "is_public" not in form
    sent: dict[str, object] = {**form, "file": (io.BytesIO(b"Mer om saken.\n"), "mer.txt")}
    page = ingrid.post(f"/avvik/{number}/fil", sent)
    assert "mer.txt" in page.text
    assert "mer.txt" in log_in(people.mona).get(f"/avvik/{number}").text
    assert "Melderen har skrevet" in log_in(people.mona).get("/varsler").text


def test_the_handlers_own_file_stays_hidden_from_the_reporter(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-11."""
    number = made(app, people.ingrid, people.strandheim)
    mona = log_in(people.mona)
    form = mona.get(f"/avvik/{number}").form(f"/avvik/{number}/fil")
    mona.post(f"/avvik/{number}/fil", {**form, "file": (io.BytesIO(b"Internt.\n"), "internt.txt")})
    assert "internt.txt" in mona.get(f"/avvik/{number}").text
    ingrid = log_in(people.ingrid)
    assert "internt.txt" not in ingrid.get(f"/avvik/{number}").source
    assert ingrid.get(f"/avvik/{number}/fil/1").status == 404


def test_a_photo_straight_from_the_camera_goes_with_the_report(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    ingrid = log_in(people.ingrid)
    camera = ingrid.get("/avvik/meld").find("//input[@name='photo']")[0]
    assert (camera.get("capture"), camera.get("accept")) == ("environment", "image/*")
    sent = fields(people.strandheim, photo=(io.BytesIO(hostile.HEIC), "IMG_0042.HEIC"))
    receipt = ingrid.post("/avvik/meld", sent)
    number = next(link for link in receipt.links() if re.fullmatch(r"/avvik/\d+", link))
    assert "IMG_0042.jpg" in ingrid.get(number).text


def test_the_desk_reads_open_cases_by_an_index(
    app: Flask, people: cast.Cast, context: None
) -> None:
    """Nine of ten cases have ended: no list and no count of the desk may walk through them."""
    if db.engine.dialect.name != "sqlite":
        return
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert "alle" not in lists.count_desk(cast.viewer(people.mona))
        for show in ("alle", "over-frist", "uten-ansvarlig", "avvist"):
            lists.list_desk(cast.viewer(people.mona), lists.DeskFilter(show=show))
        assert not lists.list_desk(
            cast.viewer(people.mona), lists.DeskFilter(show="stedfortreder")
        ).rows
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    asked = [each for each in seen if "FROM deviation" in each[0]]
    assert len(asked) == 5  # Nothing is asked for a stand-in of nobody.
    for statement, values in asked:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
        assert not [step for step in steps if step.startswith("SCAN deviation")], steps
        # Nor through all open ones: from the units of a leader who sees few.
        assert not [step for step in steps if "ix_deviation_desk " in step], steps
        read_by = "\n".join(steps)
        if len(statement) > 4000:
            assert "ix_deviation_rejected" in read_by
            assert "ix_deviation_open_line" in read_by
