"""The pages of statutory clocks and special types: sections, forms, refusals, registers, rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from intranet.core.clock import OSLO, now
from intranet.deviations.actions import ending, handle, merge, types
from intranet.deviations.clock_models import ClockDefinition, DeviationDetails, StatutoryClock
from intranet.deviations.clocks import ClockState, Limit
from intranet.deviations.models import Deviation
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.type_words import limit_words
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.people.models import RoleGrant
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report

LogIn = Callable[[int], Browser]


def made(app: Flask, people: cast.Cast, kind: Kind | None = None, **answers: str) -> int:
    """A case that Ingrid reported and Mona gave a kind and answers."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        if kind is not None:
            do(people.mona, number, types.choose_kind, kind)
        if answers:
            do(people.mona, number, types.save_answers, answers)
        db.session.remove()
    return number


def clock_ids(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(StatutoryClock)).scalars()
        return {f"{row.key}.{row.phase}": row.id for row in rows}


def moment(minutes_ago: int = 0) -> dict[str, str]:
    local = (now() - timedelta(minutes=minutes_ago)).astimezone(OSLO)
    return {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}


def test_the_handler_chooses_the_kind_and_reads_what_goes_to_whom_and_by_when(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people)
    mona = log_in(people.mona)
    assert f"/avvik/{number}/hendelse" in mona.get(f"/avvik/{number}").links()
    page = mona.post(f"/avvik/{number}/hendelse", {"kind": "data_breach"})
    assert page.status == 200
    for words in ("Frister etter loven", "Meld bruddet", "Datatilsynet", "72 timer", "igjen"):
        assert words in page.text
    assert page.heading


def test_the_most_pressing_clock_stands_first_and_settled_ones_last(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.WORK_INJURY, serious="yes")
    mona = log_in(people.mona)
    text = mona.get(f"/avvik/{number}").text
    assert "73 19 97 00" in text
    order = [text.index(words) for words in ("Ring og varsle", "Bekreft varselet", "Send skade")]
    assert order == sorted(order)
    sent = {"note": "Ringte Arbeidstilsynet.", "reference": "A-1", **moment()}
    page = mona.post(f"/avvik/{number}/frist/{clock_ids(app)['work_accident.call']}/gjort", sent)
    assert page.status == 200
    assert page.text.index("Send skade") < page.text.index("Ring og varsle om ulykken")
    assert "A-1" in page.text


def test_a_refused_form_keeps_the_text_and_says_why(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH)
    clock = clock_ids(app)["data_breach.authority"]
    mona = log_in(people.mona)
    for path, sent, words in (
        ("gjort", {"note": "", **moment()}, "Skriv hva som er sendt eller gjort."),
        ("gjort", {"note": "Sendt.", "day": "2026-02-31", "clock": "10:00"}, ""),
        ("gjort", {"note": "Sendt.", "day": "2199-12-31", "clock": "10:00"}, "har ikke vært ennå"),
        ("gjort", {"note": "Gjaldt 01019012480.", **moment()}, "Fjern fødselsnummeret"),
        ("gjelder-ikke", {"reason": " "}, "Skriv hvorfor fristen ikke gjelder."),
        ("tidspunkt", {"reason": "", **moment(5)}, "Skriv hvorfor tidspunktet rettes."),
        ("tidspunkt", {"reason": "Før.", "day": "2020-01-01", "clock": "10:00"}, "før det skjedde"),
    ):
        page = mona.post(f"/avvik/{number}/frist/{clock}/{path}", sent)
        assert page.status == 422, (path, sent)
        assert words in page.text
        for value in sent.values():
            assert value.strip() in page.source
    page = mona.post(f"/avvik/{number}/frist/{clock}/gjelder-ikke", {"reason": "Liten sak."})
    assert page.status == 409
    assert "Vurder risikoen først" in page.text
    assert "Liten sak." in page.source


