"""The way through the pages: code, retyping, form, answer and talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.anonymous import code_pages
from intranet.anonymous.models import AnonymousFile, AnonymousMessage, AnonymousReport
from intranet.core.models import StoredFile
from intranet.core.receipt_code import make_code, show_code
from intranet.core.transaction import transaction
from intranet.deviations.actions.dialogue import attach_file, send_message
from intranet.deviations.actions.ending import close_deviation
from intranet.deviations.actions.handle import acknowledge_deviation
from intranet.deviations.models import (
    Deviation,
    DeviationCategory,
    DeviationEntry,
    DeviationQuestion,
    SettingsVersion,
)
from intranet.deviations.severity import Severity
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from tests import cast
from tests.anonymous.conftest import AFTERNOON, WHAT, Nobody, plain, upload
from tests.browser import Browser
from tests.core import hostile
from tests.deviations.factories import do

Clock = Callable[[datetime], None]
Deliver = Callable[[], datetime]
LogIn = Callable[[int], Browser]


def count(app: Flask, table: type) -> int:
    with app.app_context():
        found = db.session.execute(select(func.count()).select_from(table)).scalar_one()
        db.session.remove()
    return int(found)


def case_number(app: Flask) -> int:
    with app.app_context():
        number = db.session.execute(select(Deviation.number)).scalar_one()
        db.session.remove()
    return int(number)


def acting(app: Flask, person_id: int, action: object, *args: object, **more: object) -> None:
    number = case_number(app)
    with app.app_context():
        do(person_id, number, action, *args, **more)
        db.session.remove()


def test_report_is_kept_and_nobody_has_it_yet(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    page = nobody.report(people.strandheim)
    assert page.status == 200
    assert page.response.request.path == "/meld-anonymt/sendt"
    assert count(app, AnonymousReport) == 1
    assert count(app, Deviation) == 0
    seen = nobody.open()
    assert "ikke levert ennå" in seen.text


def test_delivered_report_is_an_ordinary_case(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn
) -> None:
    nobody.report(people.strandheim, category="staff", answers_staff="staff.could")
    deliver()
    page = log_in(people.mona).get(f"/avvik/{case_number(app)}")
    assert WHAT in page.text
    assert "Anonym melder" in page.text
    assert "Det kunne ha endt med alvorlig skade" in page.text
    assert "ingen har bekreftet" in nobody.open().text


@pytest.mark.parametrize(
    ("concerns", "handler"),
    [((), "mona"), (("place",), "kaja"), (("place", "above"), "ragnhild")],
)
def test_leader_whom_it_concerns_does_not_get_it(
    app: Flask,
    people: cast.Cast,
    nobody: Nobody,
    deliver: Deliver,
    log_in: LogIn,
    concerns: tuple[str, ...],
    handler: str,
) -> None:
    """AZ-09."""
    nobody.report(people.strandheim, concerns=list(concerns))
    deliver()
    number = case_number(app)
    with app.app_context():
        found = db.session.execute(select(Deviation.handler_id)).scalar_one()
        db.session.remove()
    assert found == people.ids[handler]
    expected = 404 if "place" in concerns else 200
    assert log_in(people.mona).get(f"/avvik/{number}").status == expected


def test_code_is_read_as_people_write_it(people: cast.Cast, nobody: Nobody) -> None:
    page = nobody.start()
    sloppy = plain(nobody.code).lower().replace("0", "o").replace("1", "l")
    assert nobody.type_code(page, f"  {sloppy[:7]}-{sloppy[7:]} ").heading == "Skriv meldingen"


@pytest.mark.parametrize("typed", ["", "feil", "0" * 24, show_code("7" * 24)])
def test_wrong_retyping_shows_the_same_code_again(
    people: cast.Cast, nobody: Nobody, typed: str
) -> None:
    page = nobody.type_code(nobody.start(), typed)
    assert page.status == 422
    assert page.heading == "Meld avvik anonymt"
    assert nobody.code in page.text
    # And from there it goes on.
    assert nobody.type_code(page).heading == "Skriv meldingen"


def test_retyping_cannot_be_skipped_and_no_code_be_brought(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    """AN-09."""
    page = nobody.start()
    fields = page.form("/meld-anonymt") | {
        "step": "send", "what": WHAT, "unit_id": str(people.ward), "day": "2026-10-12",
    }  # fmt: skip
    refused = nobody.browser.post("/meld-anonymt", fields, token=False)
    assert refused.status == 422
    # What was written is shown to be copied, the code is not.
    assert WHAT in refused.source
    assert plain(nobody.code) not in refused.source
    weak = fields | {"code": "0" * 24, "step": "code", "typed": "0" * 24}
    assert nobody.browser.post("/meld-anonymt", weak, token=False).status == 422
    assert count(app, AnonymousReport) == 0


def test_code_is_in_no_address_title_or_header(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    """AN-09."""
    code = plain(nobody.start().find("//*[contains(@class,'receipt-code')]")[0].text_content())
    sent = nobody.report(people.strandheim)
    for page in (nobody.start(), sent, nobody.open()):
        assert page.response.history == () or all(
            plain(nobody.code) not in step.headers.get("Location", "")
            for step in page.response.history
        )
        assert "kode" not in page.response.request.query_string.decode()
        assert plain(nobody.code) not in str(page.response.headers)
        assert plain(nobody.code) not in page.find("string(//title)")
        for address in page.find("//@href | //@action | //@src"):
            assert plain(nobody.code) not in str(address)
            assert code not in str(address)
    # Asked for in the address, it opens nothing.
    page = nobody.browser.get(f"/anonymt?code={plain(nobody.code)}")
    assert plain(nobody.code) not in page.source
    assert "levert" not in page.text


def test_only_the_hash_of_the_code_is_stored(app: Flask, people: cast.Cast, nobody: Nobody) -> None:
    """AN-09."""
    nobody.report(people.strandheim)
    with app.app_context():
        report = db.session.execute(select(AnonymousReport)).scalar_one()
        row = repr([getattr(report, column.key) for column in report.__table__.columns])
        db.session.remove()
    assert plain(nobody.code) not in row
    assert nobody.code not in row


def test_wrong_lost_and_malformed_codes_get_one_answer(people: cast.Cast, nobody: Nobody) -> None:
    """AN-09, AN-10: nothing tells a wrong code from one that was deleted or never was."""
    nobody.report(people.strandheim)
    answers = {
        nobody.open(typed).text.replace(typed, "")
        for typed in (show_code(make_code()), plain(nobody.code)[:-1] + "U", "hei", "0" * 24)
    }
    assert len(answers) == 1
    assert "finner ingen melding med denne koden" in answers.pop()
    assert "mistet koden" in nobody.browser.get("/anonymt").text


def test_same_sending_twice_is_one_report(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """CC-04."""
    form = nobody.type_code(nobody.start())
    assert nobody.fill(form, people.strandheim).heading == "Meldingen er tatt vare på"
    assert nobody.fill(form, people.strandheim).heading == "Meldingen er tatt vare på"
    assert count(app, AnonymousReport) == 1


def test_same_addition_twice_is_one_also_when_the_first_is_delivered(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """CC-04: pressed again, loaded again a day later; other words from the page are kept too."""
    nobody.report(people.strandheim)
    deliver()
    fields = nobody.open().form("/anonymt/svar") | {"text": "Den bak kjøkkenet."}

    def press(**more: str) -> int:
        return nobody.browser.post("/anonymt/svar", fields | more, token=False).status

    assert [press(), press(), press(text="Og den i gangen.")] == [200] * 3
    assert count(app, AnonymousMessage) == 2
    deliver()
    assert press() == 200
    assert count(app, AnonymousMessage) == 0
    deliver()
    with app.app_context():
        texts = db.session.execute(
            select(DeviationEntry.text)
            .where(DeviationEntry.code == "reply")
            .order_by(DeviationEntry.id)
        ).scalars().all()  # fmt: skip
        db.session.remove()
    assert texts == ["Den bak kjøkkenet.", "Og den i gangen."]


def test_another_report_under_a_used_code_is_not_swallowed(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    form = nobody.type_code(nobody.start())
    nobody.fill(form, people.strandheim)
    other = "En helt annen hendelse."
    for _round in range(2):
        page = nobody.fill(form, people.strandheim, what=other)
        assert page.status == 409
        assert other in page.source
        deliver()
    assert count(app, AnonymousReport) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"what": "   "}, "Skriv hva som skjedde."),
        ({"what": "NUL \x00"}, "tegn som ikke kan lagres"),
        ({"unit_id": ""}, "Velg hvor det skjedde."),
        ({"unit_id": "999999"}, "Not a valid choice"),
        ({"day": "2027-01-01"}, "Datoen har ikke vært ennå"),
        ({"day": "i går"}, "date"),
        ({"immediate_action": "x" * 5000}, "for lang"),
    ],
)
def test_fault_in_the_form_keeps_text_and_code(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, fault: dict[str, str], words: str
) -> None:
    at(AFTERNOON)
    form = nobody.type_code(nobody.start())
    page = nobody.fill(
        form, people.strandheim, **{"immediate_action": "Satte opp et skilt.", **fault}
    )
    assert page.status == 422
    if "Not a valid" not in words and words != "date":
        assert words in page.text
    assert page.find("//*[@id='error-summary']//a")
    if "what" not in fault:
        assert WHAT in page.source
    assert count(app, AnonymousReport) == 0
    # Mended, it is sent with the same code.
    mended = {"day": "2026-10-12", "immediate_action": "Skilt."}
    assert nobody.fill(page, people.strandheim, **mended).heading == "Meldingen er tatt vare på"
    assert nobody.open().status == 200


def test_reporter_and_handler_talk(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn
) -> None:
    """AN-10: read, add text, answer at the end."""
    nobody.report(people.strandheim)
    deliver()
    acting(app, people.mona, acknowledge_deviation)
    acting(app, people.mona, send_message, "Hvilken trapp er det?")
    page = nobody.open()
    assert "Hvilken trapp er det?" in page.text
    assert "bekreftet at meldingen er mottatt" in page.text
    # Who handles it is not told to a page that anybody may open.
    assert "Mona" not in page.source
    added = nobody.add("Den bak kjøkkenet.")
    assert "tatt vare på" in added.text
    assert "Ikke levert ennå" in added.text
    number = case_number(app)
    assert "bak kjøkkenet" not in log_in(people.mona).get(f"/avvik/{number}").text
    deliver()
    case = log_in(people.mona).get(f"/avvik/{number}").text
    assert "Anonym melder svarte" in case
    assert "Den bak kjøkkenet." in case
    acting(app, people.mona, close_deviation, "Rekkverket er satt opp.")
    page = nobody.open()
    assert "Rekkverket er satt opp." in page.text
    assert "Du svarte" in page.text
    assert "Ikke levert ennå" not in page.text


def test_not_solved_once(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    nobody.report(people.strandheim)
    deliver()
    acting(app, people.mona, acknowledge_deviation)
    assert "Problemet er ikke løst" not in nobody.open().text
    acting(app, people.mona, close_deviation, "Ferdig.")
    page = nobody.open()
    fields = page.form("/anonymt/ikke-lost")
    empty = nobody.browser.post("/anonymt/ikke-lost", fields | {"text": ""}, token=False)
    assert empty.status == 422
    assert "Skriv hva som ikke er løst." in empty.text
    fields = empty.form("/anonymt/ikke-lost") | {"text": "Det står ingen ting der."}
    assert nobody.browser.post("/anonymt/ikke-lost", fields, token=False).status == 200
    # Said while it waits: not offered again, and not taken again.
    assert "Problemet er ikke løst" not in nobody.open().text
    again = fields | {"key": "", "text": "Og en gang til."}
    assert nobody.browser.post("/anonymt/ikke-lost", again, token=False).status == 409
    deliver()
    with app.app_context():
        deviation = db.session.execute(select(Deviation)).scalar_one()
        assert (deviation.state, deviation.handler_id) == (DeviationState.IN_PROGRESS, people.kaja)
        db.session.remove()


def test_not_solved_is_offered_for_fourteen_days(
    app: Flask, at: Clock, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    nobody.report(people.strandheim)
    moment = deliver()
    acting(app, people.mona, acknowledge_deviation)
    acting(app, people.mona, close_deviation, "Ferdig.")
    at(moment + timedelta(days=13))
    assert "Problemet er ikke løst" in nobody.open().text
    at(moment + timedelta(days=15))
    assert "Problemet er ikke løst" not in nobody.open().text
    # Words are still welcome.
    assert nobody.add("Takk.").status == 200


def test_same_answer_sent_twice_is_one(app: Flask, people: cast.Cast, nobody: Nobody) -> None:
    nobody.report(people.strandheim)
    fields = nobody.open().form("/anonymt/svar") | {"text": "En ting til."}
    for _press in range(2):
        assert nobody.browser.post("/anonymt/svar", fields, token=False).status == 200
    assert count(app, AnonymousMessage) == 1


def test_empty_answer_is_refused_and_text_with_a_bad_file_is_kept(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    """AN-08, AN-10."""
    nobody.report(people.strandheim)
    assert nobody.add("  ").status == 422
    page = nobody.add("Se vedlegget.", files=upload(b"PK\x03\x04", "notat.docx"))
    assert page.status == 422
    assert "fjerne sporene" in page.text
    assert "Se vedlegget." in page.source
    assert count(app, AnonymousMessage) == 0


def test_files_come_with_report_and_answer_and_lose_their_names(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn
) -> None:
    """AN-07, AN-10."""
    form = nobody.type_code(nobody.start())
    nobody.fill(form, people.strandheim, files=upload(hostile.jpeg(), "IMG_Ola.jpg"))
    nobody.add("Og en til.", files=upload(hostile.pdf(), "Olas notat.pdf"))
    assert count(app, AnonymousFile) == 2
    deliver()
    assert count(app, AnonymousFile) == 0
    with app.app_context():
        rows = db.session.execute(
            select(StoredFile.name, StoredFile.created_by).order_by(StoredFile.name)
        ).all()
        db.session.remove()
    assert [tuple(row) for row in rows] == [("fil-1.jpg", None), ("fil-1.pdf", None)]
    leader = log_in(people.mona)
    page = leader.get(f"/avvik/{case_number(app)}")
    for address in page.find("//a[contains(@href, '/fil/')]/@href"):
        with leader.client.get(address) as answer:
            sent = answer.data
        assert b"SPOR" not in sent
    assert len(page.find("//a[contains(@href, '/fil/')]")) == 2


def test_bad_file_refuses_the_report_and_keeps_its_text(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    """AN-08."""
    form = nobody.type_code(nobody.start())
    page = nobody.fill(
        form, people.strandheim, files=upload(hostile.pdf(signed=True), "signert.pdf")
    )
    assert page.status == 422
    assert "signatur" in page.text
    assert WHAT in page.source
    assert (count(app, AnonymousReport), count(app, AnonymousFile)) == (0, 0)


def test_reporter_fetches_what_the_handler_shows_and_nothing_else(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    """AZ-04."""
    nobody.report(people.strandheim)
    deliver()
    acting(app, people.mona, acknowledge_deviation)
    with app.app_context():
        import io

        from intranet.core.files import receive_upload

        shown = receive_upload(io.BytesIO(hostile.pdf("Svaret")), "svar.pdf")
        hidden = receive_upload(io.BytesIO(hostile.pdf("Bare oss")), "internt.pdf")
        db.session.remove()
    acting(app, people.mona, attach_file, shown, is_public=True)
    acting(app, people.mona, attach_file, hidden, is_public=False)
    page = nobody.open()
    assert "svar.pdf" in page.text
    assert "internt.pdf" not in page.source
    [address] = page.find("//form[contains(@action, '/anonymt/fil/')]/@action")
    got = nobody.browser.post(address, {"code": nobody.code}, token=False, inspect=False)
    assert got.response.mimetype == "application/pdf"
    number = int(str(address).rpartition("/")[2])
    other = nobody.browser.post(
        f"/anonymt/fil/{number + 1}", {"code": nobody.code}, token=False, inspect=False
    )
    assert other.status == 404
    nothing = nobody.browser.post(address, {"code": "0" * 24}, token=False, inspect=False)
    assert nothing.status == 404


def test_too_many_at_once_keeps_the_text(app: Flask, people: cast.Cast, nobody: Nobody) -> None:
    """AN-11."""
    form = nobody.type_code(nobody.start())
    code_pages.SENDINGS.left = 0
    code_pages.SENDINGS._seen += 10_000
    page = nobody.fill(form, people.strandheim)
    code_pages.SENDINGS._seen -= 10_000
    assert page.status == 409
    assert WHAT in page.source
    assert "Vent noen minutter" in page.text


def test_one_code_cannot_flood(
    app: Flask, people: cast.Cast, nobody: Nobody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.anonymous.actions.hold.MOST_WAITING", 2)
    nobody.report(people.strandheim)
    assert [nobody.add(f"Nummer {n}").status for n in range(3)] == [200, 200, 409]


def test_form_asks_for_no_role_name_or_hour(people: cast.Cast, nobody: Nobody) -> None:
    """AN-17, AN-05."""
    page = nobody.type_code(nobody.start())
    names = set(page.find("//form[@action='/meld-anonymt']//@name"))
    assert not names & {"clock", "name", "role", "email", "phone", "concerned_person", "send_key"}
    assert "rollen din" in page.text
    assert page.find("//select[@name='unit_id']/option[@selected]/@value") == [""]
    fields = page.find("//form[@action='/meld-anonymt']")[0]
    assert fields.get("autocomplete") == "off"


def test_page_says_honestly_what_it_cannot_do(people: cast.Cast, nobody: Nobody) -> None:
    """AN-14, AN-20, law.md 0.3."""
    text = nobody.start().text
    for words in (
        "Ring 110",
        "Hvordan du skriver",
        "jobb-PC-en eller nettet på jobben",
        "Det som synes på bilder",
        "Ingen lov gir deg rett til å være anonym her",
        "En melding med navn kan aldri bli anonym",
        "ingen finne den igjen",
        "varsling",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("language", "words"), [("nn", "Meld avvik anonymt"), ("en", "anonymously")]
)
def test_language_follows_the_address(
    people: cast.Cast, nobody: Nobody, language: str, words: str
) -> None:
    page = nobody.browser.get(f"/meld-anonymt?sprak={language}")
    assert page.find("/html/@lang") == [language]
    assert words in page.heading
    assert page.find(f"//form[@action='/meld-anonymt?sprak={language}']")
    assert "Set-Cookie" not in page.response.headers


def test_every_way_in_leads_here(people: cast.Cast, client: Browser, log_in: LogIn) -> None:
    assert "/meld-anonymt" in client.get("/logg-inn").links()
    assert "/anonymt" in client.get("/logg-inn").links()
    page = log_in(people.tor).get("/avvik/meld")
    assert "/meld-anonymt" in page.links()
    assert "ikke lagre utkast" in page.text
    assert "ta vare på en kode" in page.text


@pytest.mark.parametrize("field", ["what", "immediate_action"])
def test_telephone_is_held_back_until_it_is_said_to_stay(
    app: Flask, people: cast.Cast, nobody: Nobody, field: str
) -> None:
    form = nobody.type_code(nobody.start())
    assert not form.find("//input[@name='keeps_phone']")
    page = nobody.fill(form, people.strandheim, **{field: "Ring 99 88 77 66 om trappen."})
    assert page.status == 422
    assert "Fjern telefonnummeret 99 88 77 66" in page.text
    assert "Ring 99 88 77 66 om trappen." in page.form("/meld-anonymt")[field]
    assert count(app, AnonymousReport) == 0
    sent = page.form("/meld-anonymt") | {"keeps_phone": "y"}
    nobody.browser.post("/meld-anonymt", sent, token=False)
    assert count(app, AnonymousReport) == 1


def test_identity_number_is_refused_and_the_text_kept(
    app: Flask, people: cast.Cast, nobody: Nobody
) -> None:
    number = "010190 12480"
    text = f"Journalen til {number} lå åpen."
    page = nobody.fill(nobody.type_code(nobody.start()), people.strandheim, what=text)
    from intranet.deviations.privacy_guard import find_identity_numbers

    assert find_identity_numbers(text)
    assert page.status == 422
    assert "Fjern fødselsnummeret" in page.text
    assert number in page.source
    assert count(app, AnonymousReport) == 0


def test_copy_of_the_case_names_no_system_for_the_reporter(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver
) -> None:
    from intranet.deviations.queries.cases import get_deviation_for
    from intranet.deviations.queries.copies import load_case_copy

    nobody.report(people.strandheim)
    deliver()
    number = case_number(app)
    with app.test_request_context("/"):
        viewer = cast.viewer(people.mona)
        copy = load_case_copy(get_deviation_for(viewer, number), viewer)
        assert dict(copy.facts)["Meldt av"] == "Anonym melder"
        assert ":" not in dict(copy.facts)["Hendte"]
        headings = [part.heading for part in copy.parts]
        assert "Anonym melder meldte avviket" in headings
        db.session.remove()


def test_question_taken_out_of_use_before_delivery_keeps_its_tick_and_its_words(
    app: Flask, people: cast.Cast, nobody: Nobody, deliver: Deliver, log_in: LogIn
) -> None:
    """What was asked is what counts, also when the answer is delivered much later."""
    nobody.report(people.strandheim, category="staff", answers_staff="staff.treatment")
    with app.app_context(), transaction():
        asked = db.session.execute(
            select(DeviationQuestion)
            .join(DeviationCategory, DeviationCategory.id == DeviationQuestion.category_id)
            .where(DeviationCategory.key == "staff", DeviationQuestion.key == "treatment")
        ).scalar_one()
        asked.is_active = False
        settings = db.session.get(SettingsVersion, 1) or SettingsVersion(id=1, version=0)
        settings.version += 1
        db.session.add(settings)
    deliver()
    with app.app_context():
        case = db.session.execute(select(Deviation)).scalar_one()
        assert case.answers == ["staff.treatment"]
        assert case.is_severity_assessed
        assert case.severity == Severity.HIGH
        db.session.remove()
    page = log_in(people.mona).get(f"/avvik/{case_number(app)}")
    assert "behandling" in page.text
