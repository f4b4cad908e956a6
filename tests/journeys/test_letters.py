"""The letters that the law asks for, from «Lag melding» to the marked deadline, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_special_types import answer, begin, clock
from tests.servers.site import Site

Visit = Callable[..., Visitor]
BREACH = "Brudd på personopplysningssikkerheten"


def write(visitor: Visitor, button: str, texts: dict[str, str], language: str = "Bokmål") -> None:
    """Open the form by its button on the case and fill in what the case does not know."""
    visitor.press(visitor.page.get_by_role("link", name=button).first)
    visitor.check()
    visitor.page.get_by_label(language, exact=True).check()
    for label, text in texts.items():
        visitor.page.get_by_role("textbox", name=label).fill(text)
    save(visitor)


def save(visitor: Visitor) -> None:
    """Save the draft and come to the page where it is read through."""
    visitor.press(visitor.page.get_by_role("button", name="Lagre og les gjennom"))
    visitor.check()


def finish(visitor: Visitor) -> None:
    """Freeze what was read."""
    visitor.press(visitor.page.get_by_role("button", name="Ferdig"))
    visitor.check()


def fetch(visitor: Visitor) -> pikepdf.Pdf:
    """Fetch the PDF as a file."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Hent PDF").click()
    return pikepdf.open(Path(download.value.path()))


def mark(visitor: Visitor, how: str) -> None:
    """Say how it was sent, and mark the deadline by the same press."""
    visitor.press(visitor.page.get_by_role("link", name="Skriv når det ble sendt"))
    visitor.check()
    visitor.page.get_by_label("Hva er sendt eller gjort?").fill(how)
    visitor.press(visitor.page.get_by_role("button", name="Lagre"))
    visitor.check()


@pytest.mark.parametrize("scripts", [False], ids=["no-scripts"])
def test_a_data_breach_is_reported_in_two_phases(site: Site, visit: Visit, scripts: bool) -> None:
    _other, case = begin(site, visit, "Felles mappe med søknader sto åpen.", BREACH)
    leader = visit(site, DESK if scripts else PHONE, scripts=scripts)
    leader.log_in("unit_leader")
    leader.go(case)
    write(leader, "Lag melding", {"Hvem gjelder det, og hvor mange?": "Søkere, om lag 40"})
    assert "Dette må fylles ut før du kan trykke «Ferdig»" in leader.page.inner_text("main")
    assert leader.page.get_by_role("button", name="Ferdig").count() == 0
    leader.press(leader.page.get_by_role("link", name="Skriv videre"))
    for label, text in {
        "Hvilke opplysninger, og hvor mange?": "Navn og adresse, 40 søknader",
        "Hvilke følger kan bruddet få?": "Andre kan ha lest søknadene.",
        "Hva er gjort, og hva skal dere gjøre?": "Mappa er lukket.",
    }.items():
        leader.page.get_by_label(label).fill(text)
    save(leader)
    finish(leader)
    pdf = fetch(leader)
    assert bool(pdf.Root.MarkInfo.Marked)
    leader.go(case)
    assert "igjen" in clock(leader, "Meld bruddet")
    leader.press(leader.page.get_by_role("link", name="Melding til Datatilsynet nr. 1"))
    mark(leader, "Sendt i Altinn.")
    assert "Gjort i tide" in clock(leader, "Meld bruddet")
    leader.press(leader.page.get_by_role("link", name="Melding til Datatilsynet nr. 1"))
    write(
        leader, "Lag neste melding", {"Hva er nytt siden forrige melding?": "Tolv til."}, "Nynorsk"
    )
    text = leader.page.inner_text("article.letter")
    assert text.index("Tolv til.") < text.index("Søkere, om lag 40")
    assert "Nytt sidan førre melding" in text
    finish(leader)
    assert str(fetch(leader).Root.Lang) == "nn"
    leader.go(case)
    letters = leader.page.locator("#letters").inner_text()
    assert "Melding til Datatilsynet nr. 2" in letters
    assert "Melding til Datatilsynet nr. 1" in letters


