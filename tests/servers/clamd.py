"""A real ClamAV daemon with one signature of our own (EICAR), and one that misbehaves."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from intranet.core.virus_scan import is_there
from tests.servers.postgresql import ServerMissing, free_port

# In two halves, so that no scanner on a developer's machine takes this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
START_SECONDS = 90.0


@contextmanager
def running() -> Iterator[str]:
    """Start the daemon as an ordinary user in a folder of its own; yield its address."""
    binary = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(binary).exists():
        raise ServerMissing("clamd is not installed: bash tests/servers/install.sh")
    folder = Path(tempfile.mkdtemp(prefix="intranet-clamd-"))
    (folder / "own.ndb").write_text(f"Eicar-Own:0:*:{EICAR.hex()}\n")
    port = free_port()
    (folder / "clamd.conf").write_text(
        f"TCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {folder}\nForeground yes\n"
        "StreamMaxLength 1M\nMaxThreads 2\nSelfCheck 0\n"
    )
    demote: dict[str, object] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        demote = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [binary, f"--config-file={folder / 'clamd.conf'}"],
            stdout=log, stderr=log, cwd=folder, **demote,
        )  # fmt: skip
    address = f"tcp:127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_there(address):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "clamd does not answer"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def misbehaving(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen as the daemon does, and let `answer` do what it likes with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                connection, _address = listener.accept()
                with connection:
                    answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"tcp:127.0.0.1:{listener.getsockname()[1]}"
    finally:
        is_over.set()
        # Wakes the thread that waits for the next connection.
        with suppress(OSError), socket.create_connection(listener.getsockname(), timeout=1):
            pass
        listener.close()
        thread.join(timeout=5)
