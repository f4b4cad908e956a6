"""A person at a real HTTP connection, who does not give up when the server dies in between."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar
from typing import Any

# What a client sees when the process that answered it is gone.
LOST = (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """What the server said, and where it sends the person on to."""

    status: int
    text: str
    location: str


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


@dataclass
class Client:
    """One person's browser, without the browser."""

    url: str
    username: str
    password: str
    # How often the answer never came.
    lost: int = 0
    # Every status of a failed answer: a server that is killed must not answer with nonsense.
    failures: list[int] = field(default_factory=list)
    token: str = ""
    agent: str = "tests"

    def __post_init__(self) -> None:
        self._jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._opener = urllib.request.build_opener(_StayHere, cookies)

    @property
    def cookies(self) -> list[Cookie]:
        """Return the browser's cookies, for those who send by themselves."""
        return list(self._jar)

    def keep_cookie(self, name: str, value: str) -> None:
        """Put a cookie of the site in the browser, as if it had been sent before."""
        host = urllib.parse.urlsplit(self.url).hostname or ""
        cookie = Cookie(
            0, name, value, None, False, host, False, False, "/", True, False, None, True,
            None, None, {},
        )  # fmt: skip
        self._jar.set_cookie(cookie)

    def get(self, path: str) -> Answer:
        """Ask once for the page."""
        return self._ask(urllib.request.Request(self.url + path))

    def post(
        self,
        path: str,
        fields: Mapping[str, str],
        files: Mapping[str, bytes | tuple[str, bytes]] | None = None,
    ) -> Answer:
        """Send the form once, with the token of the person's session; files may have a name."""
        sent = {"csrf_token": self.token, **fields}
        if not files:
            data = urllib.parse.urlencode(sent).encode()
            return self._ask(urllib.request.Request(self.url + path, data))
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in sent.items()
        ]
        for name, file in files.items():
            shown, content = ("notat.txt", file) if isinstance(file, bytes) else file
            head = f'name="{name}"; filename="{shown}"\r\nContent-Type: text/plain'
            disposition = f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n"
            parts.append(disposition.encode() + content + b"\r\n")
        request = urllib.request.Request(
            self.url + path, b"".join(parts) + f"--{mark}--\r\n".encode()
        )
        request.add_header("Content-Type", f"multipart/form-data; boundary={mark}")
        return self._ask(request)

    def insist(self, act: Callable[[], Answer], seconds: float = 120) -> Answer:
        """Try again until an answer comes: what a person does whose page did not load."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return act()
            except LOST:
                self.lost += 1
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.15)

    def log_in(self) -> Client:
        """Log in, and keep the token that the session's forms carry."""
        self.token = token_of(self.insist(lambda: self.get("/logg-inn")).text)
        sent = {"username": self.username, "password": self.password}
        answer = self.insist(lambda: self.post("/logg-inn", sent))
        assert answer.status == 303, (self.username, answer.status, answer.text[:500])
        self.token = token_of(self.insist(lambda: self.get("/avvik/meld")).text)
        return self

    def _ask(self, request: urllib.request.Request) -> Answer:
        request.add_header("User-Agent", self.agent)
        try:
            with self._opener.open(request, timeout=60) as response:
                text = response.read().decode(errors="replace")
                return Answer(response.status, text, response.url)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code >= 400:
                self.failures.append(error.code)
            return Answer(error.code, text, error.headers.get("Location", ""))


def token_of(page: str) -> str:
    """Return the token in the page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)