def test_the_decision_not_to_report_is_kept_and_leads_to_the_deadline(
    site: Site, visit: Visit
) -> None:
    leader, case = begin(site, visit, "Et tomt vedlegg gikk til feil mottaker.", BREACH)
    answer(
        leader, case,
        {"Hvilken risiko har de som opplysningene gjelder?": "Sannsynligvis ingen risiko"},
        {"Hva har skjedd med opplysningene": "Et tomt vedlegg ble sendt."},
    )  # fmt: skip
    write(
        leader,
        "Skriv hvorfor dere ikke melder",
        {
            "Hvem og hvilke opplysninger gjelder det?": "En ansatt, ingen opplysninger",
            "Hvilke følger kan bruddet få?": "Ingen.",
            "Hva er gjort, og hva skal dere gjøre?": "Mottakeren har slettet e-posten.",
            "Hvorfor er det sannsynligvis ingen risiko?": "Vedlegget var tomt.",
        },
    )
    finish(leader)
    leader.press(leader.page.get_by_role("link", name="Marker at fristen ikke gjelder"))
    leader.check()
    reason = leader.page.get_by_label("Hvorfor gjelder ikke fristen?")
    assert reason.input_value() == "Vedlegget var tomt."
    leader.press(leader.page.get_by_role("button", name="Lagre"))
    assert "Gjelder ikke" in clock(leader, "Meld bruddet")
    officer = visit(site, PHONE, dark=True)
    officer.log_in("data_protection_officer")
    officer.go(case)
    officer.press(officer.page.get_by_role("link", name="Vurdering: bruddet meldes ikke"))
    officer.check()
    assert "Vedlegget var tomt." in officer.page.inner_text("article.letter")


def test_a_serious_event_in_care_gets_its_message_report_and_invitation(
    site: Site, visit: Visit
) -> None:
    leader, case = begin(
        site, visit, "Bruker fikk dobbel dose.", "Alvorlig hendelse i helse og omsorg"
    )
    answer(
        leader, case,
        {
            "Døde noen, eller ble en pasient": "Ja",
            "Var utfallet uventet ut fra kjent risiko?": "Ja",
        },
        {},
    )  # fmt: skip
    write(
        leader,
        "Lag melding",
        {
            "Hva ble utfallet?": "Alvorlig blødning.",
            "Hvordan henger det sammen med tjenesten?": "Feil i dosetten.",
            "Hvorfor var utfallet uventet?": "Riktig dose i to år.",
        },
    )
    finish(leader)
    mark(leader, "Sendt til statsforvalteren og Ukom.")
    assert "Gjort i tide" in clock(leader, "Meld den alvorlige hendelsen")
    write(
        leader,
        "Lag invitasjon",
        {
            "Til Må fylles ut": "Brukeren, Havnegata 1",
            "Hva gjør dere for at det ikke skal skje igjen?": "Rutinen er endret.",
            "Når og hvor?": "Tirsdag kl. 14.",
        },
        "Nynorsk",
    )
    finish(leader)
    assert "pasient- og brukarombodet" in leader.page.inner_text("article.letter")
    mark(leader, "Gitt til brukeren.")
    assert "Gjort i tide" in clock(leader, "Tilby et møte")
    write(leader, "Lag rapporten", {"Mulige årsaker": "To rutiner sa imot hverandre."})
    text = leader.page.inner_text("main")
    assert "Bruker fikk dobbel dose." in text
    assert "Hvordan er berørt helsepersonell fulgt opp?" in text
    above = visit(site, PHONE, dark=True)
    above.log_in("sector_leader")
    above.go(case)
    above.press(above.page.get_by_role("link", name="Melding om alvorlig hendelse", exact=True))
    above.check()
    assert "Alvorlig blødning." not in above.page.content()
    assert above.page.get_by_role("button", name="Hent PDF").count() == 0
