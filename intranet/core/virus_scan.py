"""Asks a ClamAV daemon whether a file is harmful, over its socket; decides nothing, keeps nothing.

Addresses: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`. Only INSTREAM and PING are used, so
the daemon needs no access to our files.
"""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

CHUNK = 64 * 1024
# For each step on the socket, and for all of a file while somebody waits for the answer.
STEP_SECONDS = 5.0
FILE_SECONDS = 15.0
PING_SECONDS = 2.0
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The daemon cannot be reached, does not answer in time, or answers something else."""


def is_harmful(address: str, path: Path, seconds: float = FILE_SECONDS) -> bool:
    """Whether the daemon finds something in the file. Raises ScannerAway; never guesses."""
    ends_at = time.monotonic() + seconds
    with _connected(address) as connection, path.open("rb") as file:
        try:
            connection.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                if time.monotonic() > ends_at:
                    raise ScannerAway("too slow")
                connection.sendall(struct.pack(">L", len(chunk)) + chunk)
            connection.sendall(struct.pack(">L", 0))
            answer = _read_answer(connection, ends_at)
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error
    if answer == "stream: OK":
        return False
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return True
    # Also when the file is larger than the daemon takes: it has then not been looked through.
    raise ScannerAway("no verdict")


def is_there(address: str) -> bool:
    """Whether the daemon answers at all; asked by the health page, which cannot wait long."""
    try:
        with _connected(address, PING_SECONDS) as connection:
            connection.sendall(b"zPING\0")
            return _read_answer(connection, time.monotonic() + PING_SECONDS) == "PONG"
    except (ScannerAway, OSError):
        return False


def _connected(address: str, seconds: float = STEP_SECONDS) -> socket.socket:
    kind, _colon, rest = address.partition(":")
    try:
        if kind == "unix":
            return _connect_unix(rest, seconds)
        host, _colon, port = rest.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error


def _connect_unix(path: str, seconds: float) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect(path)
    except OSError:
        made.close()
        raise
    return made


def _read_answer(connection: socket.socket, ends_at: float) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        if len(answer) > _LONGEST_ANSWER or time.monotonic() > ends_at:
            raise ScannerAway("no end of the answer")
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("ascii", "replace")