def test_a_clock_of_another_case_is_not_found(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    """AZ-04."""
    number, other = made(app, people, Kind.DATA_BREACH), made(app, people)
    clock = clock_ids(app)["data_breach.authority"]
    mona = log_in(people.mona)
    assert mona.get(f"/avvik/{other}/frist/{clock}/gjort").status == 404
    assert mona.get(f"/avvik/{number}/frist/{2**40}/gjort").status == 404
    assert log_in(people.tor).get(f"/avvik/{number}/frist/{clock}/gjort").status == 404


@pytest.mark.parametrize("path", ["gjort", "gjelder-ikke", "tidspunkt"])
def test_readers_see_the_clocks_and_may_not_settle_them(
    app: Flask, people: cast.Cast, log_in: LogIn, path: str
) -> None:
    number = made(app, people, Kind.DATA_BREACH)
    clock = clock_ids(app)["data_breach.authority"]
    kari, ingrid = log_in(people.kari), log_in(people.ingrid)
    assert "Frister etter loven" in kari.get(f"/avvik/{number}").text
    assert f"/frist/{clock}/" not in " ".join(kari.get(f"/avvik/{number}").links())
    assert kari.get(f"/avvik/{number}/frist/{clock}/{path}").status == 403
    assert "Frister etter loven" not in ingrid.get(f"/avvik/{number}").text
    assert ingrid.get(f"/avvik/{number}/frist/{clock}/{path}").status == 404


def test_the_reporter_proposes_and_the_handler_confirms(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people)
    ingrid, mona = log_in(people.ingrid), log_in(people.mona)
    page = ingrid.get(f"/avvik/{number}/hendelse")
    assert "Digital hendelse" not in page.text
    assert ingrid.post(f"/avvik/{number}/hendelse", {"kind": "ordinary"}).status == 422
    page = ingrid.post(f"/avvik/{number}/hendelse", {"kind": "violence"})
    assert "foreslo typen" in page.text
    page = mona.get(f"/avvik/{number}")
    assert "Melderen har selv foreslått denne typen" in page.text
    page = mona.post(f"/avvik/{number}/hendelse", {"kind": "violence"})
    assert "Melderen har selv foreslått denne typen" not in page.text


def test_answers_are_kept_and_open_the_next_clock(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH)
    mona = log_in(people.mona)
    form = mona.get(f"/avvik/{number}/hendelse/svar").form()
    sent = {**form, "svar_risk": "high", "svar_facts": "Ei liste lå åpent i to døgn."}
    page = mona.post(f"/avvik/{number}/hendelse/svar", sent)
    assert "Si fra til dem det gjelder" in page.text
    assert "Ei liste lå åpent i to døgn." in page.text
    again = mona.post(f"/avvik/{number}/hendelse/svar", {**sent, "svar_facts": "Noe annet."})
    assert again.status == 409
    assert "Noe annet." in again.source
    wrong = mona.post(f"/avvik/{number}/hendelse/svar", {**sent, "svar_risk": "svært"})
    assert wrong.status == 422


def test_the_closed_part_is_for_the_handler_and_opened_by_a_button(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.VIOLENCE)
    mona = log_in(people.mona)
    page = mona.post(f"/avvik/{number}/lukket-del", {})
    assert page.heading == "Lukket del"
    page = mona.post(
        f"/avvik/{number}/lukket-del/lagre", {**page.form(), "text": "Gjelder Nils Lunde."}
    )
    assert page.status == 200
    assert "Gjelder Nils Lunde." not in page.text
    assert "Gjelder Nils Lunde." in mona.post(f"/avvik/{number}/lukket-del", {}).source
    for person in (people.kaja, people.kari, people.ingrid, people.vera):
        other = log_in(person)
        assert "Gjelder Nils Lunde." not in other.get(f"/avvik/{number}").source
        assert other.post(f"/avvik/{number}/lukket-del", {}).status in (403, 404)
        assert other.post(f"/avvik/{number}/lukket-del/lagre", {"text": ""}).status in (403, 404)


def test_the_tasks_show_running_clocks(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    made(app, people, Kind.DATA_BREACH)
    for person in (people.mona, people.petter):
        text = log_in(person).get("/mine-oppgaver").text
        assert "Meld bruddet" in text
        assert "Frist etter loven" in text
    assert "Meld bruddet" not in log_in(people.kari).get("/mine-oppgaver").text


def test_the_injury_register_has_its_readers_and_neither_names_nor_health(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.WORK_INJURY, register_text="Fall på is.", consent="yes")
    with app.app_context():
        do(people.mona, number, types.write_hidden, "Brudd i håndleddet, Jonas Berg.")
        db.session.add(
            RoleGrant(person_id=people.nils, role="work_environment_committee", unit_id=None)
        )
        db.session.add(
            RoleGrant(person_id=people.tor, role="safety_representative", unit_id=people.school)
        )
        db.session.commit()
        db.session.remove()
    for reader in (people.vera, people.nils):
        page = log_in(reader).get("/avvik/register/arbeidsskader")
        assert "Fall på is." in page.text
        assert "Brudd i" not in page.source
        assert "Ingrid" not in page.text.split("Register over arbeidsskader")[-1]
    elsewhere = log_in(people.tor).get("/avvik/register/arbeidsskader")
    assert elsewhere.status == 200
    assert "Fall på is." not in elsewhere.text
    for stranger in (people.mona, people.ingrid, people.petter):
        assert log_in(stranger).get("/avvik/register/arbeidsskader").status == 403


def test_the_breach_register_holds_every_breach_also_the_unreported(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, risk="unlikely", facts="Feil vedlegg.")
    clock = clock_ids(app)["data_breach.authority"]
    sent = {"reason": "Vedlegget var tomt."}
    log_in(people.mona).post(f"/avvik/{number}/frist/{clock}/gjelder-ikke", sent)
    page = log_in(people.petter).get("/avvik/register/personvernbrudd")
    for words in ("Feil vedlegg.", "Sannsynligvis ingen risiko", "Gjelder ikke", "tomt"):
        assert words in page.text
    assert log_in(people.mona).get("/avvik/register/personvernbrudd").status == 403


def test_no_closed_case_leaves_the_register(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    made(app, people, Kind.DATA_BREACH, facts="Feil vedlegg.")
    with app.app_context():
        row = db.session.execute(select(DeviationDetails)).scalar_one()
        row.kind = Kind.ORDINARY
        db.session.commit()
    assert "Feil vedlegg." not in log_in(people.petter).get("/avvik/register/personvernbrudd").text


def test_the_copy_of_a_case_holds_the_clocks_and_never_the_closed_text(
    app: Flask, people: cast.Cast
) -> None:
    number = made(app, people, Kind.VIOLENCE, police="yes", support="Samtale samme kveld.")
    with app.app_context():
        do(people.mona, number, types.write_hidden, "Hemmelig Navnesen.")
        for person, is_whole in ((people.mona, True), (people.ingrid, False)):
            case, viewer = case_for(person, number)
            copy = load_case_copy(case, viewer)
            text = f"{copy.parts} {copy.data}"
            assert "Hemmelig" not in text
            assert ("Samtale samme kveld." in text) is is_whole
            assert bool(copy.data["statutory_clocks"]) is is_whole
        db.session.remove()


@pytest.fixture
def rule(app: Flask) -> int:
    with app.app_context():
        row = ClockDefinition(
            key="data_breach", phase="authority", kind=Kind.DATA_BREACH,
            law="personvernforordningen artikkel 33", limit=Limit.HOURS, amount=72,
            recipient="Datatilsynet", valid_from=date(2018, 7, 20),
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
        return row.id


def test_the_administrator_corrects_a_rule_and_lets_new_law_follow(
    app: Flask, people: cast.Cast, log_in: LogIn, rule: int
) -> None:
    adam = log_in(people.adam)
    assert "72 timer" in adam.get("/administrasjon/avvik/klokker").text
    path = f"/administrasjon/avvik/klokker/{rule}"
    form = adam.get(path).form()
    page = adam.post(path, {**form, "recipient": "Datatilsynet, Altinn"})
    assert "Datatilsynet, Altinn" in page.text
    form = adam.get(path).form()
    page = adam.post(path, {**form, "amount": "48", "valid_from": "2027-01-01", "step": "follow"})
    assert "48 timer" in page.text
    with app.app_context():
        rows = db.session.execute(select(ClockDefinition).order_by(ClockDefinition.id)).scalars()
        assert [(row.amount, row.valid_from, row.valid_to) for row in rows] == [
            (72, date(2018, 7, 20), date(2026, 12, 31)),
            (48, date(2027, 1, 1), None),
        ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "0"}, "Skriv 0 når det skal skje straks"),
        ({"amount": "99999999999999999999"}, "Skriv et tall"),
        ({"limit": "fortnights"}, ""),
        ({"recipient": ""}, "Skriv hvem som skal ha det."),
        ({"valid_to": "2017-01-01"}, "Siste dag er før første dag."),
        ({"valid_from": "2018-01-01", "step": "follow"}, "senere dag"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(
    people: cast.Cast, log_in: LogIn, rule: int, changes: dict[str, str], words: str
) -> None:
    adam = log_in(people.adam)
    path = f"/administrasjon/avvik/klokker/{rule}"
    page = adam.post(path, {**adam.get(path).form(), **changes})
    assert page.status == 422
    assert words in page.text


def test_only_the_administrator_edits_the_rules(
    people: cast.Cast, log_in: LogIn, rule: int
) -> None:
    for person in (people.mona, people.petter, people.kari, people.ragnhild):
        other = log_in(person)
        assert other.get("/administrasjon/avvik/klokker").status == 403
        assert other.post(f"/administrasjon/avvik/klokker/{rule}", {}).status == 403


def test_one_is_one_in_the_words_of_a_limit(app: Flask) -> None:
    with app.test_request_context():
        words = [limit_words(limit, 1) for limit in Limit]
        assert words == [
            "straks", "1 time", "1 arbeidsdag", "1 virkedag (lørdag teller)", "1 dag", "1 uke", "1 måned",
        ]  # fmt: skip
        assert limit_words(Limit.WORKING_DAYS, 5) == "5 arbeidsdager"


def test_two_reports_of_one_injury_stand_once_in_the_register(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """Also after both have ended; a duplicate of a case that is no injury stands for itself."""
    main, other, stray, plain = (
        made(app, people, Kind.WORK_INJURY, serious="no", register_text=words)
        for words in ("Falt på isen.", "Så en falle.", "Klemte hånda.", "")
    )
    with app.app_context():
        for clock in db.session.execute(select(StatutoryClock)).scalars():
            clock.state, clock.next_due_at = ClockState.NOT_APPLICABLE, None
        db.session.execute(
            delete(DeviationDetails).where(
                DeviationDetails.deviation_id
                == select(Deviation.id).where(Deviation.number == plain).scalar_subquery()
            )
        )
        db.session.commit()
        for number in (main, plain):
            do(people.mona, number, handle.acknowledge_deviation)
        for number, into in ((other, main), (stray, plain)):
            target = case_for(people.mona, into)[0]
            do(people.mona, number, merge.merge_deviation, target)
        db.session.remove()

    def shown() -> set[int]:
        text = log_in(people.vera).get("/avvik/register/arbeidsskader").text
        words = {main: "Falt på isen.", other: "Så en falle.", stray: "Klemte hånda."}
        return {number for number, said in words.items() if said in text}

    assert shown() == {main, stray}
    with app.app_context():
        for number in (main, plain):
            do(people.mona, number, ending.close_deviation, "Vi har strødd.")
        db.session.remove()
    assert shown() == {main, stray}
    with app.app_context():
        do(people.mona, other, ending.reopen_deviation, "Det var en annen dag.")
        db.session.remove()
    assert shown() == {main, other, stray}
