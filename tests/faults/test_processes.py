"""The processes are ended, their log is full, the mail server hangs, an upload takes its time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from intranet.audit.models import AuditEntry
from intranet.deviations.models import Deviation
from intranet.notifications.models import OutboxMessage
from tests.faults.sending import WHAT, fields_of
from tests.servers import small_site
from tests.servers.client import Client
from tests.servers.postgresql import free_port
from tests.servers.site import ROOT

ENOUGH = 20


def send_slowly(person: Client, fields: dict[str, str], seconds: float) -> str:
    """Send a report over a thin line and return the first line of the answer."""
    place = urlsplit(person.url)
    body = urlencode({"csrf_token": person.token, **fields}).encode()
    head = (
        f"POST /avvik/meld HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n"
        f"Cookie: {'; '.join(f'{each.name}={each.value}' for each in person.cookies)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((place.hostname or "", place.port or 80), timeout=60) as line:
        line.sendall(head.encode())
        for piece in range(ENOUGH):
            line.sendall(body[piece * len(body) // ENOUGH : (piece + 1) * len(body) // ENOUGH])
            time.sleep(seconds / ENOUGH)
        return line.recv(4096).decode("latin-1").partition("\r\n")[0]


def test_upload_that_takes_longer_than_gunicorns_time_out_arrives(tmp_path: Path) -> None:
    """CF-13, LD-04: a phone with a thin line; twenty of them do not hold up the others."""
    with small_site.running(tmp_path, GUNICORN_CMD_ARGS="--timeout 5") as site:
        slow, quick = site.person("ingrid"), site.person("mona")
        with ThreadPoolExecutor(10) as pool:
            answers = [
                pool.submit(send_slowly, slow, fields_of(site, f"{WHAT} {number}"), 12.0)
                for number in range(10)
            ]
            time.sleep(2)
            began = time.monotonic()
            assert quick.get("/avvik").status == 200
            assert time.monotonic() - began < 5
            assert {answer.result() for answer in answers} == {"HTTP/1.1 303 SEE OTHER"}
        assert site.count(Deviation) == 10


def test_orderly_end_finishes_what_was_begun(tmp_path: Path) -> None:
    """CF-14: SIGTERM under load; an answer or none, never a wrong one, and no report twice."""
    with small_site.running(tmp_path) as site:
        persons = [site.person(name) for name in ("ingrid", "jonas", "nils", "tor")]
        slow, stop = site.person("siri"), threading.Event()

        def working(person: Client) -> list[int]:
            told = []
            while not stop.is_set():
                fields = fields_of(site)
                answer = person.insist(lambda sent=fields: person.post("/avvik/meld", sent))
                assert answer.status == 303, answer.text[-1500:]
                told.append(int(answer.location.split("/")[2]))
            return told

        with ThreadPoolExecutor(5) as pool:
            work = [pool.submit(working, person) for person in persons]
            begun = pool.submit(send_slowly, slow, fields_of(site), 4.0)
            time.sleep(2)
            site.stop("web", signal.SIGTERM)
            assert begun.result() == "HTTP/1.1 303 SEE OTHER"
            site.start("web")
            time.sleep(4)
            stop.set()
            numbers = [number for each in work for number in each.result()]
        assert [person.failures for person in persons] == [[]] * 4
        assert len(numbers) == len(set(numbers)) > 4
        assert site.count(Deviation) == len(numbers) + 1


@contextmanager
def full_log(kind: str) -> Iterator[int]:
    """Give a place for the log that takes nothing: a full disk, or a reader that has stopped."""
    if kind == "disk":
        descriptor = os.open("/dev/full", os.O_WRONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    try:
        yield writer
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize("kind", ["disk", "reader"])
def test_log_that_takes_nothing_stops_neither_requests_nor_audit(kind: str, tmp_path: Path) -> None:
    """CF-20: at the level where each request writes a line."""
    with (
        full_log(kind) as log,
        small_site.running(tmp_path, processes=(), LOG_LEVEL="INFO") as site,
    ):
        site.start("web", log)
        site.wait_until_up()
        person = site.person("ingrid")
        answers = [person.post("/avvik/meld", fields_of(site)).status for _n in range(3)]
        assert answers == [303] * 3
        events = site.values(AuditEntry.event)
        assert events.count("deviation.reported") == 3
        assert site.flask("audit", "verify").startswith("revisjonslogg: hel")


@contextmanager
def mail_server(kind: str) -> Iterator[str]:
    """Give the address of a mail server that is away, or takes the call and says nothing."""
    if kind == "down":
        yield f"smtp+plain://127.0.0.1:{free_port()}"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"smtp+plain://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["down", "hanging"])
def test_reports_are_kept_at_once_whatever_the_mail_server_does(kind: str, tmp_path: Path) -> None:
    """CF-07: no request waits for mail, and every mail waits for the server."""
    with (
        mail_server(kind) as url,
        small_site.running(tmp_path, processes=("web", "jobs"), SMTP_URL=url) as site,
    ):
        person, took = site.person("ingrid"), []
        for _n in range(20):
            began = time.monotonic()
            assert person.post("/avvik/meld", fields_of(site)).status == 303
            took.append(time.monotonic() - began)
        assert site.count(Deviation) == 20
        assert site.count(OutboxMessage) >= 20
        assert set(site.values(OutboxMessage.state)) == {"waiting"}
        # One try takes fifteen seconds where the server hangs.
        assert sorted(took)[10] < 1, took


def test_stored_file_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    """CF-10: the file, then its name; counted in a process of its own."""
    script = """
import io, os, sys
seen = []
fsync, rename = os.fsync, os.rename
def counted(descriptor):
    seen.append(("fsync", os.path.isdir(f"/proc/self/fd/{descriptor}"),
                 os.readlink(f"/proc/self/fd/{descriptor}")))
    fsync(descriptor)
os.fsync = counted
sys.addaudithook(lambda event, args: seen.append((event, False, str(args[1])))
                 if event == "os.rename" else None)
from intranet import create_app
from intranet.core.files import receive_upload
app = create_app()
with app.app_context():
    del seen[:]
    received = receive_upload(io.BytesIO(b"En merknad."), "a.txt")
for event, is_folder, path in seen:
    print(event, is_folder, path.replace(received.token, "TOKEN").replace(received.token[:2], "TO"))
"""
    environment = {**os.environ, "INSTANCE_DIR": str(tmp_path), "ENVIRONMENT": "test"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    renamed = next(place for place, line in enumerate(lines) if line[0] == "os.rename")
    assert lines[renamed][2].endswith("/TOKEN")
    assert any(line[:2] == ["fsync", "False"] for line in lines[:renamed]), lines
    folders = [Path(line[2]) for line in lines[renamed:] if line[:2] == ["fsync", "True"]]
    assert folders == [Path(lines[renamed][2]).parent, tmp_path / "files"]
