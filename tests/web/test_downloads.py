"""How stored files leave the house (security.md FI-02, FI-09, AZ-29)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask

from intranet.core.actor import SYSTEM
from intranet.core.files import store_upload
from intranet.core.models import StoredFile
from intranet.web.downloads import send_stored_file
from tests.core import hostile


@pytest.fixture
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Range": "bytes=0-1", "If-None-Match": "*"}):
        yield


def store(data: bytes, name: str) -> StoredFile:
    return store_upload(io.BytesIO(data), name, actor=SYSTEM)


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("øøø.txt", "%C3%B8%C3%B8%C3%B8.txt"),
        ('a"; filename="b.exe.txt', "a_%3B%20filename%3D_b.exe.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_%20x%3D1.txt"),
        ("semi;kolon.txt", "semi%3Bkolon.txt"),
        ("😀.txt", "%F0%9F%98%80.txt"),
    ],
)
@pytest.mark.usefixtures("_request")
def test_a_name_cannot_leave_its_header(name: str, encoded: str) -> None:
    """FI-09, IN-18."""
    response = send_stored_file(store(b"hei", name))
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment; ")
    assert "\n" not in header
    assert "\r" not in header
    assert (
        f"filename*=UTF-8''{encoded}" in header
        or encoded.replace("%3B", ";").replace("%20", " ").replace("%3D", "=") in header
    )
    assert response.headers.get("Set-Cookie") is None
    response.close()


@pytest.mark.usefixtures("_request")
def test_a_file_is_sent_whole_and_is_kept_nowhere() -> None:
    """AZ-29: neither range nor ETag is answered."""
    response = send_stored_file(store(b"hele innholdet", "a.txt"))
    response.direct_passthrough = False
    assert response.status_code == 200
    assert response.get_data() == b"hele innholdet"
    assert response.content_length == 14
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()


@pytest.mark.usefixtures("_request")
def test_only_a_picture_that_we_drew_is_shown_in_the_page() -> None:
    """FI-02."""
    picture = send_stored_file(store(hostile.png(), "a.png"), inline=True)
    assert picture.headers["Content-Disposition"].startswith("inline")
    for name, data in (("a.pdf", hostile.pdf()), ("a.txt", b"tekst")):
        response = send_stored_file(store(data, name), inline=True)
        assert response.headers["Content-Disposition"].startswith("attachment")
        response.close()
    asked = send_stored_file(store(hostile.png(), "b.png"))
    assert asked.headers["Content-Disposition"].startswith("attachment")
    asked.close()
    picture.close()
