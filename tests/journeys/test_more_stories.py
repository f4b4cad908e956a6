"""Stories over several persons and days: a leader who is away, a procedure, laws, news, vacancies."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import create_engine, update

from intranet.core.clock import today
from intranet.people.models import StandIn
from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_stories import IN_A_WEEK, found, report
from tests.servers.site import Site

Visit = Callable[..., Visitor]
# The phone and the desk, with scripts (there axe looks, light and dark) and without: each story is
# told on one of them, in turn.
SCREENS = [
    pytest.mark.parametrize(("size", "scripts", "dark"), [pytest.param(*values, id=name)])
    for name, values in (
        ("phone", (PHONE, True, False)),
        ("desk-no-scripts", (DESK, False, False)),
        ("phone-no-scripts", (PHONE, False, False)),
        ("desk-dark", (DESK, True, True)),
    )
]


@pytest.fixture
def look(
    request: pytest.FixtureRequest, screenshots: Path | None
) -> Callable[[Visitor, str], None]:
    """Check a page, and keep a picture of it when asked for."""

    def look_at(visitor: Visitor, name: str) -> None:
        visitor.check()
        if screenshots is not None:
            screenshots.mkdir(parents=True, exist_ok=True)
            story = re.sub(r"\W+", "-", request.node.name)
            visitor.page.screenshot(path=screenshots / f"{story}-{name}.png", full_page=True)

    return look_at


Look = Callable[[Visitor, str], None]


def main(visitor: Visitor) -> str:
    """Return the text of the page, with plain hyphens and blanks."""
    return (
        visitor.page.inner_text("main").replace("\N{NON-BREAKING HYPHEN}", "-").replace("\xa0", " ")
    )


def links_to(visitor: Visitor, path: str, address: str) -> int:
    """Return how many links to the address the page has."""
    visitor.go(path)
    return visitor.page.locator(f"main a[href='{address}']").count()


def is_told(visitor: Visitor, case: str) -> bool:
    """Whether the bell's page tells of the case."""
    visitor.go("/varsler")
    return f"{case[-9:-5]}-{case[-4:]}" in main(visitor)


def let_a_day_pass(site: Site) -> None:
    """Move all stand-in periods a day back: the same as coming back tomorrow."""
    engine = create_engine(site.database_url)
    day = timedelta(days=1)
    with engine.begin() as connection:
        for row in connection.execute(StandIn.__table__.select()).all():  # type: ignore[attr-defined]
            connection.execute(
                update(StandIn)
                .where(StandIn.id == row.id)
                .values(starts_on=row.starts_on - day, ends_on=row.ends_on - day)
            )
    engine.dispose()


