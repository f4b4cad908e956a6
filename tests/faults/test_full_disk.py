"""The disk is full: words and the text instead of a crash, nothing half done, and no restart after."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from intranet.deviations.models import Deviation
from intranet.extensions import Model
from intranet.jobs.models import JobRun
from intranet.search.models import PendingEntry
from tests.faults.conftest import filled, small_disk
from tests.faults.sending import WHAT, check_told, fields_of, form_of, resend
from tests.servers import small_site
from tests.servers.client import Answer, Client
from tests.servers.small_site import SmallSite

pytestmark = pytest.mark.mounts
PICTURE_NOTE = b"Merknad til bildet. " * 100_000


def rows(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has, but for those that a page's own drafts and visits make."""
    others = {"deviation_draft", "login_session"}
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Model.metadata.sorted_tables
            if table.name not in others
        }


def send_until_refused(site: SmallSite, person: Client) -> Answer:
    """Send reports until one finds no room: the journal has some pages left that it uses first."""
    for _n in range(200):
        answer = person.post("/avvik/meld", fields_of(site, WHAT + " Igjen." * 800))
        if answer.status != 303:
            return answer
    raise AssertionError("the disk was never full")


def test_report_finds_no_room_in_the_database(tmp_path: Path) -> None:
    """CF-04: the database and its journal; recovered without restart."""
    with small_disk(tmp_path / "small", 32) as disk, small_site.running(disk) as site:
        person, engine = site.person("ingrid"), site.engine()
        with filled(disk):
            page = send_until_refused(site, person)
            check_told(page, WHAT, status=507)
            assert "ikke plass" in page.text
            before = rows(engine)
            assert resend(person, page).status == 507
            assert rows(engine) == before
            assert person.get("/avvik/mine").status == 200
        answer = resend(person, page)
        assert answer.status == 303, answer.text[-1500:]
        after = rows(engine)
        assert after["deviation"] == before["deviation"] + 1
        engine.dispose()
        assert site.flask("audit", "verify").startswith("revisjonslogg: hel")


def test_upload_finds_no_room(tmp_path: Path) -> None:
    """CF-04: where files are stored; the report goes without its file, or with it afterwards."""
    with small_disk(tmp_path / "small", 32) as files:
        instance = tmp_path / "instance"
        instance.mkdir()
        (instance / "files").symlink_to(files, target_is_directory=True)
        with small_site.running(instance) as site:
            person, fields = site.person("ingrid"), fields_of(site)
            send = {"files": PICTURE_NOTE}
            with filled(files):
                page = person.post("/avvik/meld", fields, send)
                assert page.status == 409, page.text[-1500:]
                assert "ikke plass" in page.text
                assert WHAT in form_of(page)[1]["what"]
                assert site.count(Deviation) == 0
                assert [each for each in files.rglob("*") if each.is_file()] == [files / "filler"]
            assert person.post("/avvik/meld", fields, send).status == 303
            stored = [each for each in files.rglob("*") if each.is_file()]
            assert [each.read_bytes() for each in stored] == [PICTURE_NOTE]


def test_upload_finds_no_room_while_it_is_read(tmp_path: Path) -> None:
    """CF-04: where the web process keeps what is on its way in."""
    instance = tmp_path / "instance"
    instance.mkdir()
    with (
        small_disk(tmp_path / "small", 8) as disk,
        small_site.running(instance, TMPDIR=str(disk)) as site,
    ):
        person, fields = site.person("ingrid"), fields_of(site)
        with filled(disk):
            page = person.post("/avvik/meld", fields, {"files": PICTURE_NOTE})
            check_told(page, WHAT, status=507)
            assert "Velg på nytt: notat.txt" in page.text
            assert site.count(Deviation) == 0
        action, again = form_of(page)
        again.pop("files", None)
        assert person.post(action, again, {"files": PICTURE_NOTE}).status == 303
        assert site.count(Deviation) == 1


def test_search_index_finds_no_room_and_catches_up_afterwards(tmp_path: Path) -> None:
    """CF-04: the index is behind, nothing else; the same jobs process makes it whole later."""
    instance = tmp_path / "instance"
    with small_disk(tmp_path / "small", 4) as disk:
        instance.mkdir()
        (instance / "index").symlink_to(disk, target_is_directory=True)
        with small_site.running(instance, processes=("web", "jobs")) as site:
            editor = site.person("eva")
            wait_until(lambda: (disk / "CURRENT").exists(), site)
            with filled(disk):
                title = _publish(site, editor)
                wait_until(lambda: "could not be indexed" in site.log("jobs"), site)
                assert title in editor.get("/nyheter").text
                assert editor.get("/sok?q=brannalarm").status == 200
            _let_a_minute_pass(site)
            wait_until(lambda: title in _without_marks(editor.get("/sok?q=brannalarm").text), site)


def wait_until(is_so: Callable[[], bool], site: SmallSite, seconds: float = 60) -> None:
    """Return when it is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, site.log("jobs")
        time.sleep(0.3)


def _let_a_minute_pass(site: SmallSite) -> None:
    """Let the minute be over after which a failed document and a failed job are tried again."""
    engine = site.engine()
    with engine.begin() as connection:
        connection.execute(update(PendingEntry).values(claimed_at=None))
        connection.execute(update(JobRun).values(next_at=datetime.now(UTC)))
    engine.dispose()


def _publish(site: SmallSite, editor: Client) -> str:
    fields = {
        "send_key": fields_of(site)["send_key"], "title": "Ny brannalarm", "lead": "Den er høy.",
        "body": "Vi prøver den onsdag.", "owner_unit": str(site.people.strandheim),
        "reach": "all", "step": "publish",
    }  # fmt: skip
    assert editor.post("/nyheter/skriv", fields).status == 303
    return "Ny brannalarm"


def _without_marks(page: str) -> str:
    return page.replace("<mark>", "").replace("</mark>", "")
