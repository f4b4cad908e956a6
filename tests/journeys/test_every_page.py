"""Every page that answers GET, found by following links: axe, console, policy, width, focus.

A new page joins by itself when a link or an address without numbers leads to it; one that nobody
can reach makes the first test fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import COLOURS, EVERYTHING, Visitor, too_wide, violations
from tests.journeys.walk import Found, Walk, walk
from tests.servers.site import Site

NARROW = {"width": 320, "height": 740}
WIDE = {"width": 1280, "height": 900}
# What the same page may have wrong because it is wide.
WIDTH_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "region"]
WIDTH = {"runOnly": {"type": "rule", "values": WIDTH_RULES}}
Visit = Callable[..., Visitor]

# Says in the console what the page's own policy refused.
REPORT_POLICY = """addEventListener("securitypolicyviolation",
  event => console.error("policy: " + event.violatedDirective + " " + event.blockedURI))"""


@pytest.fixture(scope="module")
def walked(site: Site) -> Walk:
    """All pages of the site."""
    return walk(site)


def test_every_page_is_found(walked: Walk) -> None:
    assert walked.missing() == set()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["320", "1280"])
def test_every_page_is_accessible_light_and_dark(
    site: Site, walked: Walk, visit: Visit, size: dict[str, int]
) -> None:
    visitors: dict[str, Visitor] = {}
    rooms: set[str] = set()
    faults: list[str] = []
    for found in walked.found.values():
        if found.role not in visitors:
            visitors[found.role] = _enter(site, walked, visit, found.role, size)
        # Where it is wide a room's pages have the same frame, and their contents in the same colours.
        room = found.endpoint.partition(".")[0]
        faults.extend(_faults(visitors[found.role], found, size == NARROW or room not in rooms))
        rooms.add(room)
    assert faults == []


def _enter(site: Site, walked: Walk, visit: Visit, role: str, size: dict[str, int]) -> Visitor:
    visitor = visit(site, size)
    visitor.page.add_init_script(REPORT_POLICY)
    if role:
        name = walked.app.config["SESSION_COOKIE_NAME"]
        cookie = {"name": name, "value": walked.cookies[role], "url": site.url}
        visitor.context.add_cookies([cookie])  # type: ignore[list-item]
    return visitor


def _faults(visitor: Visitor, found: Found, in_full: bool) -> Iterator[str]:
    """Open the page, and yield what is wrong with it: all, in light and dark, or by its width."""
    page, where = visitor.page, f"{found.endpoint} as {found.role or 'nobody'}"
    page.emulate_media(color_scheme="light")
    answer = page.goto(site_path(visitor, found))
    assert answer is not None
    if answer.status != 200:
        yield f"{where}: {answer.status}"
    if too_wide(page):
        yield f"{where}: sideways scroll"
    asked = EVERYTHING if in_full else WIDTH
    yield from (f"{where}, light: {line}" for line in violations(page, asked))
    if in_full:
        page.emulate_media(color_scheme="dark")
        yield from (f"{where}, dark: {line}" for line in violations(page, COLOURS))
    yield from (f"{where}: {line}" for line in visitor.complaints)
    visitor.complaints.clear()


def site_path(visitor: Visitor, found: Found) -> str:
    """Return the full address."""
    return visitor.site.url + found.path


# The pages where most of the work is done, and who does it.
MAIN_PAGES = [
    ("/", "employee"),
    ("/avvik/meld", "employee"),
    ("/sok?q=fall", "employee"),
    ("/bibliotek", "employee"),
    ("/mine-oppgaver", "unit_leader"),
    ("/avvik", "unit_leader"),
    ("/administrasjon/avvik/typer/1", "administrator"),
    ("/logg-inn", ""),
]
MOST_STOPS = 150
# Of what has focus: a line, a shadow or a place that it has only then, and whether it can be seen.
FOCUSED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const words = (element, line, shadow) => {
    const box = element.getBoundingClientRect();
    return [line, shadow, box.width, box.height].join("|");
  };
  const look = element => {
    const style = getComputedStyle(element);
    const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return words(element, line ? style.outline : "", style.boxShadow);
  };
  // What the design system draws its line around: the control, or the field that holds it.
  const drawn = [it, it.closest(".ds-field, .tile")].filter(Boolean);
  const box = it.getBoundingClientRect(), now = drawn.map(look).join();
  const seen = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (it.contains(top) || top.contains(it));
  });
  // Leaving a date field would begin it again at its day, and Tab would never get past it.
  const parts = ["date", "time", "datetime-local"].includes(it.type);
  if (!parts) it.blur();
  const before = drawn.map(parts ? element => words(element, "", "none") : look).join();
  if (!parts) it.focus({preventScroll: true, focusVisible: true});
  const name = it.getAttribute("aria-label") || it.innerText || it.name || "";
  return {name: it.tagName + " " + name.slice(0, 40), marked: now !== before, seen};
}"""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["320", "1280"])
def test_each_tab_stop_of_the_main_pages_shows_its_focus(
    site: Site, visit: Visit, size: dict[str, int]
) -> None:
    faults: list[str] = []
    visitors: dict[str, Visitor] = {}
    for path, role in MAIN_PAGES:
        visitor = visitors.setdefault(role, visit(site, size))
        if role and visitor.page.url == "about:blank":
            visitor.log_in(role)
        visitor.go(path)
        stops = list(_tab_stops(visitor.page))
        assert len(stops) >= 8, f"{path}: {stops}"
        faults.extend(
            f"{path}: {stop['name']} marked={stop['marked']} seen={stop['seen']}"
            for stop in stops
            if not (stop["marked"] and stop["seen"])
        )
    assert faults == []


def _tab_stops(page: Page) -> Iterator[dict[str, object]]:
    """Press Tab from the top until focus leaves the page."""
    for _n in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return
        yield stop
