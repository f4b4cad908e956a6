"""A private PostgreSQL for a test run: own folder, own port, loopback only, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NOBODY = "nobody"


class ServerMissing(Exception):
    """The server is not installed; the suite fails, it never skips."""


@dataclass(frozen=True)
class Server:
    """Where the database answers, and how it is stopped and started."""

    url: str
    folder: Path
    pid_user: str
    options: str = ""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._control("-w", "-t", "60", "-l", str(self.folder / "log"), "-o", self.options, "start")

    def stop(self) -> None:
        """Stop it at once: every connection is cut."""
        self._control("-m", "immediate", "stop")

    def tidy(self) -> None:
        """Do at once what the server does by itself in time: dead rows and the old log go."""
        steps = ("VACUUM", "SELECT pg_switch_wal()", "CHECKPOINT")
        words = [word for step in steps for word in ("-c", step)]
        command = [_binary("psql"), "-q", "-v", "ON_ERROR_STOP=1", *words, self.plain_url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def dump(self, file: Path) -> None:
        """Write all that the database holds to the file."""
        with file.open("wb") as out:
            subprocess.run([_binary("pg_dump"), self.plain_url], check=True, stdout=out)

    def restore(self, file: Path) -> None:
        """Put into the empty database what `dump` wrote."""
        command = [_binary("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(file), self.plain_url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    @property
    def plain_url(self) -> str:
        """Return the address as PostgreSQL's own tools write it."""
        return self.url.replace("postgresql+psycopg", "postgresql")

    def _control(self, *words: str) -> None:
        _call(self.folder, _binary("pg_ctl"), "-D", str(self.folder / "data"), *words)


def _call(folder: Path, *command: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    subprocess.run(  # type: ignore[call-overload]
        command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL, **_demote()
    )


def _binary(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in versions:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise ServerMissing(f"{name} is not installed: bash tests/servers/install.sh")
    return str(Path(found).resolve())


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _demote() -> dict[str, object]:
    """Return how to run as an ordinary user: the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(NOBODY)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def in_memory() -> str | None:
    """Return a folder in memory with a gigabyte free, or None: the tests commit thousands of times."""
    shm = Path("/dev/shm")
    has_room = os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > 1 << 30
    return str(shm) if has_room else None


@contextmanager
def running(*, is_durable: bool = False) -> Iterator[Server]:
    """Start an empty database in a folder of its own and stop it afterwards.

    Quick and forgetful, unless what it acknowledged must survive that it is stopped at once.
    """
    folder = Path(tempfile.mkdtemp(prefix="intranet-pg-", dir=None if is_durable else in_memory()))
    demote = _demote()
    if demote:
        os.chown(folder, int(str(demote["user"])), int(str(demote["group"])))
    port = free_port()
    options = (
        f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=60 -c logging_collector=off"
        " -c wal_recycle=off -c min_wal_size=32MB"
        + ("" if is_durable else " -F -c synchronous_commit=off -c autovacuum=off")
    )
    url = f"postgresql+psycopg://intranet@127.0.0.1:{port}/postgres"
    server = Server(url, folder, NOBODY, options)
    make = ["-U", "intranet", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    try:
        _call(folder, _binary("initdb"), "-D", str(folder / "data"), *make)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
