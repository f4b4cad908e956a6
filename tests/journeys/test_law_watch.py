"""A law behind a procedure changes: the owner is asked, sees what is new, answers, and the mark goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from intranet import create_app
from intranet.config import load_settings
from intranet.library.jobs import follow_laws
from tests.journeys.conftest import DESK, PHONE, Visitor
from tests.journeys.test_more_stories import Look, look, main
from tests.laws.builders import archive, law, paragraph
from tests.servers.site import Site

__all__ = ["look"]
Visit = Callable[..., Visitor]
MARK = "Det er ikke avgjort ennå om det må endres."
NOTE = "Endres ved lov 20 juni 2025 nr. 74 (i kraft 1 juli 2031 iflg. res. 10 april 2026 nr. 675 )."
OLD = (
    paragraph("1", "Temperatur", "Badevann skal ikke være varmere enn 40 grader."),
    paragraph("2", "Tilsyn", "Den som bader, skal ha tilsyn."),
)
NEW = (
    paragraph("1", "Temperatur", "Badevann skal måles og ikke være varmere enn 38 grader."),
    paragraph("2", "Tilsyn", "Den som bader, skal ha tilsyn.", notes=NOTE),
)


def bring(site: Site, folder: Path, name: str, day: str, *paragraphs: str) -> None:
    """Import an edition of the law with the operator's command."""
    refid = f"lov/2001-02-03-{len(name)}"
    data = law(refid, *paragraphs, title=f"Lov om bading ({name})", short=name.capitalize())
    file = folder / f"badelov-{day}.tar.bz2"
    file.write_bytes(archive(data).getvalue())
    site.flask("laws", "import", str(file))


def let_the_clock_work(site: Site) -> None:
    """Do what the jobs process does within a minute."""
    with create_app(load_settings(site.environment)).app_context():
        follow_laws()


def publish(author: Visitor, approver: Visitor, title: str, law_name: str) -> str:
    """Write a procedure that names both paragraphs, have it approved; returns its address."""
    page = author.page
    author.go("/bibliotek/ny")
    page.get_by_label("Tittel").fill(title)
    page.get_by_label("Tekst", exact=False).first.fill(
        f"## Før badet\n\nVannet er høyst 40 grader, jf. {law_name} § 1.\n\n"
        f"Bli hos den som bader ({law_name} § 2).\n\nRydd etterpå."
    )
    page.get_by_label("Hva er endret?").fill("Ny prosedyre.")
    author.press(page.locator("main form").get_by_role("button").last)
    number = re.search(r"/bibliotek/(PRO-\d+)/", page.url)
    assert number, page.url
    address = f"/bibliotek/{number.group(1)}"
    author.press(page.get_by_role("button", name="Lagre og se dokumentet"))
    author.press(page.get_by_role("button", name="Send til godkjenning"))
    approver.go(f"{address}/godkjenning")
    approver.press(approver.page.get_by_role("button", name="Godkjenn", exact=True))
    return address


@pytest.mark.parametrize(
    ("size", "scripts", "dark", "name"),
    [
        pytest.param(PHONE, False, True, "badstueloven", id="phone-dark-no-scripts"),
        pytest.param(DESK, True, True, "badeværelseloven", id="desk-dark"),
    ],
)
def test_owner_is_asked_when_the_law_changes_and_the_mark_goes_with_the_answers(
    site: Site,
    visit: Visit,
    look: Look,  # noqa: F811 - the fixture of the other stories.
    tmp_path: Path,
    size: dict[str, int],
    scripts: bool,
    dark: bool,
    name: str,
) -> None:
    owner, approver, reader = (visit(site, size, scripts=scripts, dark=dark) for _n in range(3))
    owner.log_in("unit_leader")
    approver.log_in("sector_leader")
    reader.log_in("employee")
    bring(site, tmp_path, name, "2026-05-21", *OLD)
    document = publish(owner, approver, f"Bad etter {name}", name)
    reader.go(f"/lover/lov/2001-02-03-{len(name)}")
    assert reader.page.locator(f"#p-1 a[href='{document}']").count() == 1
    look(reader, "law")

    bring(site, tmp_path, name, "2026-06-18", *NEW)
    let_the_clock_work(site)
    reader.go(document)
    assert MARK in main(reader)
    look(reader, "mark")
    owner.go("/mine-oppgaver")
    tasks = owner.page.locator(f"main a[href^='{document}/lovendring/']")
    assert tasks.count() == 2
    look(owner, "tasks")

    # What an import found: the difference, and the answer that it changes nothing.
    owner.go(document)
    owner.press(owner.page.locator(".law-mark").get_by_role("link", name="§ 1"))
    assert owner.page.locator("ins", has_text="38").count() == 1
    assert "Vannet er høyst 40 grader" in main(owner)
    look(owner, "difference")
    owner.page.get_by_label("Ingenting").check()
    owner.press(owner.page.get_by_role("button", name="Lagre svaret"))
    assert "Skriv hvorfor." in main(owner)
    look(owner, "no-reason")
    owner.page.get_by_label("Hvorfor?").fill("Vi måler alltid, og bruker 37 grader.")
    owner.press(owner.page.get_by_role("button", name="Lagre svaret"))
    assert "Vi måler alltid, og bruker 37 grader." in main(owner)
    look(owner, "evidence")

    # What a note announces: the day, and the answer that begins a new version.
    owner.press(owner.page.locator(".law-mark").get_by_role("link", name="§ 2"))
    assert "1. juli 2031" in main(owner)
    look(owner, "announced")
    owner.page.get_by_label("Det må endres").check()
    owner.press(owner.page.get_by_role("button", name="Lagre svaret"))
    assert owner.page.url.endswith(f"{document}/rediger")
    owner.go("/mine-oppgaver")
    assert owner.page.locator(f"main a[href^='{document}/lovendring/']").count() == 0
    reader.go(document)
    assert MARK not in main(reader)
    assert "Vi måler alltid" not in main(reader)
    look(reader, "no-mark")
