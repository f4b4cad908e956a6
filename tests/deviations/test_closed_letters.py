"""Letters with names and health: who reads which part, and the letters of each kind of case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import OSLO, now, stopped_at
from intranet.deviations.actions import types
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.clocks import ClockState
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.queries.cases import get_case
from intranet.deviations.queries.copies import load_case_copy, load_whole
from intranet.deviations.types import Kind
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_clock_pages import clock_ids, made, moment
from tests.deviations.test_letter_pages import fields, finish, id_of, paper, write

LogIn = Callable[[int], Browser]
CONFIRMATION = "bekreftelse-av-varsel"
SECRET = {"felt_harm": "Alvorlig skadet i hodet.", "felt_injured": "Hemmelig Navnesen"}


def serious_injury(app: Flask, people: cast.Cast, log_in: LogIn) -> int:
    """A serious work injury that Mona has phoned about."""
    number = made(app, people, Kind.WORK_INJURY, serious="yes", register_text="Fall fra stige.")
    call = clock_ids(app)["work_accident.call"]
    sent = {"note": "Ringte Arbeidstilsynet og politiet.", "reference": "A-1", **moment()}
    log_in(people.mona).post(f"/avvik/{number}/frist/{call}/gjort", sent)
    return number


def test_the_confirmation_begins_with_the_call_and_goes_in_copy_to_the_safety_representative(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = serious_injury(app, people, log_in)
    mona = log_in(people.mona)
    form = fields(mona.get(f"/avvik/{number}/brev/ny/{CONFIRMATION}"))
    assert form["felt_to"] == "Arbeidstilsynet og politiet"
    assert form["felt_copy"].splitlines() == ["Verneombudet", "Vera Vik"]
    assert "Ringte Arbeidstilsynet og politiet. (A-1)" in form["felt_called"]
    assert form["felt_what"] == "Fall fra stige."
    page = finish(mona, write(mona, number, CONFIRMATION, **SECRET))
    assert "arbeidsmiljøloven § 5-2" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}/sendt"
    case = mona.post(path, {**mona.get(path).form(), **moment()})
    with app.app_context():
        states = {
            clock.phase: clock.state
            for clock in db.session.execute(select(StatutoryClock)).scalars()
        }
    assert states["confirmation"] == ClockState.MET
    assert case.status == 200


def test_names_and_health_are_for_those_who_may_read_the_closed_part(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = serious_injury(app, people, log_in)
    mona = log_in(people.mona)
    page = finish(mona, write(mona, number, CONFIRMATION, **SECRET))
    assert "Hemmelig Navnesen" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}"
    assert mona.post(f"{path}/pdf").status == 200
    for reader in (people.vera, people.kaja, people.kari):
        other = log_in(reader)
        page = other.get(path)
        assert page.status == 200
        assert "Fall fra stige." in page.text
        assert "Lukket. Bare den som behandler saken" in page.text
        assert not [secret for secret in SECRET.values() if secret in page.source]
        assert f"{path}/pdf" not in page.source
        refused = other.post(f"{path}/pdf")
        assert refused.status == 403
        assert not [secret for secret in SECRET.values() if secret in refused.source]
    with app.app_context():
        case, viewer = case_for(people.mona, number)
        copy = repr(load_case_copy(case, viewer))
        assert "Fall fra stige." in copy
        assert not [secret for secret in SECRET.values() if secret in copy]
        assert "Hemmelig Navnesen" in repr(load_whole(get_case(case.deviation.id)))
        rows = db.session.execute(
            select(AuditEntry.actor_id, AuditEntry.details).where(
                AuditEntry.event == "deviation.letter_read"
            )
        ).all()
        db.session.remove()
    assert {(actor, '"closed": true' in text or '"closed":true' in text) for actor, text in rows} == {
        (people.mona, True), (people.vera, False), (people.kaja, False), (people.kari, False),
    }  # fmt: skip
    assert not [secret for secret in SECRET.values() if any(secret in text for _a, text in rows)]


def test_a_leader_above_writes_the_open_fields_and_leaves_the_closed_as_they_are(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = serious_injury(app, people, log_in)
    write(log_in(people.mona), number, CONFIRMATION, **SECRET)
    kaja = log_in(people.kaja)
    path = f"/avvik/{number}/brev/{id_of(app)}"
    form = kaja.get(f"{path}/skriv")
    assert "felt_harm" not in form.form()
    assert SECRET["felt_harm"] not in form.source
    sent = {**form.form(), "felt_what": "Fall fra stige på lageret.", "felt_harm": "Overskrevet."}
    page = kaja.post(f"{path}/skriv", sent)
    assert "Bare den som behandler saken, kan lese alt og gjøre det ferdig" in page.text
    assert "Fall fra stige på lageret." in page.text
    with app.app_context():
        letter = db.session.execute(select(DeviationLetter)).scalar_one()
        assert letter.closed_texts["harm"] == SECRET["felt_harm"]
        assert "harm" not in letter.texts
        version = letter.version
    assert kaja.post(f"{path}/ferdig", {"version": str(version)}).status == 403


def test_the_checklist_for_nav_has_no_pdf_and_tells_the_last_day(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.WORK_INJURY, serious="no", register_text="Kutt i handa.")
    mona = log_in(people.mona)
    case = mona.get(f"/avvik/{number}")
    assert f"/avvik/{number}/brev/ny/skademelding-til-nav" in case.links()
    assert f"/avvik/{number}/brev/ny/{CONFIRMATION}" not in case.links()
    texts = {
        "felt_injured": "Jonas Berg", "felt_work": "Sykepleier, 100 prosent",
        "felt_injury": "Kutt i venstre hånd",
    }  # fmt: skip
    page = finish(mona, write(mona, number, "skademelding-til-nav", **texts))
    local = now().astimezone(OSLO)
    assert f"{local.year + 1}" in paper(page)
    assert "Skriv av til det elektroniske skjemaet" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}"
    assert mona.post(f"{path}/pdf").status == 404
    case = mona.post(f"{path}/sendt", {**mona.get(f"{path}/sendt").form(), **moment()})
    assert "Gjort i tide" in case.text


def care_event(app: Flask, people: cast.Cast) -> int:
    return made(app, people, Kind.CARE_EVENT, harm="yes", unexpected="yes", journal="J-4471")


def test_the_care_event_has_its_message_its_report_and_its_invitation(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = care_event(app, people)
    mona = log_in(people.mona)
    form = fields(mona.get(f"/avvik/{number}/brev/ny/melding-om-alvorlig-hendelse"))
    assert form["felt_to"] == "Statsforvalteren og Ukom"
    assert form["felt_copy"] == "Statens helsetilsyn"
    assert form["felt_patient"] == "J-4471"
    texts = {
        "felt_what": "Dobbel dose ble gitt.", "felt_harm": "Alvorlig blødning.",
        "felt_cause": "Feil i dosetten.", "felt_unexpected": "Riktig dose i to år.",
    }  # fmt: skip
    finish(mona, write(mona, number, "melding-om-alvorlig-hendelse", **texts))
    path = f"/avvik/{number}/brev/{id_of(app)}/sendt"
    mona.post(path, {**mona.get(path).form(), "reference": "MP-1", **moment()})
    report_form = fields(mona.get(f"/avvik/{number}/brev/ny/rapport-om-alvorlig-hendelse"))
    assert report_form["felt_review"] == "Dobbel dose ble gitt."
    assert report_form["felt_harm"] == "Alvorlig blødning."
    assert "(MP-1)" in report_form["felt_message"]
    above = fields(log_in(people.kaja).get(f"/avvik/{number}/brev/ny/rapport-om-alvorlig-hendelse"))
    assert "felt_harm" not in above
    assert "Alvorlig blødning." not in repr(above)
    draft = write(mona, number, "rapport-om-alvorlig-hendelse")
    for label in ("Mulige årsaker", "Hvordan er de involvert i forbedringsarbeidet?"):
        assert label in draft.text


def test_the_invitation_is_looked_through_except_for_whom_it_goes_to(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = care_event(app, people)
    mona = log_in(people.mona)
    texts = {
        "felt_to": "Jonas Berg\nHavnegata 1", "felt_what": "Du fikk feil medisin.",
        "felt_measures": "Rutinen er endret.", "felt_meeting": "Tirsdag kl. 14.",
    }  # fmt: skip
    slug = "invitasjon-til-mote"
    held = write(mona, number, slug, **{**texts, "felt_present": "Ingrid Solheim"})
    assert held.status == 422
    assert "navn på en ansatt" in held.text
    page = finish(mona, write(mona, number, slug, **texts))
    assert "Norsk pasientskadeerstatning" in page.text
    assert "Jonas Berg" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}"
    shown = log_in(people.kari).get(path)
    assert "Jonas Berg" not in paper(shown)
    assert "Havnegata" not in shown.source
    assert "Jonas Berg" not in fields(mona.get(f"{path}/sendt"))["note"]


def test_before_july_2026_the_message_goes_to_whom_the_law_then_said(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with stopped_at(datetime(2026, 6, 30, 10, tzinfo=UTC)):
        number = care_event(app, people)
        page = log_in(people.mona).get(f"/avvik/{number}/brev/ny/melding-om-alvorlig-hendelse")
        assert fields(page)["felt_to"] == "Statens helsetilsyn og Ukom"
        case = log_in(people.mona).get(f"/avvik/{number}")
        assert not [link for link in case.links() if "rapport-om" in link or "invitasjon" in link]


def test_the_safety_representative_gets_an_answer_in_writing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, types.choose_kind, Kind.STOP_OF_WORK)
        do(people.mona, number, types.save_answers, {"danger": "Stillaset er løst."})
        db.session.remove()
    mona = log_in(people.mona)
    slug = "svar-til-verneombudet"
    form = fields(mona.get(f"/avvik/{number}/brev/ny/{slug}"))
    assert form["felt_to"].splitlines() == ["Verneombudet", "Vera Vik"]
    assert form["felt_inquiry"] == "Stillaset er løst."
    held = write(mona, number, slug, felt_answer="Ingrid Solheim har festet det.")
    assert held.status == 422
    page = finish(mona, write(mona, number, slug, felt_answer="Stillaset er festet."))
    assert "§ 6-2 tredje ledd" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}"
    case = mona.post(f"{path}/sendt", {**mona.get(f"{path}/sendt").form(), **moment()})
    assert "Gjort i tide" in case.text
    assert "Stillaset er festet." in log_in(people.vera).get(path).text


def test_nothing_is_said_to_be_sent_before_it_happened_or_ahead_of_time(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = care_event(app, people)
    mona = log_in(people.mona)
    texts = {
        "felt_harm": "Død.", "felt_cause": "Fall.", "felt_unexpected": "Ingen kjent risiko.",
    }  # fmt: skip
    finish(mona, write(mona, number, "melding-om-alvorlig-hendelse", **texts))
    path = f"/avvik/{number}/brev/{id_of(app)}/sendt"
    for shift, words in (
        (timedelta(days=2), "har ikke vært"),
        (-timedelta(days=2), "før hendelsen"),
    ):
        local = (now() + shift).astimezone(OSLO)
        sent = {"day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}", "note": "Sendt med post."}
        page = mona.post(path, sent)
        assert page.status == 422
        assert words in page.text
        assert "Sendt med post." in page.source
    # Not ticked: the letter is sent, and the deadline still waits.
    case = mona.post(path, {"note": "Sendt med post.", **moment()})
    assert "Fristen løper" in case.text
    assert mona.post(path, {"note": "Igjen.", **moment()}).status == 409
