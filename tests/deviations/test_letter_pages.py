"""Letters of a case from the form to the PDF: who may, what is refused, and what is kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, update

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at
from intranet.deviations.actions import types
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.models import Deviation, DeviationEntry
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.types import Kind
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from tests import cast
from tests.browser import Browser, Page
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_clock_pages import clock_ids, made, moment

LogIn = Callable[[int], Browser]
NOTICE = "melding-til-datatilsynet"
WHOLE = {
    "felt_persons": "Pasienter, om lag 40",
    "felt_records": "Navn og timer, 40 rader",
    "felt_effects": "Uro.",
    "felt_measures": "Mappa er lukket.",
}


def write(browser: Browser, number: int, slug: str = NOTICE, **texts: str) -> Page:
    """Begin a letter with what the case knows and these texts; return the page of the draft."""
    path = f"/avvik/{number}/brev/ny/{slug}"
    return browser.post(path, {**browser.get(path).form(), **texts})


def fields(page: Page) -> dict[str, str]:
    """Return the form of the page as a person reads it: a textarea begins on its own line."""
    return {name: value.strip() for name, value in page.form().items()}


def paper(page: Page) -> str:
    """Return what stands on the letter itself."""
    return "".join(page.find("string(//article[contains(@class, 'letter')])"))


def finish(browser: Browser, page: Page) -> Page:
    """Press «Ferdig» on the page of a draft."""
    path = next(str(one) for one in page.find("//form/@action") if str(one).endswith("/ferdig"))
    return browser.post(path, page.form(path))


def id_of(app: Flask, place: int = -1) -> int:
    with app.app_context():
        rows = db.session.execute(select(DeviationLetter.id).order_by(DeviationLetter.id))
        return list(rows.scalars())[place]


def events(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.event).order_by(AuditEntry.sequence)).scalars()
        return [row.split(".")[1] for row in rows if ".letter_" in row]


def test_the_handler_makes_a_notice_from_the_case_and_marks_the_deadline_herself(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.", effects="Uro.")
    mona = log_in(people.mona)
    case = mona.get(f"/avvik/{number}")
    assert f"/avvik/{number}/brev/ny/{NOTICE}" in case.links()
    form = fields(mona.get(f"/avvik/{number}/brev/ny/{NOTICE}"))
    assert form["felt_nature"] == "Ei liste lå åpent."
    assert form["felt_to"] == "Datatilsynet"
    assert "Petter Pran, personvernombud" in form["felt_contact"]
    assert "felt_news" not in form
    assert events(app) == []
    draft = write(mona, number, felt_persons="")
    assert draft.status == 200
    for label in ("Hvem gjelder det, og hvor mange?", "Hvilke opplysninger, og hvor mange?"):
        assert label in draft.text
    letter = id_of(app)
    refused = mona.post(f"/avvik/{number}/brev/{letter}/ferdig", {"version": "1"})
    assert refused.status == 422
    edit = mona.get(f"/avvik/{number}/brev/{letter}/skriv")
    page = mona.post(f"/avvik/{number}/brev/{letter}/skriv", {**edit.form(), **WHOLE})
    assert "Alt som loven krever, er fylt ut" in page.text
    page = finish(mona, page)
    assert "Brevet er ikke sendt ennå" in page.text
    assert "Fristen løper" in mona.get(f"/avvik/{number}").text
    sending = mona.get(f"/avvik/{number}/brev/{letter}/sendt")
    assert "Melding til Datatilsynet nr. 1" in sending.form()["note"]
    sent = {**sending.form(), "reference": "AR-77", "note": "Sendt i Altinn.", **moment()}
    case = mona.post(f"/avvik/{number}/brev/{letter}/sendt", sent)
    assert "Gjort i tide" in case.text
    assert "AR-77" in case.text
    with app.app_context():
        codes = db.session.execute(select(DeviationEntry.code).order_by(DeviationEntry.id))
        found = list(codes.scalars())
        assert [code for code in found if code[:6] in ("letter", "clock_")][1:] == [
            "letter_finished", "clock_met", "letter_sent",
        ]  # fmt: skip
        clock = db.session.execute(select(StatutoryClock)).scalars().one()
        assert clock.sent_note == "Sendt i Altinn."
    seen = events(app)
    assert seen[0] == "letter_started"
    assert {"letter_read", "letter_saved", "letter_finished", "letter_sent"} <= set(seen)


def test_the_pdf_is_tagged_in_the_letters_language_and_its_fetching_is_noted(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Æ <b> *ikke fet* #let x = 1 Ø")
    mona = log_in(people.mona)
    page = finish(mona, write(mona, number, language="nn", **WHOLE))
    path = f"/avvik/{number}/brev/{id_of(app)}/pdf"
    fetched = mona.client.post(path, data=page.form(path))
    assert fetched.status_code == 200
    assert fetched.headers["Cache-Control"] == "no-store"
    pdf = pikepdf.open(io.BytesIO(fetched.get_data()))
    fetched.close()
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "nn"
    assert "StructTreeRoot" in str(list(pdf.Root.keys()))
    assert pdf.open_metadata()["pdfuaid:part"] == "1"
    assert "personopplysningstryggleiken" in str(pdf.docinfo["/Title"])
    assert events(app)[-1] == "letter_downloaded"


def test_the_next_notice_is_a_new_letter_and_the_first_stays_as_it_was(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona = log_in(people.mona)
    finish(mona, write(mona, number, **WHOLE))
    first = id_of(app)
    form = fields(mona.get(f"/avvik/{number}/brev/ny/{NOTICE}"))
    assert form["felt_persons"] == "Pasienter, om lag 40"
    assert form["felt_news"] == ""
    draft = write(mona, number, felt_persons="Pasienter, femtito")
    assert "Hva er nytt siden forrige melding?" in draft.text
    edit = mona.get(f"/avvik/{number}/brev/{id_of(app)}/skriv").form()
    page = mona.post(f"/avvik/{number}/brev/{id_of(app)}/skriv", {**edit, "felt_news": "Tolv til."})
    page = finish(mona, page)
    assert "Melding til Datatilsynet nr. 2" in page.text
    assert page.text.index("Tolv til.") < page.text.index("Ei liste lå åpent.")
    before = mona.get(f"/avvik/{number}/brev/{first}")
    assert "om lag 40" in before.text
    assert "femtito" not in paper(before)
    case = mona.get(f"/avvik/{number}").text
    assert case.index("Datatilsynet nr. 2") < case.index("Datatilsynet nr. 1")


def test_a_notice_after_72_hours_says_why(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    with stopped_at(now() + timedelta(hours=80)):
        mona = log_in(people.mona)
        draft = write(mona, number, **WHOLE)
        assert "Hvorfor kommer meldingen etter 72 timer?" in draft.text
        letter = id_of(app)
        edit = mona.get(f"/avvik/{number}/brev/{letter}/skriv").form()
        path = f"/avvik/{number}/brev/{letter}/skriv"
        finish(mona, mona.post(path, {**edit, "felt_late": "Vi visste ikke om kopien."}))
        sending = fields(mona.get(f"/avvik/{number}/brev/{letter}/sendt"))
        assert sending["reason"] == "Vi visste ikke om kopien."
        case = mona.post(f"/avvik/{number}/brev/{letter}/sendt", sending)
        assert "For sent" in case.text


def test_two_who_write_the_same_draft_see_each_others_text_before_either_is_replaced(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona, petter = log_in(people.mona), log_in(people.petter)
    write(mona, number)
    path = f"/avvik/{number}/brev/{id_of(app)}/skriv"
    mine, his = mona.get(path).form(), petter.get(path).form()
    assert petter.post(path, {**his, "felt_effects": "Petters tekst."}).status == 200
    page = mona.post(path, {**mine, "felt_effects": "Monas tekst."})
    assert page.status == 409
    assert "Monas tekst." in page.source
    assert "Slik er det lagret nå" in page.text
    assert "Petters tekst." in page.text
    again = mona.post(path, page.form())
    assert "Monas tekst." in again.text


def test_what_was_read_is_what_is_finished(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona, petter = log_in(people.mona), log_in(people.petter)
    read = write(mona, number, **WHOLE)
    path = f"/avvik/{number}/brev/{id_of(app)}/skriv"
    petter.post(path, {**petter.get(path).form(), "felt_effects": "Ny tekst."})
    page = finish(mona, read)
    assert page.status == 409
    assert "Noen andre endret dette" in page.text


def test_a_finished_letter_is_never_changed(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona = log_in(people.mona)
    finish(mona, write(mona, number, **WHOLE))
    path = f"/avvik/{number}/brev/{id_of(app)}"
    assert mona.get(f"{path}/skriv").status == 409
    assert mona.post(f"{path}/skriv", {"language": "nb", "felt_effects": "Annet."}).status == 409
    assert mona.post(f"{path}/ferdig", {"version": "2"}).status == 409
    assert mona.post(f"{path}/forkast", {"version": "2"}).status == 409
    assert "Annet." not in mona.get(path).text


def test_a_discarded_draft_stays_and_is_out_of_the_way(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH)
    mona = log_in(people.mona)
    page = write(mona, number)
    path = f"/avvik/{number}/brev/{id_of(app)}/forkast"
    case = mona.post(path, page.form(path))
    assert "Forkastet" in case.text
    assert f"/avvik/{number}/brev/ny/{NOTICE}" in case.links()
    assert mona.get(f"/avvik/{number}/brev/{id_of(app)}").status == 200


@pytest.mark.parametrize("slug", ["brev-til-dem-det-gjelder", "bruddet-meldes-ikke"])
def test_a_text_that_leaves_for_others_than_the_authority_is_looked_through(
    app: Flask, people: cast.Cast, log_in: LogIn, slug: str
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona = log_in(people.mona)
    held = write(mona, number, slug, felt_measures="Snakket med Ingrid Solheim.")
    assert held.status == 422
    assert "navn på en ansatt" in held.text
    held = write(mona, number, slug, felt_measures="Gjaldt 01019012480.")
    assert "Fjern fødselsnummeret" in held.text
    with app.app_context():
        assert db.session.execute(select(DeviationLetter)).first() is None
    to_authority = write(mona, number, felt_measures="Snakket med Ingrid Solheim.")
    assert to_authority.status == 200


def test_the_decision_not_to_report_is_kept_and_hands_its_reason_to_the_deadline(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, risk="unlikely", facts="Feil vedlegg.")
    mona = log_in(people.mona)
    texts = {
        "felt_persons": "Én ansatt, arbeidstid", "felt_effects": "Ingen.",
        "felt_measures": "Slettet.", "felt_unlikely": "Vedlegget var tomt.",
    }  # fmt: skip
    page = finish(mona, write(mona, number, "bruddet-meldes-ikke", **texts))
    link = next(link for link in page.links() if "gjelder-ikke" in link)
    form = fields(mona.get(link))
    assert form["reason"] == "Vedlegget var tomt."
    assert "Fristen løper" in mona.get(f"/avvik/{number}").text
    case = mona.post(link.split("?")[0], form)
    assert "Gjelder ikke" in case.text
    assert mona.get(f"/avvik/{number}/brev/{id_of(app)}/sendt").status == 200
    refused = mona.post(f"/avvik/{number}/brev/{id_of(app)}/sendt", {"note": "X", **moment()})
    assert refused.status == 409


def test_who_sees_the_deadlines_reads_the_letters_and_only_those_who_work_them_write(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    petter = log_in(people.petter)
    page = finish(petter, write(petter, number, **WHOLE))
    assert "Brevet er ikke sendt ennå" in page.text
    path = f"/avvik/{number}/brev/{id_of(app)}"
    kari = log_in(people.kari)
    assert "Ei liste lå åpent." in kari.get(path).text
    assert kari.post(f"{path}/pdf").status == 200
    assert not [link for link in kari.get(path).links() if "/sendt" in link or "/ny/" in link]
    for step in ("skriv", "sendt"):
        assert kari.get(f"{path}/{step}").status == 403
    for step in ("ferdig", "forkast"):
        assert kari.post(f"{path}/{step}", {"version": "2"}).status == 403
    assert kari.get(f"/avvik/{number}/brev/ny/{NOTICE}").status == 403
    for stranger in (people.ingrid, people.tor):
        other = log_in(stranger)
        for step in ("", "/skriv", "/sendt"):
            assert other.get(path + step).status == 404
        assert other.post(f"{path}/pdf").status == 404
        assert other.get(f"/avvik/{number}/brev/ny/{NOTICE}").status == 404
    assert "Brev og skjemaer" not in log_in(people.ingrid).get(f"/avvik/{number}").text


def test_a_letter_of_another_case_is_not_found(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-04."""
    number, other = made(app, people, Kind.DATA_BREACH), made(app, people, Kind.DATA_BREACH)
    mona = log_in(people.mona)
    write(mona, number)
    letter = id_of(app)
    for path in (
        f"{other}/brev/{letter}",
        f"{number}/brev/{2**40}",
        f"{other}/brev/{letter}/skriv",
    ):
        assert mona.get(f"/avvik/{path}").status == 404
    for step in ("ferdig", "pdf", "forkast"):
        assert mona.post(f"/avvik/{other}/brev/{letter}/{step}", {"version": "1"}).status == 404
    assert mona.get(f"/avvik/{number}/brev/ny/noe-annet").status == 404
    ordinary = made(app, people)
    assert mona.get(f"/avvik/{ordinary}/brev/ny/{NOTICE}").status == 409
    clock = clock_ids(app)["data_breach.authority"]
    foreign = f"/avvik/{ordinary}/frist/{clock}/gjelder-ikke?brev={letter}"
    assert mona.get(foreign).status == 404


