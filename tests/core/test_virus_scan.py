"""The virus scanner: refused when harmful, held while it is away, never called clean by us (FI-08)."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.anonymous.actions.deliver import (
    close_for_delivery,
    deliver_ready,
    plan_next,
    store_ready_files,
)
from intranet.anonymous.actions.send import AnonymousContent, send_report
from intranet.core import held_files, virus_scan
from intranet.core.clock import today
from intranet.core.errors import InvalidInput
from intranet.core.files import path_of, receive_upload, record_file
from intranet.core.models import ScanState, StoredFile
from intranet.core.receipt_code import make_code
from intranet.core.traceless_files import clean_upload
from intranet.core.transaction import transaction
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.jobs.scanner import probe_scanner
from tests import cast
from tests.browser import Browser
from tests.core import hostile
from tests.servers import clamd
from tests.servers.postgresql import free_port

HARMLESS = b"Et notat om gulvet."
HARMFUL = b"Notat: " + clamd.EICAR
SetScanner = Callable[[str], None]


@pytest.fixture(scope="session")
def scanner() -> Iterator[str]:
    """A real daemon with a signature of our own."""
    with clamd.running() as address:
        yield address


@pytest.fixture
def set_scanner(app: Flask) -> Iterator[SetScanner]:
    """Set which daemon the portal asks."""
    before = app.extensions["intranet_settings"]

    def choose(address: str) -> None:
        app.extensions["intranet_settings"] = replace(before, virus_scanner=address)

    yield choose
    app.extensions["intranet_settings"] = before


@pytest.fixture
def nobody_there() -> str:
    return f"tcp:127.0.0.1:{free_port()}"


def received(app: Flask, content: bytes) -> ScanState:
    with app.app_context():
        return receive_upload(io.BytesIO(content), "notat.txt").scan


def stored(app: Flask, content: bytes) -> int:
    with app.app_context(), transaction():
        file = receive_upload(io.BytesIO(content), "notat.txt")
        return record_file(file, actor=cast.viewer(1)).id


def state_of(app: Flask, file_id: int) -> ScanState:
    with app.app_context():
        return ScanState(
            db.session.execute(select(StoredFile.scan).where(StoredFile.id == file_id)).scalar_one()
        )


def test_real_daemon_finds_what_is_harmful_and_lets_the_rest_through(
    app: Flask, people: cast.Cast, scanner: str, set_scanner: SetScanner
) -> None:
    set_scanner(scanner)
    assert received(app, HARMLESS) == ScanState.CLEAN
    with app.app_context(), pytest.raises(InvalidInput, match="Virussjekken") as refused:
        receive_upload(io.BytesIO(HARMFUL), "notat.txt")
    assert refused.value.field == "file"


def test_without_a_scanner_nothing_is_asked_and_nothing_is_called_clean(
    app: Flask, people: cast.Cast
) -> None:
    assert received(app, HARMFUL) == ScanState.NOT_ASKED
    with app.app_context():
        probed = probe_scanner()
    assert probed.is_good
    assert probed.values["is_on"] is False


def silence(connection: socket.socket) -> None:
    time.sleep(virus_scan.STEP_SECONDS * 3)


def nonsense(connection: socket.socket) -> None:
    connection.sendall(b"stream: OK maybe\0")


def too_large(connection: socket.socket) -> None:
    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def endless(connection: socket.socket) -> None:
    for _n in range(10_000):
        connection.sendall(b"stream: ")


def hang_up(connection: socket.socket) -> None:
    connection.recv(10)


@pytest.mark.parametrize("answer", [silence, nonsense, too_large, endless, hang_up])
def test_daemon_that_gives_no_verdict_makes_the_file_wait(
    app: Flask,
    people: cast.Cast,
    set_scanner: SetScanner,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[socket.socket], None],
) -> None:
    monkeypatch.setattr(virus_scan, "STEP_SECONDS", 0.3)
    with clamd.misbehaving(answer) as address:
        set_scanner(address)
        started = time.monotonic()
        assert received(app, HARMLESS) == ScanState.WAITING
        assert time.monotonic() - started < 10


def test_file_that_the_daemon_finds_too_large_is_held(
    app: Flask, people: cast.Cast, scanner: str, set_scanner: SetScanner
) -> None:
    """Its StreamMaxLength is 1 MB in the test; what it has not seen it has not cleared."""
    set_scanner(scanner)
    assert received(app, b"Et langt notat. " * 100_000) == ScanState.WAITING


def test_held_file_is_given_to_nobody_and_scanned_when_the_daemon_is_back(
    app: Flask,
    people: cast.Cast,
    scanner: str,
    set_scanner: SetScanner,
    nobody_there: str,
    log_in: Callable[[int], Browser],
) -> None:
    set_scanner(nobody_there)
    ingrid = log_in(people.ingrid)
    fields = ingrid.get("/avvik/meld").form()
    sent = {
        **fields, "what": "Vått gulv.", "unit_id": str(people.strandheim),
        "files": (io.BytesIO(HARMLESS), "notat.txt"),
    }  # fmt: skip
    sent.pop("photo", None)
    assert ingrid.post("/avvik/meld", sent).status == 200
    with app.app_context():
        file = db.session.execute(select(StoredFile)).scalar_one()
        assert file.scan == ScanState.WAITING
        db.session.remove()
    address = _address_of_file(log_in(people.mona))
    page = log_in(people.mona).get(address)
    assert page.status == 409
    assert "ikke sjekket for virus ennå" in page.text
    with app.app_context():
        assert held_files.scan_waiting() == 0
        assert not probe_scanner().is_good
    set_scanner(scanner)
    with app.app_context():
        assert held_files.scan_waiting() == 1
        assert probe_scanner().is_good
    given = log_in(people.mona).get(address, inspect=False)
    assert (given.status, given.response.data) == (200, HARMLESS)


def _address_of_file(browser: Browser) -> str:
    [case] = [link for link in browser.get("/avvik").links() if link.startswith("/avvik/2026")]
    [address] = [link for link in browser.get(case).links() if "/fil/" in link]
    return address


def test_held_file_that_turns_out_harmful_loses_its_bytes_and_keeps_its_row(
    app: Flask, people: cast.Cast, scanner: str, set_scanner: SetScanner, nobody_there: str
) -> None:
    set_scanner(nobody_there)
    file_id = stored(app, HARMFUL)
    set_scanner(scanner)
    with app.app_context():
        path = path_of(db.session.get_one(StoredFile, file_id))
        assert path.exists()
        assert held_files.scan_waiting() == 1
        assert not path.exists()
        assert held_files.is_held(db.session.get_one(StoredFile, file_id))
    assert state_of(app, file_id) == ScanState.HARMFUL


def test_file_held_when_the_scanner_is_switched_off_is_never_called_clean(
    app: Flask, people: cast.Cast, set_scanner: SetScanner, nobody_there: str
) -> None:
    set_scanner(nobody_there)
    file_id = stored(app, HARMLESS)
    set_scanner("")
    with app.app_context():
        assert held_files.scan_waiting() == 0
    assert state_of(app, file_id) == ScanState.WAITING


def test_administrator_sees_whether_files_are_scanned(
    app: Flask, people: cast.Cast, set_scanner: SetScanner, nobody_there: str,
    log_in: Callable[[int], Browser],
) -> None:  # fmt: skip
    assert "Virussjekk av vedleggAv" in log_in(people.adam).get("/administrasjon").text
    set_scanner(nobody_there)
    stored(app, HARMLESS)
    text = log_in(people.adam).get("/administrasjon").text
    assert "Virussjekk av vedleggPå" in text
    assert "Filer som venter på virussjekk1" in text


def test_unix_socket_is_asked_too(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "notat.txt"
    file.write_bytes(HARMLESS)
    with pytest.raises(virus_scan.ScannerAway):
        virus_scan.is_harmful(f"unix:{tmp_path}/nobody.sock", file)
    assert not virus_scan.is_there(f"unix:{tmp_path}/nobody.sock")


def test_report_without_a_name_arrives_without_the_file_that_the_scanner_stopped(
    app: Flask, people: cast.Cast, set_scanner: SetScanner
) -> None:
    """Whoever wrote it cannot be asked for another file, and what they wrote must arrive."""

    def stop_all(connection: socket.socket) -> None:
        sent = b""
        while not sent.endswith(b"\0\0\0\0"):
            sent += connection.recv(65_536)
        connection.sendall(b"stream: Noe.Skadelig FOUND\0")

    with app.app_context(), clamd.misbehaving(stop_all) as address:
        picture = clean_upload(io.BytesIO(hostile.png()), "bilde.png", 1)
        content = AnonymousContent("Rekkverket er løst.", people.strandheim, today())
        with transaction():
            send_report(make_code(), content, [picture])
            close_for_delivery(plan_next())
        set_scanner(address)
        stored_files = store_ready_files()
        db.session.rollback()
        with transaction():
            assert deliver_ready(stored_files) == 1
        case = db.session.execute(select(Deviation)).scalar_one()
        assert case.what.startswith("Rekkverket er løst.")
        assert "stoppet av virussjekken" in case.what
        assert db.session.execute(select(StoredFile)).all() == []
        db.session.remove()
