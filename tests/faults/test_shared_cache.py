"""A cache in front of the portal that keeps what it may, for everybody alike."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.cast import PERSONS
from tests.servers import nginx, small_site

PAGES = ("/", "/varsler", "/avvik", "/avvik/mine", "/avvik/meld", "/okter", "/nyheter",
         "/bibliotek", "/organisasjon", "/logg-inn")  # fmt: skip


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


def fetch(address: str, cookie: str = "") -> tuple[int, str, str]:
    """Return status, text, and what the cache says of it."""
    request = urllib.request.Request(address, headers={"Cookie": f"okt={cookie}"} if cookie else {})
    try:
        answer = urllib.request.build_opener(_StayHere).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode("utf-8"), answer.headers.get("X-Cache", "")


def test_a_cache_that_all_share_shows_nobody_the_page_of_another(tmp_path: Path) -> None:
    """AZ-30, HD-02: one person, another, and nobody, one after the other; files are kept."""
    with (
        small_site.running(tmp_path / "site") as site,
        nginx.caching(tmp_path / "nginx", site.url) as front,
    ):
        for page in PAGES:
            for name in ("mona", "tor", ""):
                status, source, cached = fetch(front + page, site.cookies.get(name, ""))
                assert cached in ("MISS", "BYPASS"), (page, name, cached)
                others = [PERSONS[each][0] for each in ("mona", "tor") if each != name]
                # The chart of the organisation names its leaders to everybody who may read it.
                if page != "/organisasjon" or not name:
                    assert not [words for words in others if words in source], (page, name)
                if name and page != "/logg-inn":
                    assert (status, PERSONS[name][0] in source) == (200, True), (page, name)
        # The oracle itself: what may be kept is kept.
        style = fetch(f"{front}/logg-inn")[1].partition('rel="stylesheet" href="')[2].split('"')[0]
        assert [fetch(front + style)[2] for _time in range(2)] == ["MISS", "HIT"]