def test_the_copy_of_the_case_lists_the_letters(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people, Kind.DATA_BREACH, facts="Ei liste lå åpent.")
    mona = log_in(people.mona)
    finish(mona, write(mona, number, **WHOLE))
    write(mona, number, "brev-til-dem-det-gjelder", felt_advice="Uferdig råd.")
    with app.app_context():
        for person, is_whole in ((people.mona, True), (people.kari, True), (people.ingrid, False)):
            case, viewer = case_for(person, number)
            copy = load_case_copy(case, viewer)
            headings = [part.heading for part in copy.parts]
            assert ("Melding til Datatilsynet nr. 1" in headings) is is_whole
            assert len(copy.data["letters"]) == (2 if is_whole else 0)
            assert ("Pasienter, om lag 40" in repr(copy)) is is_whole
            assert "Uferdig råd." not in repr(copy)
        db.session.remove()


def test_the_reporter_who_also_leads_writes_no_letter(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.mona, people.strandheim)
        do(people.kaja, number, types.choose_kind, Kind.DATA_BREACH)
        db.session.remove()
    assert log_in(people.mona).get(f"/avvik/{number}/brev/ny/{NOTICE}").status == 404
    assert log_in(people.kaja).get(f"/avvik/{number}/brev/ny/{NOTICE}").status == 200


def test_no_letter_is_written_in_a_case_that_was_put_aside(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """409 and why for its writer; whoever never writes letters is refused as before."""
    number = made(app, people, Kind.DATA_BREACH)
    mona = log_in(people.mona)
    page = write(mona, number, **WHOLE)
    with app.app_context():
        db.session.execute(update(Deviation).values(state=DeviationState.REJECTED))
        db.session.commit()
        db.session.remove()
    letter = f"/avvik/{number}/brev/{id_of(app)}"
    for path in (f"/avvik/{number}/brev/ny/{NOTICE}", f"{letter}/skriv", f"{letter}/sendt"):
        refused = mona.get(path)
        assert refused.status == 409, path
        assert "Saken er avvist eller trukket" in refused.text, path
    assert mona.post(f"{letter}/ferdig", page.form(f"{letter}/ferdig")).status == 409
    assert mona.post(f"{letter}/forkast", {"version": "1"}).status == 409
    assert log_in(people.kari).get(f"/avvik/{number}/brev/ny/{NOTICE}").status == 403