@SCREENS[0]
def test_leader_is_away_and_the_stand_in_gets_it_until_the_period_is_over(
    site: Site, visit: Visit, look: Look, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    leader = visit(site, size, scripts=scripts, dark=dark)
    leader.log_in("unit_leader")
    leader.go("/stedfortreder")
    page = leader.page
    # First without a day: what was typed stays.
    page.get_by_role("combobox", name=re.compile("^Stedfortreder")).fill(
        site.accounts["editor"]["name"]
    )
    page.get_by_label("Beskjed til stedfortrederen").fill("Ring hvis det haster.")
    leader.press(page.get_by_role("button", name="Lagre"))
    assert "Velg første dag." in main(leader)
    assert page.locator("#stand_in").input_value() == site.accounts["editor"]["name"]
    look(leader, "refused")
    page.get_by_label("Første dag").fill(today().isoformat())
    page.get_by_label("Siste dag").fill(today().isoformat())
    leader.press(page.get_by_role("button", name="Lagre"))
    assert f"{site.accounts['editor']['name']} for" in main(leader)
    look(leader, "set")

    nurse = visit(site, size, scripts=scripts, dark=dark)
    nurse.log_in("employee")
    case = report(nurse, "Medisinskapet sto åpent i natt.")

    stand_in = visit(site, size, scripts=scripts, dark=dark)
    stand_in.log_in("editor")
    assert is_told(stand_in, case)
    look(stand_in, "notices")
    assert not is_told(leader, case)
    assert links_to(stand_in, "/mine-oppgaver", case) == 1
    assert f"På vegne av {site.accounts['unit_leader']['name']}" in main(stand_in)
    look(stand_in, "tasks")
    stand_in.press(stand_in.page.locator(f"main a[href='{case}']"))
    name = site.accounts["unit_leader"]["name"]
    assert f"Du behandler saken som stedfortreder for {name} til og med" in main(stand_in)
    look(stand_in, "case")
    stand_in.press(stand_in.page.get_by_role("button", name="Bekreft"))
    assert f"på vegne av {site.accounts['unit_leader']['name']}" in main(stand_in)
    look(stand_in, "acknowledged")

    # The period ends: at the desk by itself, on the phone because the leader is back earlier.
    if size == DESK:
        let_a_day_pass(site)
    else:
        leader.go("/stedfortreder")
        leader.press(leader.page.get_by_role("button", name="Avslutt").last)
    assert links_to(stand_in, "/mine-oppgaver", case) == 0
    stand_in.go(case)
    assert "Medisinskapet" not in stand_in.page.content()
    assert links_to(leader, "/mine-oppgaver", case) == 1
    leader.go(case)
    assert f"på vegne av {site.accounts['unit_leader']['name']}" in main(leader)
    look(leader, "back")
    nurse.go("/")
    after = report(nurse, "En melding etter ferien.")
    assert is_told(leader, after)
    assert not is_told(stand_in, after)


@SCREENS[3]
def test_procedure_is_written_approved_by_another_found_and_carried_into_a_report(
    site: Site, visit: Visit, look: Look, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    name = (
        f"Varmt bad i {size['width']} {'med' if scripts else 'uten'} {'mørkt' if dark else 'lyst'}"
    )
    author = visit(site, size, scripts=scripts, dark=dark)
    # Leads the unit, and could approve what somebody else had written.
    author.log_in("unit_leader")
    author.go("/bibliotek/ny")
    page = author.page
    page.get_by_label("Tittel").fill(name)
    page.get_by_label("Tekst", exact=False).first.fill(
        "## Før badet\n\nMål temperaturen, se arbeidsmiljøloven § 4-3.\n\n"
        "Les også [avvikshåndtering](/bibliotek/PRO-61)."
    )
    page.get_by_label("Hva er endret?").fill("Ny prosedyre etter et avvik.")
    look(author, "write")
    author.press(page.locator("main form").get_by_role("button").last)
    number = re.search(r"/bibliotek/(PRO-\d+)/", page.url)
    assert number, page.url
    document = f"/bibliotek/{number.group(1)}"
    look(author, "draft")
    author.press(page.get_by_role("button", name="Lagre og se dokumentet"))
    author.press(page.get_by_role("button", name="Send til godkjenning"))
    look(author, "sent")
    author.go(f"{document}/godkjenning")
    assert "En annen må godkjenne den." in main(author)
    assert page.get_by_role("button", name="Godkjenn", exact=True).count() == 0
    look(author, "own-approval")
    # Not by a form of one's own making either.
    token = page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    forced = author.context.request.post(
        f"{site.url}{document}/godkjenn", form={"csrf_token": token, "version": "2"}
    )
    assert forced.status == 403

    # Nobody else reads it yet.
    reader = visit(site, size, scripts=scripts, dark=dark)
    reader.log_in("employee")
    reader.go(document)
    assert name not in reader.page.content()

    approver = visit(site, size, scripts=scripts, dark=dark)
    approver.log_in("sector_leader")
    approver.go("/mine-oppgaver")
    approver.press(approver.page.locator(f"main a[href='{document}/godkjenning']").first)
    look(approver, "approval")
    approver.press(approver.page.get_by_role("button", name="Godkjenn", exact=True))
    assert name in main(approver)
    look(approver, "published")

    assert found(reader, name, name)
    look(reader, "found")
    reader.press(reader.page.get_by_role("main").get_by_role("link", name=name).first)
    law = reader.page.locator("main .prose a", has_text="4-3")
    assert re.search(r"/lover/.+#p-4-3$", law.get_attribute("href") or "")
    assert reader.page.locator("main .prose a[href='/bibliotek/PRO-61']").count() == 1
    look(reader, "read")
    reader.press(reader.page.get_by_role("main").get_by_role("link", name="Meld avvik").first)
    reader.page.get_by_label("Hva skjedde?").fill("Vannet var for varmt.")
    look(reader, "report")
    reader.press(reader.page.get_by_role("button", name="Send avvik"))
    case = reader.page.get_by_role("main").locator("a[href*='/avvik/2']").first
    author.go("/".join(str(case.get_attribute("href")).split("/")[:3]))
    assert number.group(1) in main(author)
    assert name in main(author)
    look(author, "case")


@SCREENS[1]
def test_law_paragraph_is_found_and_opened_at_its_anchor(
    site: Site, visit: Visit, look: Look, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    reader = visit(site, size, scripts=scripts, dark=dark)
    reader.log_in("employee")
    reader.page.get_by_role("searchbox").or_(reader.page.get_by_role("combobox")).first.fill(
        "kommuneloven § 25-1"
    )
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    look(reader, "hits")
    reader.press(reader.page.get_by_role("main").get_by_role("link", name="25-1").first)
    assert reader.page.url.endswith("#p-25-1")
    place = reader.page.locator("#p-25-1")
    box = place.bounding_box()
    # In the window, and not under what is fixed at its top.
    assert box is not None
    assert 0 <= box["y"] < size["height"] * 0.6, box
    covered = place.evaluate(
        "e => { const b = e.getBoundingClientRect();"
        " return !e.contains(document.elementFromPoint(b.left + 20, b.top + 12)); }"
    )
    assert not covered
    look(reader, "law")


@SCREENS[2]
def test_hr_announces_a_vacancy_that_an_employee_finds(
    site: Site, visit: Visit, look: Look, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    name = f"Fjellvert {size['width']} {'med' if scripts else 'uten'} {'mørk' if dark else 'lys'}"
    hr = visit(site, size, scripts=scripts, dark=dark)
    hr.log_in("hr")
    hr.go("/stillinger/ny")
    page = hr.page
    page.get_by_label(re.compile(r"^Stilling\b")).fill(name)
    page.get_by_label("Enhet").select_option(index=2)
    page.get_by_label("Stillingsprosent").fill("37,5 %")
    page.get_by_label("Arbeidssted").fill("Fjellstua")
    page.get_by_label("Om stillingen").fill("Ta imot gjester og holde stiene åpne.")
    page.get_by_label("Slik søker du").fill("Send e-post til HR.")
    # Forgets the deadline first.
    hr.press(page.get_by_role("button", name="Lys ut til alle ansatte"))
    assert "Sett en søknadsfrist." in main(hr)
    assert page.get_by_label("Arbeidssted").input_value() == "Fjellstua"
    look(hr, "refused")
    page.get_by_label("Søknadsfrist").fill(IN_A_WEEK)
    page.get_by_label("Klokkeslett").fill("23:59")
    hr.press(page.get_by_role("button", name="Lys ut til alle ansatte"))
    assert name in page.inner_text("h1")
    look(hr, "announced")
    reader = visit(site, size, scripts=scripts, dark=dark)
    reader.log_in("employee")
    assert found(reader, name, name)
    reader.press(reader.page.get_by_role("main").get_by_role("link", name=name).first)
    assert "37,5" in main(reader)
    look(reader, "read")


@SCREENS[0]
def test_editor_publishes_news_with_a_picture(
    site: Site, visit: Visit, look: Look, size: dict[str, int], scripts: bool, dark: bool
) -> None:
    title = f"Bru {size['width']} {'med' if scripts else 'uten'} {'mørk' if dark else 'lys'}"
    editor = visit(site, size, scripts=scripts, dark=dark)
    editor.log_in("editor")
    editor.go("/nyheter/skriv")
    page = editor.page
    page.get_by_label("Tittel").fill(title)
    page.get_by_label("Ingress").fill("Den nye brua åpner i dag for alle.")
    page.get_by_label("Bilde", exact=False).first.set_input_files(
        {"name": "bru.jpg", "mimeType": "image/jpeg", "buffer": _photograph()}
    )
    # Forgets to describe it first, and chooses it again.
    editor.press(page.get_by_role("button", name="Publiser"))
    assert "Beskriv bildet for dem som ikke ser det." in main(editor)
    look(editor, "refused")
    page.get_by_label("Hva viser bildet?").fill("En bru over fjorden.")
    page.get_by_label("Bilde", exact=False).first.set_input_files(
        {"name": "bru.jpg", "mimeType": "image/jpeg", "buffer": _photograph()}
    )
    editor.press(page.get_by_role("button", name="Publiser"))
    assert title in page.inner_text("h1")
    look(editor, "published")
    reader = visit(site, size, scripts=scripts, dark=dark)
    reader.log_in("employee")
    reader.go("/nyheter")
    reader.press(reader.page.get_by_role("main").get_by_role("link", name=title).first)
    picture = reader.page.get_by_role("img", name="En bru over fjorden.")
    for _n in range(50):
        if picture.evaluate("e => e.complete && e.naturalWidth"):
            break
        time.sleep(0.1)
    assert picture.evaluate("e => e.naturalWidth") >= 300
    look(reader, "read")
    assert found(reader, title, title)


def _photograph() -> bytes:
    made = io.BytesIO()
    picture = Image.linear_gradient("L").resize((1600, 900)).convert("RGB")
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()
