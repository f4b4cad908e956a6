"""A report as a person sends it, and what the page must hold when it could not be kept."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from lxml import html

from tests.servers.client import Answer, Client
from tests.servers.small_site import SmallSite

WHAT = "Bruker skled på vått gulv på badet, og den røde matta lå krøllet."


def fields_of(site: SmallSite, what: str = WHAT) -> dict[str, str]:
    """Return a report of a fall on the ward two hours ago."""
    day = datetime.now() - timedelta(hours=2)
    return {
        "send_key": str(uuid.uuid4()),
        "what": what,
        "unit_id": str(site.people.ward),
        "day": day.date().isoformat(),
        "clock": day.strftime("%H:%M"),
    }


def resend(person: Client, page: Answer) -> Answer:
    """Press the button of the page that says "try again", with all that stands in its form."""
    action, fields = form_of(page)
    person.token = fields.pop("csrf_token")
    return person.post(action, fields)


def form_of(page: Answer) -> tuple[str, dict[str, str]]:
    """Return where the page's form in <main> sends, and its fields."""
    tree = html.document_fromstring(page.text)
    (form,) = tree.xpath("//main//form[@method='post']")
    return form.get("action"), {name: value or "" for name, value in form.form_values()}


def check_told(page: Answer, what: str, *, status: int = 503) -> None:
    """Whether the answer is a page in words, with the text kept and nothing of our insides."""
    assert page.status == status, page.text[-1500:]
    assert what in page.text
    assert "Det du sendte, er ikke lagret ennå." in page.text
    for inner in ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "INSERT", "SELECT"):
        assert inner not in page.text, inner
    # The one button that stands out is the one that loses nothing.
    main = html.document_fromstring(page.text).xpath("//main")[0]
    chief = main.xpath(".//*[contains(@class, 'ds-button')][@data-variant='primary']")
    assert [button.text_content().strip() for button in chief] == ["Prøv igjen"]
