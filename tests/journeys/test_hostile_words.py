"""Scripts, tags and templates in every field of the main flows, shown by a real browser (IN-01)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import DESK, Visitor
from tests.security.flows import Story, Walker
from tests.servers.site import Site, running

MARK = "xq7"
# Out of an attribute, out of a text area, a picture that fails, a template that is filled in.
SHORT = f'{MARK}"><img src=x onerror=alert(1)>{{{{7*7}}}}'
LONG = (
    f"{SHORT}</textarea></title><script>alert(2)</script><svg onload=alert(3)>"
    "<a href='javascript:alert(4)'>a</a> [b](javascript:alert(5)) ![c](//evil.example/c.png) "
    "<iframe srcdoc='<script>alert(6)</script>'></iframe> ${7*7} <%= 7*7 %> {0.__class__} %s "
    "<base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>"
)
ROOMY = ("text", "what", "message", "note", "action", "problem", "reach", "concerns")
ROLES = ("employee", "unit_leader", "editor", "hr", "administrator", "quality_adviser",
         "whistleblowing_recipient")  # fmt: skip
START = ("/", "/avvik", "/avvik/mine", "/avvik/kommunen", "/nyheter", "/stillinger", "/bibliotek",
         "/bibliotek/arbeid", "/varsler", "/mine-oppgaver", f"/sok?q={MARK}", "/varsling/saker",
         "/administrasjon/avvik/typer", "/feil-paa-siden/meldte", "/revisjonslogg", "/avvik/meld",
         "/stedfortreder", "/okter")  # fmt: skip
NOT_FOLLOWED = re.compile(
    r"/(logg-ut|static|lover|ansatt|enhet|organisasjon)|/(fil|bilde)/|\?(?!q=)|#"
)
MOST_PAGES = 60


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Iterator[Story]:
    with running(tmp_path_factory.mktemp("hostile"), seeds) as site:
        yield Story(site, _words).walk()


def _words(kind: str) -> str:
    if "browser" in kind or "file" in kind:
        return SHORT.replace('"', "'")
    return LONG if any(word in kind for word in ROOMY) else SHORT


def test_nothing_that_somebody_wrote_runs_in_a_reader_s_browser(
    story: Story, visit: Callable[..., Visitor]
) -> None:
    """IN-01, IN-10, HD-11: on screen and on paper; no dialog, no complaint, nothing fetched."""
    shown = {role: list(_pages_with_the_words(story.person(role))) for role in ROLES}
    assert sum(map(len, shown.values())) > 25, shown
    for role, addresses in shown.items():
        visitor: Visitor = visit(story.site, DESK)
        faults: list[str] = []
        visitor.page.on(
            "dialog", lambda dialog, to=faults: (to.append(dialog.message), dialog.dismiss())
        )
        visitor.page.on(
            "request", lambda request, to=faults: to.extend(_foreign(story.site, request.url))
        )
        visitor.log_in(role)
        for address in addresses:
            visitor.go(address)
            assert (
                MARK in visitor.page.locator("body").inner_text() or MARK in visitor.page.content()
            )
            assert urlsplit(visitor.page.url).netloc == urlsplit(story.site.url).netloc
            visitor.page.emulate_media(media="print")
            visitor.page.emulate_media(media="screen")
            assert visitor.page.locator("img[src='x'], svg[onload], iframe, base").count() == 0, (
                address
            )
        assert (role, faults, visitor.complaints) == (role, [], [])


def _foreign(site: Site, url: str) -> list[str]:
    return [] if url.startswith((site.url, "data:", "blob:")) else [url]


def _pages_with_the_words(person: Walker) -> Iterator[str]:
    """Yield the addresses of pages that show this person what was written, links followed."""
    waiting, seen = list(START), set()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = person.client.get(address)
        if answer.status != 200 or "<html" not in answer.text:
            continue
        if MARK in answer.text:
            yield address
            links = re.findall(r'href="(/[^"]*)"', answer.text)
            waiting += [unescape(each) for each in links if not NOT_FOLLOWED.search(each)]


def test_mails_are_plain_text_and_nothing_in_them_is_filled_in(story: Story) -> None:
    """IN-10, EM-15: no part is HTML, and what somebody wrote stays as it was typed."""
    assert story.site.mailbox.messages
    for message in story.site.mailbox.messages:
        assert not message.is_multipart()
        assert message.get_content_type() == "text/plain"
        text = f"{message['Subject']} {message.get_content()}"
        assert MARK not in text or "{{7*7}}" in text
