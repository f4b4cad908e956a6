"""The backup that docs/operation.md describes, taken while people work and restored elsewhere."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from intranet import create_app
from intranet.backup import sealing
from intranet.config import load_settings
from intranet.core.models import StoredFile
from intranet.deviations.models import Deviation
from tests.backup.conftest import newest
from tests.faults.sending import WHAT, fields_of
from tests.servers import postgresql, small_site, smtp
from tests.servers.client import Client
from tests.servers.site import ROOT
from tests.servers.small_site import SmallSite

# Mail is looked for every five seconds.
MAIL_SECONDS = 12
NOTE = f"Døra sto åpen {secrets.token_hex(8)}"


KEY = "portalen-backup.key"


def commands() -> dict[str, list[str]]:
    """Return what the reader of the section would type, to take a backup and to restore one."""
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    section = text.partition("\n## Backup and restore\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.S | re.M)
    typed = [text.strip().splitlines() for kind, text in blocks if not kind]
    found = {
        name: [each for each in typed if each[0].startswith(f"portalen backup {name}")]
        for name in ("take", "restore")
    }
    assert [len(each) for each in found.values()] == [1, 1], typed
    return {name: each[0] for name, each in found.items()}


def run(lines: list[str], site: SmallSite, backup: Path) -> str:
    """Run the lines as they stand, with `/backup` elsewhere and the key beside the backup."""
    said = ""
    for line in lines:
        command = line.replace("portalen ", f"{sys.executable} -m flask --app wsgi ", 1)
        command = command.replace(KEY, str(backup / KEY), 1)
        if "FILE" in command:
            command = command.replace("/backup/FILE.tar.age", str(newest(backup)))
        done = subprocess.run(
            ["bash", "-euc", command], cwd=ROOT, env=site.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stdout + done.stderr)
        said += done.stdout
    return said


def settings_of(backup: Path) -> dict[str, str]:
    """Make a pair of keys beside the backups, and return what is set on the server."""
    private, public = sealing.make_key()
    (backup / KEY).write_text(f"{private}\n")
    return {"BACKUP_DIR": str(backup), "BACKUP_RECIPIENTS": public}


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
    typed = commands()
    first, second = tmp_path / "first" / "instance", tmp_path / "second" / "instance"
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    with (
        postgresql.running() as server,
        small_site.running(first, server.plain_url, **settings_of(backup)) as site,
    ):
        jonas = site.person("jonas")
        case = report(site, jonas)
        run(typed["take"], site, backup)
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
        assert "revisjonslogg: hel" in run(typed["restore"], elsewhere, backup)
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


def test_backup_of_a_busy_sqlite_is_whole(tmp_path: Path, backup: Path) -> None:
    """BR-01: reports with files come in all the while; each row of the copy has its file."""
    typed = commands()
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with small_site.running(first, **settings_of(backup)) as site:
        jonas = site.person("jonas")
        report(site, jonas)
        with ThreadPoolExecutor(1) as pool:
            taking = pool.submit(run, typed["take"], site, backup)
            sent = 1
            while not taking.done():
                report(site, jonas)
                sent += 1
            assert "lest tilbake" in taking.result()
        elsewhere = replace(site, environment={**site.environment, "INSTANCE_DIR": str(second)})
        assert "revisjonslogg: hel" in run(typed["restore"], elsewhere, backup)
        kept = elsewhere.count(Deviation)
        assert 1 <= kept <= sent
        assert elsewhere.count(StoredFile) == kept
        tokens = set(elsewhere.values(StoredFile.token))
        assert {each.name for each in (second / "files").glob("*/*")} == tokens
