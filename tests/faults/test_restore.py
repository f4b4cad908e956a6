"""The backup that docs/operation.md describes, taken while people work and restored elsewhere."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from intranet import create_app
from intranet.config import load_settings
from tests.faults.sending import WHAT, fields_of
from tests.servers import postgresql, small_site, smtp
from tests.servers.client import Client
from tests.servers.site import ROOT
from tests.servers.small_site import SmallSite

# Mail is looked for every five seconds.
MAIL_SECONDS = 12
NOTE = f"Døra sto åpen {secrets.token_hex(8)}"


def blocks() -> list[list[str]]:
    """Return the commands of the section, block by block: what the reader would type."""
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    section = text.partition("\n## Backup and restore\n")[2].partition("\n## ")[0]
    return [block.strip().splitlines() for block in re.findall(r"```\n(.*?)```", section, re.S)]


def run(lines: list[str], site: SmallSite, backup: Path) -> str:
    """Run the lines where the instance folder lies, with `/backup` elsewhere; flask at the clone."""
    instance = Path(site.environment["INSTANCE_DIR"])
    said = ""
    for line in lines:
        command = line.replace("/backup", str(backup))
        folder = ROOT if command.startswith(".venv/") else instance.parent
        done = subprocess.run(
            ["bash", "-euc", command], cwd=folder, env=site.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stdout + done.stderr)
        said += done.stdout
    return said


def report(site: SmallSite, person: Client) -> str:
    """Send a report with a file; return the address of the case."""
    sent = fields_of(site)
    answer = person.post("/avvik/meld", sent, {"files": NOTE.encode()})
    assert answer.status == 303, answer.text[-2000:]
    return answer.location.removesuffix("/kvittering")


def seen(person: Client, case: str) -> tuple[str, str]:
    """Return the case's page and what its file says."""
    page = person.get(case)
    file = re.search(rf'href="({case}/fil/[^"]+)"', page.text)
    assert file, page.text[-3000:]
    return page.text, person.get(file.group(1)).text


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where the copies lie."""
    folder = tmp_path / "backup"
    folder.mkdir()
    return folder


def test_backup_is_restored_on_another_machine(tmp_path: Path, backup: Path) -> None:
    """BR-01, BR-02, BR-07: taken while the portal runs. Case, file and chain come back; nobody comes
    in by an old session or is told twice."""
    take, restore = blocks()
    first, second = tmp_path / "first" / "instance", tmp_path / "second" / "instance"
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    with postgresql.running() as server, small_site.running(first, server.plain_url) as site:
        jonas = site.person("jonas")
        case = report(site, jonas)
        run(take, site, backup)
        report(site, jonas)
        cookies, keys = site.cookies, site.environment
    with postgresql.running() as server, smtp.running() as mailbox:
        environment = {**keys, "INSTANCE_DIR": str(second), "DATABASE_URL": server.plain_url}
        environment["SMTP_URL"] = mailbox.url
        port = postgresql.free_port()
        url = f"http://127.0.0.1:{port}"
        environment["BASE_URL"] = url
        elsewhere = replace(
            site, url=url, environment=environment, mailbox=mailbox, processes={}, cookies=cookies
        )
        assert "revisjonslogg: hel" in run(restore, elsewhere, backup)
        elsewhere.start("web")
        elsewhere.start("jobs")
        try:
            elsewhere.wait_until_up()
            old = Client(url, "jonas", "")
            old.keep_cookie("okt", cookies["jonas"])
            assert (old.get(case).location or "").startswith("/logg-inn")
            small_site.log_everybody_in(create_app(load_settings(environment)), elsewhere)
            page, file = seen(elsewhere.person("jonas"), case)
            sent = settle_mail(elsewhere)
        finally:
            elsewhere.stop("web")
            elsewhere.stop("jobs")
    assert WHAT in page
    assert file == NOTE
    assert sent == [0, 1]


def settle_mail(site: SmallSite) -> list[int]:
    """Return how many mails have gone out while they were held, and after they were let go.

    The copy holds the one to the leader, which had not been sent.
    """
    time.sleep(MAIL_SECONDS)
    counts = [len(site.mailbox.envelopes)]
    told = site.flask("backup", "mail")
    assert "venter på deg" in told
    assert "holdes tilbake: 1" in told
    assert "1 sendes nå" in site.flask("backup", "mail", "--send")
    end = time.monotonic() + 60
    while time.monotonic() < end and not site.mailbox.envelopes:
        time.sleep(0.2)
    return [*counts, len(site.mailbox.envelopes)]


def test_copy_of_a_running_sqlite_is_whole(tmp_path: Path, backup: Path) -> None:
    """The one line for SQLite, while reports come in."""
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    found = re.search(r"`(sqlite3 instance/intranet\.sqlite3 [^`]+)`", text)
    assert found
    instance = tmp_path / "instance"
    instance.mkdir()
    with small_site.running(instance) as site:
        report(site, site.person("jonas"))
        run([found.group(1)], site, backup)
        os.replace(backup / "intranet.sqlite3", backup / "copy.sqlite3")
        copy = f"sqlite:///{backup / 'copy.sqlite3'}"
        elsewhere = replace(site, environment={**site.environment, "DATABASE_URL": copy})
        assert "revisjonslogg: hel" in elsewhere.flask("audit", "verify")
