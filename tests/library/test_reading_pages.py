"""The pages of read receipts as each person gets them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import addresses
from intranet.library.actions.reading import add_reading_rule, confirm_reading
from intranet.library.queries.documents import load_document
from intranet.library.reading import Question, Readers, stored
from intranet.library.reading_models import ReadingRule, ReadReceipt
from tests import cast
from tests.browser import Browser, Page
from tests.cast import Cast
from tests.library.conftest import MakeDocument, Revise

LogIn = Callable[[int], Browser]
ASKED = "Du skal lese dette innen"
BOX = "Lest og forstått?"


@pytest.fixture
def number(app: Flask, people: Cast, make_document: MakeDocument) -> str:
    """A procedure of Strandheim that all there must read."""
    number = make_document()
    with app.app_context():
        with transaction():
            add_reading_rule(
                load_document(number), unit_id=people.strandheim, readers=Readers.ALL, value="",
                days=14, actor=cast.viewer(people.eva),
            )  # fmt: skip
        db.session.remove()
    return number


def confirm(app: Flask, number: str, person: int) -> None:
    with app.app_context():
        with transaction():
            confirm_reading(load_document(number), 1, actor=cast.viewer(person))
        db.session.remove()


def receipts(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        rows = db.session.execute(select(ReadReceipt.person_id, ReadReceipt.revision_number))
        found = [(row[0], row[1]) for row in rows]
        db.session.remove()
    return found


def press(browser: Browser, page: Page, number: str, **fields: str) -> Page:
    address = f"/bibliotek/{number}/lest"
    return browser.post(address, {**page.form(address), **fields})


def test_addresses_are_those_of_the_pages(app: Flask) -> None:
    with app.test_request_context():
        from flask import url_for

        place = url_for("library.show_document", number="PRO-1", _anchor="lest")
        assert addresses.reading_url("PRO-1") == place


def test_reader_is_asked_on_the_page_and_confirms_with_one_press(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    reader = log_in(people.ingrid)
    assert f"/bibliotek/{number}#lest" in reader.get("/mine-oppgaver").links()
    page = reader.get(f"/bibliotek/{number}")
    assert ASKED in page.text
    assert BOX in page.text
    page = press(reader, page, number)
    assert page.status == 200
    assert BOX not in page.text
    assert "at du har lest og forstått versjon 1" in page.text
    assert receipts(app) == [(people.ingrid, 1)]
    assert f"/bibliotek/{number}#lest" not in reader.get("/mine-oppgaver").links()
    stranger = log_in(people.tor).get(f"/bibliotek/{number}")
    assert ASKED not in stranger.text
    assert BOX not in stranger.text
    assert "Hvem har lest" not in stranger.text


def test_confirming_on_a_shared_device_logs_out_in_the_same_press(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    reader = log_in(people.ingrid)
    page = press(reader, reader.get(f"/bibliotek/{number}"), number, leave="1")
    assert page.heading == "Logg inn"
    assert "du er logget ut" in page.text
    assert receipts(app) == [(people.ingrid, 1)]
    assert reader.get(f"/bibliotek/{number}").heading == "Logg inn"


def test_significant_change_asks_again_and_shows_what_is_new(
    app: Flask, people: Cast, log_in: LogIn, number: str, revise: Revise
) -> None:
    confirm(app, number, people.ingrid)
    revise(number, body="Skrivefeil rettet.", change_note="Rettskriving", is_significant=False)
    reader = log_in(people.ingrid)
    assert BOX not in reader.get(f"/bibliotek/{number}").text
    revise(number, body="Sprit hendene.", change_note="Sprit i stedet for vask")
    page = reader.get(f"/bibliotek/{number}")
    assert "Endret siden du leste versjon 1" in page.text
    box = page.find("//section[@id='lest']")[0].text_content()
    assert "Rettskriving" in box
    assert "Sprit i stedet for vask" in box
    (link,) = [each for each in page.links() if "fra=1" in each]
    assert "Sprit" in reader.get(link).text
    first = log_in(people.jonas).get(f"/bibliotek/{number}")
    assert BOX in first.text
    assert "Endret siden du leste" not in first.text


def test_version_that_came_meanwhile_is_said_and_can_then_be_confirmed(
    app: Flask, people: Cast, log_in: LogIn, number: str, revise: Revise
) -> None:
    """CC: nobody confirms a text that they have not seen."""
    reader = log_in(people.ingrid)
    page = reader.get(f"/bibliotek/{number}")
    revise(number, body="Noe helt annet.")
    page = press(reader, page, number)
    assert page.status == 409
    assert "ny versjon mens du leste" in page.text
    assert "Noe helt annet." in page.text
    assert receipts(app) == []
    assert press(reader, page, number).status == 200
    assert receipts(app) == [(people.ingrid, 2)]


def test_wrong_answer_is_explained_and_can_be_given_again(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    with app.app_context():
        with transaction():
            load_document(number).questions = stored(
                [
                    Question("Hva gjør du først?", ("Tørker", "Vasker"), 1, "Tenk på smitte."),
                    Question("Hvor lenge?", ("Ett minutt", "Ett år"), 0),
                ]
            )
        db.session.remove()
    reader = log_in(people.ingrid)
    page = press(reader, reader.get(f"/bibliotek/{number}"), number)
    assert page.status == 422
    assert page.text.count("Velg et svar.") >= 2
    page = press(reader, page, number, answer_0="0", answer_1="0")
    assert page.status == 422
    assert "Ikke helt riktig. Prøv en gang til. Tenk på smitte." in page.text
    assert page.form(f"/bibliotek/{number}/lest")["answer_1"] == "0"
    for nonsense in ("7", "x", "-1", "99999999999999999999"):
        assert press(reader, page, number, answer_0=nonsense, answer_1="0").status == 422
    assert receipts(app) == []
    assert press(reader, page, number, answer_0="1", answer_1="0").status == 200
    assert receipts(app) == [(people.ingrid, 1)]


def test_writer_sets_questions_and_each_fault_is_said_at_its_field(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    writer, address = log_in(people.eva), f"/bibliotek/{number}/kontrollsporsmal"
    assert address in writer.get(f"/bibliotek/{number}/lesere").links()
    form = writer.get(address).form(address)
    good = {"text_0": "Hva først?", "choices_0": "Vaske\n\nTørke\n", "right_0": "1"}
    for wrong, words in (
        ({"text_0": ""}, "Skriv spørsmålet."),
        ({"choices_0": "Bare ett"}, "Skriv fra to til fire svar"),
        ({"choices_0": "a\nb\nc\nd\ne"}, "Skriv fra to til fire svar"),
        ({"choices_0": "a\na"}, "To av svarene er like."),
        ({"right_0": "3"}, "Velg hvilket svar som er riktig."),
        ({"right_0": "-1"}, "Velg hvilket svar som er riktig."),
        ({"text_0": "x" * 301}, "høyst 300 tegn"),
    ):
        page = writer.post(address, {**form, **good, **wrong})
        assert page.status == 422
        assert words in page.text
    other = writer.get(address).form(address)
    page = writer.post(address, {**form, **good, "text_2": "Sist?", "choices_2": "A\nB"})
    assert page.heading == "Hvem skal lese"
    assert "Kontrollspørsmål (2)" in page.text
    reader = log_in(people.ingrid).get(f"/bibliotek/{number}")
    assert "Hva først?" in reader.text
    assert [each.get("value") for each in reader.find("//input[@name='answer_0']")] == ["0", "1"]
    page = writer.post(address, {**other, **good, "text_0": "Fra en gammel side?"})
    assert page.status == 409
    assert "Fra en gammel side?" in page.source
    page = writer.post(address, {**page.form(address), "text_0": "", "choices_0": ""})
    assert "Kontrollspørsmål (" not in page.text
    assert log_in(people.ingrid).get(address).status == 403


def test_owner_sets_who_must_read(
    app: Flask, people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document()
    owner, address = log_in(people.eva), f"/bibliotek/{number}/lesere"
    page = owner.get(f"/bibliotek/{number}")
    assert address in page.links()
    page = owner.get(address)
    units = {each.get("value") for each in page.find("//select[@name='unit']/option")}
    assert units == {"", str(people.strandheim), str(people.ward)}
    form = page.form(address)
    page = owner.post(address, {**form, "unit": "", "who": "all", "days": "0"})
    assert page.status == 422
    assert "Velg en enhet." in page.text
    assert "Skriv et antall dager fra 1 til 365." in page.text
    for field, value in (("who", "role:king"), ("unit", str(people.school)), ("who", "x")):
        page = owner.post(address, {**form, "unit": str(people.ward), field: value})
        assert page.status == 422
    page = owner.post(address, {**form, "unit": str(people.ward), "who": "leaders", "days": "7"})
    assert page.status == 200
    assert "Ledere i Avdeling 2" in page.text
    assert "7 dager til å lese" in page.text
    with app.app_context():
        rule_id = db.session.scalars(select(ReadingRule.id)).one()
        db.session.remove()
    other = make_document()
    removal = f"/bibliotek/{{}}/lesere/{rule_id}/fjern"
    owner.post(removal.format(other))
    assert "Ledere i Avdeling 2" in owner.get(address).text
    page = owner.post(removal.format(number))
    assert "Ledere i Avdeling 2" not in page.text
    assert owner.post(removal.format(number)).status == 200


def test_leader_sees_who_is_missing_in_the_own_unit_only(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    confirm(app, number, people.ingrid)
    address = f"/bibliotek/{number}/lest"
    leader = log_in(people.mona)
    assert address in leader.get(f"/bibliotek/{number}").links()
    page = leader.get(address)
    assert "1 av 5 har bekreftet" in page.text
    assert "Jonas Berg" in page.text
    assert "Ingrid Solheim" not in page.text
    assert len(page.queries) <= 10, page.queries
    page = leader.get(f"{address}?enhet={people.ward}")
    assert "Jonas Berg" in page.text
    names = [row.text_content() for row in page.find("//section[@id='navn']//ul//a")]
    assert names == ["Jonas Berg"]
    page = leader.get(f"{address}?vis=lest")
    assert "Ingrid Solheim" in page.text
    assert "Jonas Berg" not in page.text
    for nobody in (people.tor, people.ingrid, people.vera, people.adam):
        assert log_in(nobody).get(address).status == 403


def test_another_leader_cannot_tell_whether_somebody_has_read(
    app: Flask, people: Cast, log_in: LogIn, number: str
) -> None:
    """Two worlds: the leader of the school sees the same before and after."""
    leader = log_in(people.rita)

    def seen() -> list[str]:
        places = ("/lest", "/lest?vis=lest", f"/lest?enhet={people.ward}", "")
        pages = [leader.get(f"/bibliotek/{number}{place}").source for place in places]
        return [re.sub(r'value="[^"]{40,}"', "", page) for page in pages]

    before = seen()
    confirm(app, number, people.ingrid)
    assert seen() == before
    assert "Ingrid" not in "".join(before)


def test_long_list_goes_on_by_name(
    app: Flask, people: Cast, log_in: LogIn, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intranet.library.queries.reading.ON_PAGE", 2)
    leader = log_in(people.mona)
    address, names = f"/bibliotek/{number}/lest", []
    while address:
        page = leader.get(address)
        rows = page.find("//section[@id='navn']//ul//a")
        names += [row.text_content() for row in rows]
        address = next((link for link in page.links() if "etter=" in link), "")
    assert names == ["Eva Åsen", "Ingrid Solheim", "Jonas Berg", "Mona Dahl", "Vera Vik"]


@pytest.mark.parametrize(
    "query", ["enhet=x", "etter=%00", "vis=%00", "etter=99999999999", "enhet=0"]
)
def test_senseless_address_gives_the_list(
    people: Cast, log_in: LogIn, number: str, query: str
) -> None:
    assert "Jonas Berg" in log_in(people.mona).get(f"/bibliotek/{number}/lest?{query}").text


def test_document_page_costs_one_select_more_at_most(
    people: Cast, log_in: LogIn, number: str
) -> None:
    reader = log_in(people.ingrid)
    reader.get(f"/bibliotek/{number}")
    page = reader.get(f"/bibliotek/{number}")
    assert len(page.queries) <= 12, page.queries
