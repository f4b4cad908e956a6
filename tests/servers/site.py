"""The whole product as processes of its own: gunicorn, the jobs process, and a mail server."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import postgresql, smtp
from tests.servers.postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
ACCOUNTS = "accounts.json"


@dataclass
class Site:
    """A running portal with the demonstration municipality in it."""

    url: str
    environment: dict[str, str]
    mailbox: smtp.Mailbox
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)

    def start(self, name: str, log: int | None = None) -> None:
        """Start "web" or "jobs"; what it says goes to its log file, or to the descriptor `log`."""
        port = self.url.rpartition(":")[2]
        with (Path(self.environment["INSTANCE_DIR"]) / f"{name}.log").open("ab") as file:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command_of(name, port)],
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=file if log is None else log,
            )

    def stop(self, name: str, sign: int = signal.SIGTERM) -> None:
        """End the process and its children; with SIGKILL they get no warning."""
        process = self.processes.pop(name)
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            pass
        process.wait(timeout=20)

    def kill_a_worker(self) -> None:
        """End one of the web's workers without warning, as the machine does without memory."""
        master = self.processes["web"].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            try:
                os.kill(int(children[0]), signal.SIGKILL)
            except ProcessLookupError:
                pass

    @property
    def database_url(self) -> str:
        """Return where the site's database is."""
        file = Path(self.environment["INSTANCE_DIR"]) / "intranet.sqlite3"
        return self.environment["DATABASE_URL"] or f"sqlite:///{file}"

    def flask(self, *arguments: str) -> str:
        """Run a flask command to its end and return what it prints."""
        result = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def wait_until_up(self) -> None:
        """Return when the web process answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/tilgjengelighet", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError("the portal did not start: " + self.log("web"))

    def log(self, name: str) -> str:
        """Return the last words of a process."""
        path = Path(self.environment["INSTANCE_DIR"]) / f"{name}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""


def command_of(name: str, port: str) -> list[str]:
    """Return the process's command as the Procfile has it, without the folder of the program."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    commands = dict(line.split(": ", 1) for line in lines)
    command = commands[name].replace("${PORT:-8000}", port).removeprefix(".venv/bin/")
    return shlex.split(command)


@contextmanager
def running(folder: Path, seeds: Path, server: postgresql.Server | None = None) -> Iterator[Site]:
    """Start everything on a copy of the demonstration municipality, and stop it afterwards.

    `seeds` keeps what was seeded once for the whole run, `server` is where to put it.
    """
    port = free_port()
    with smtp.running() as mailbox:
        environment = {
            **os.environ,
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": server.url if server else "",
            "ENVIRONMENT": "demo",
            "BASE_URL": f"http://127.0.0.1:{port}",
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "ansattportalen@havnsund.kommune.example",
            "PYTHONUNBUFFERED": "1",
        }
        site = Site(f"http://127.0.0.1:{port}", environment, mailbox)
        seed = seeds / ("postgresql" if server else "sqlite")
        _settle(site, folder, seed, server)
        rows = json.loads((seed / ACCOUNTS).read_text(encoding="utf-8"))
        site.accounts = {row["role"]: row for row in rows}
        site.start("web")
        site.start("jobs")
        try:
            site.wait_until_up()
            yield site
        finally:
            for name in list(site.processes):
                site.stop(name)


def _settle(site: Site, folder: Path, seed: Path, server: postgresql.Server | None) -> None:
    """Migrate and seed, the first time in a run; afterwards copy what the first one made."""
    seed.mkdir(exist_ok=True)
    with (seed / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept, dump = seed / "instance", seed / "dump.sql"
        if kept.exists():
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            if server:
                server.restore(dump)
            return
        site.flask("db", "upgrade")
        site.flask("demo", "seed")
        accounts = site.flask("demo", "accounts", "--json")
        (seed / ACCOUNTS).write_text(accounts, encoding="utf-8")
        if server:
            server.dump(dump)
        # Last, so that nobody copies what is half made.
        shutil.copytree(folder, seed / "half")
        (seed / "half").rename(kept)
