"""A procedure is written with the toolbar, and saves itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.core import hostile
from tests.journeys.conftest import PHONE, Visitor, too_wide
from tests.servers.site import Site

Visit = Callable[..., Visitor]


def test_author_writes_with_buttons_and_keys_and_it_saves_itself(site: Site, visit: Visit) -> None:
    author, second = visit(site), visit(site)
    author.log_in("quality_adviser")
    author.go("/bibliotek/ny")
    page = author.page
    page.get_by_label("Type").select_option("RUT")
    page.get_by_label("Tittel").fill("Renhold av rullestoler")
    author.press(page.get_by_role("button", name="Lagre utkast"))
    page.locator("#file").set_input_files(
        {"name": "stol.png", "mimeType": "image/png", "buffer": hostile.png()}
    )
    author.press(page.get_by_role("button", name="Legg ved"))
    text, keys = page.get_by_role("textbox", name="Tekst"), page.keyboard
    text.click()

    # By pointer, by shortcut, and by the arrow keys of the toolbar, which is one tab stop.
    keys.type("Før du begynner")
    page.get_by_role("button", name="Overskrift", exact=True).click()
    keys.type("\n\nVask ")
    keys.press("Control+b")
    keys.type("hendene")
    keys.press("Control+End")
    keys.type("\n\nSåpe")
    keys.press("Shift+Tab")
    expect(page.get_by_role("button", name="Overskrift", exact=True)).to_be_focused()
    for _n in range(3):
        keys.press("ArrowRight")
    keys.press("Enter")
    expect(text).to_be_focused()
    keys.type("\nVann\n\n")
    expect(text).to_have_value("## Før du begynner\n\nVask **hendene**\n\n- Såpe\n- Vann\n")

    # A picture is not put in without saying what it shows; the law is found by its words.
    page.get_by_role("button", name="Bilde", exact=True).click()
    window = page.get_by_role("dialog", name="Sett inn bilde")
    window.get_by_role("button", name="Sett inn").click()
    expect(window.get_by_text("Beskriv bildet med noen ord.")).to_be_visible()
    author.check()
    keys.type("Rullestol uten fotstøtte")
    keys.press("Enter")
    page.get_by_role("button", name="Lovhenvisning").click()
    keys.type("arbeidsmiljøloven 4-3")
    page.get_by_role("option", name="§ 4-3").click()
    page.get_by_role("button", name="Sett inn").click()
    expect(text).to_have_value(
        re.compile(
            r"- Vann\n\n!\[Rullestol uten fotstøtte\]\(/bibliotek/RUT-\d+/bilde/\d+\)\n\n"
            r"Arbeidsmiljøloven § 4-3\s*$"
        )
    )
    keys.press("Control+z")
    expect(text).to_have_value(re.compile(r"bilde/\d+\)\s*$"))
    page.set_viewport_size({"width": 320, "height": 700})
    assert not too_wide(page)
    page.set_viewport_size(PHONE)
    author.check()
    # Saved by itself; without network it says so, and tries again until it is.
    line = page.locator("#autosave")
    expect(line).to_contain_text("Lagret kl.")
    author.context.set_offline(True)
    text.press("Control+End")
    keys.type("Tørk.")
    expect(line).to_contain_text("Ikke lagret – vi prøver igjen")
    expect(page.locator("#autosave-spoken")).to_contain_text("Ikke lagret")
    author.complaints.clear()
    author.context.set_offline(False)
    expect(line).to_contain_text("Lagret kl.")

    # Another opens it, and both write: whoever is second is told, and keeps the text.
    address = page.url.removeprefix(site.url)
    second.log_in("chief_executive")
    second.go(address)
    keys.type(" Tørk godt.")
    expect(line).to_contain_text("Lagrer")
    expect(line).to_contain_text("Lagret kl.")
    late = second.page.get_by_role("textbox", name="Tekst")
    late.press("Control+End")
    second.page.keyboard.type("Luft ut.")
    expect(second.page.locator("#autosave")).to_contain_text("mens du skrev")
    expect(late).to_have_value(re.compile("Luft ut"))
    second.page.on("dialog", lambda dialog: dialog.accept())

    # Left at once, by a link, with what was typed a moment ago.
    keys.type(" Ferdig.")
    author.press(page.get_by_role("navigation").get_by_role("link", name="RUT-").first)
    expect(page.get_by_text("Tørk godt. Ferdig.")).to_be_visible()

    # The session ends: the button leads through the login, and the text is saved afterwards.
    author.go(address)
    author.context.clear_cookies()
    text.press("Control+End")
    keys.type(" Sett på plass.")
    expect(line).to_contain_text("Du er logget ut")
    author.press(page.get_by_role("button", name="Lagre utkast"))
    account = site.accounts["quality_adviser"]
    page.get_by_label("Brukernavn").fill(account["username"])
    page.get_by_label("Passord", exact=False).first.fill(account["password"])
    page.get_by_role("main").get_by_role("button", name="Logg inn").click()
    expect(line).to_contain_text("Lagret kl.")
    author.press(page.get_by_role("button", name="Lagre og se"))
    expect(page.get_by_text("Ferdig. Sett på plass.")).to_be_visible()
    picture = page.get_by_role("img", name="Rullestol uten fotstøtte")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 20
