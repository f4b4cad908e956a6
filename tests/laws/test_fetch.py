"""Archives are fetched from a real server, with caps, and never from anywhere else (XT-08)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask

from intranet.core.errors import InvalidInput
from intranet.laws.fetch import fetch_archive
from tests.laws.builders import archive, law

DATA = archive(law()).getvalue()


class Answers(BaseHTTPRequestHandler):
    """What the stand-in for Lovdata answers, by path."""

    def do_GET(self) -> None:
        path = self.path.rsplit("/", 1)[-1]
        server: Server = self.server  # type: ignore[assignment]
        server.seen.append(self.path)
        if path == "flyttet.tar.bz2":
            return self._redirect("/v1/gjeldende-lover.tar.bz2")
        if path == "bort.tar.bz2":
            return self._redirect("http://169.254.169.254/latest/")
        if path == "fil.tar.bz2":
            return self._redirect("file:///etc/passwd")
        if path == "rundt.tar.bz2":
            return self._redirect("/rundt.tar.bz2")
        if path == "borte.tar.bz2":
            return self.send_error(404)
        self.send_response(200)
        if path == "avbrutt.tar.bz2":
            self.send_header("Content-Length", str(len(DATA) + 100))
        elif path != "uten-lengde.tar.bz2":
            self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA)

    def _redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    seen: list[str]


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Answers)
    running.seen = []
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/v1/"


@pytest.mark.parametrize("name", ["gjeldende-lover", "flyttet", "uten-lengde"])
def test_archive_is_fetched_with_progress(server: Server, context: Flask, name: str) -> None:
    heard: list[int] = []
    with fetch_archive(
        address(server), f"{name}.tar.bz2", tell=lambda done, _total: heard.append(done)
    ) as stream:
        assert stream.read() == DATA
    assert heard[-1] == len(DATA)


@pytest.mark.parametrize("name", ["bort", "fil", "rundt", "borte", "avbrutt"])
def test_answer_that_leads_astray_is_refused(server: Server, context: Flask, name: str) -> None:
    """XT-08: a redirect to an internal address is not followed"""
    with pytest.raises(InvalidInput):
        fetch_archive(address(server), f"{name}.tar.bz2")
    assert len(server.seen) <= 5


@pytest.mark.parametrize("name", ["gjeldende-lover", "uten-lengde"])
def test_archive_above_the_cap_is_refused(server: Server, context: Flask, name: str) -> None:
    with pytest.raises(InvalidInput, match="større"):
        fetch_archive(address(server), f"{name}.tar.bz2", max_bytes=len(DATA) - 1)


@pytest.mark.parametrize(
    "base",
    [
        "http://lovdata.example/",
        "file:///etc/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "http://10.0.0.1/",
    ],
)
def test_only_https_addresses_are_used(context: Flask, base: str) -> None:
    """XT-08: plain http is for this machine only, which the tests need"""
    with pytest.raises(InvalidInput, match="https"):
        fetch_archive(base, "gjeldende-lover.tar.bz2")


def test_name_cannot_leave_the_address(server: Server, context: Flask) -> None:
    with fetch_archive(address(server), "../../x/gjeldende-lover.tar.bz2"):
        assert server.seen == ["/v1/gjeldende-lover.tar.bz2"]


def test_dead_server_is_said_in_plain_words(context: Flask) -> None:
    with pytest.raises(InvalidInput, match="forbindelsen sviktet"):
        fetch_archive("http://127.0.0.1:9/", "gjeldende-lover.tar.bz2")
