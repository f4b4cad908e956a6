"""Documents of a former system are taken in by the quality adviser, without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.core import hostile
from tests.journeys.conftest import PHONE, Visitor
from tests.library import old_system
from tests.servers.site import Site

HEADERS = "Fil;Tittel;Nummer;Type;Eier;Enhet"


def show_again_until(visitor: Visitor, words: str) -> None:
    """Press the page's own link until the clock has done its part."""
    end = time.monotonic() + 60
    while words not in visitor.page.locator("main").inner_text():
        assert time.monotonic() < end, visitor.page.locator("main").inner_text()
        visitor.page.wait_for_timeout(500)
        visitor.press(visitor.page.get_by_role("link", name="Vis på nytt"))


def test_adviser_sees_what_will_happen_and_takes_it_in(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    owner = site.accounts["unit_leader"]
    listed = f"{HEADERS}\nHåndvask.docx;Håndvask;KVA-017;PRO;{owner['username']};{owner['unit']}"
    files = (
        (
            "Dokumentene (zip)",
            "alt.zip",
            hostile.zipped({"Håndvask.docx": old_system.word(picture=True)}),
        ),
        ("Listen (CSV eller XLSX)", "liste.csv", listed.encode()),
    )
    adviser = visit(site, PHONE, scripts=False)
    adviser.log_in("quality_adviser")
    adviser.go("/bibliotek/register")
    page = adviser.page
    adviser.press(page.get_by_role("link", name="Ta inn dokumenter"))
    adviser.check()
    for label, name, data in files:
        page.get_by_label(label).set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        )
    adviser.press(page.get_by_role("button", name="Kontroller listen"))
    show_again_until(adviser, "1 dokument vil bli tatt inn som utkast")
    adviser.check()
    adviser.press(page.get_by_role("button", name="Ta inn 1 dokument"))
    show_again_until(adviser, "1 dokument er tatt inn.")
    adviser.check()
    adviser.press(page.get_by_role("link", name=re.compile(r"^PRO.\d+$")))
    expect(page.get_by_role("img", name="Slik holder du hendene")).to_have_js_property(
        "complete", True
    )
    expect(page.get_by_text("KVA-017", exact=False).first).to_be_visible()
    adviser.check()
