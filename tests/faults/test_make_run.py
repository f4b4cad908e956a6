"""`make run` as somebody tries it: on a busy port, twice in a row, and stopped with Ctrl+C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.servers.postgresql import free_port
from tests.servers.site import ROOT

# What is installed is there already; the test is of what comes after.
RUN = ["make", "--assume-old=setup", "run"]


def _environment(instance: Path, port: int) -> dict[str, str]:
    own = {"INSTANCE_DIR": str(instance), "PORT": str(port), "DATABASE_URL": "", "MAKEFLAGS": ""}
    return {**os.environ, **own}


def test_busy_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            RUN, cwd=ROOT, env=_environment(tmp_path / "instance", port), capture_output=True,
            text=True, check=False, timeout=30,
        )  # fmt: skip
    assert done.returncode != 0
    assert f"Port {port} er opptatt" in done.stdout
    assert "PORT=8001 make run" in done.stdout
    assert not (tmp_path / "instance").exists()


def test_packages_that_cannot_be_fetched_are_said_in_words(tmp_path: Path) -> None:
    """The first time without network: what is missing, and what to do."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    nowhere = f"http://127.0.0.1:{free_port()}/simple"
    done = subprocess.run(
        ["make", "setup"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PIP_INDEX_URL": nowhere, "PIP_NO_CACHE_DIR": "1", "MAKEFLAGS": ""},
    )  # fmt: skip
    assert done.returncode != 0
    assert "Første gang trengs nett" in done.stdout
    assert not (tmp_path / ".venv" / ".installed").exists()


def test_second_run_seeds_nothing_and_ctrl_c_ends_both_quietly(tmp_path: Path) -> None:
    port = free_port()
    said = [_run_and_stop(tmp_path, port) for _n in range(2)]
    for text in said:
        assert f"Åpne http://127.0.0.1:{port}" in text
        assert "Traceback" not in text
        assert "Kan ikke starte" not in text
    assert "nothing to do" not in said[0]
    assert "there is content already; nothing to do" in said[1]
    with socket.create_server(("127.0.0.1", port)):
        pass


def _run_and_stop(instance: Path, port: int) -> str:
    """Start, wait until the front page answers, press Ctrl+C, and return all that was said."""
    process = subprocess.Popen(
        RUN, cwd=ROOT, env=_environment(instance, port), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 240
        while not _answers(port):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.2)
        # As a terminal does: to everything that was started from it.
        os.killpg(process.pid, signal.SIGINT)
        said, _none = process.communicate(timeout=30)
        return said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/logg-inn", timeout=2):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
