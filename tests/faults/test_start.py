"""What is wrong is said at start, in one line that holds no secret, and nothing is served."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.servers.postgresql import free_port
from tests.servers.site import ROOT, command_of

GOOD, OTHER = secrets.token_hex(32), secrets.token_hex(32)
PASSWORD = "Pw-4711-in-the-address"


# Imports the program once and starts it in a child process for each environment that it is told of:
# what takes a second is not asked of each start.
STARTER = """
import json, os, sys, traceback
import intranet.wiring
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.environ.clear()
        os.environ.update(json.loads(line))
        os.dup2(os.open(os.environ["SAID"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
        os.dup2(1, 2)
        try:
            import wsgi
        except SystemExit as end:  # What Python does with it, but for the tidying up.
            print(end.code, file=sys.stderr)
            os._exit(1)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def starter() -> Iterator[subprocess.Popen[str]]:
    """Return the process that starts the web process for each environment it is given."""
    command = [*_without_override(), sys.executable, "-c", STARTER]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


@pytest.fixture
def start(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, starter: subprocess.Popen[str]
) -> Callable[..., str]:
    """Return what the web process says, which must be one line, when it is not to start."""
    said_in = tmp_path_factory.mktemp("said") / "said"

    def run(*, command: list[str] | None = None, **changes: str) -> str:
        environment = {
            **os.environ, "INSTANCE_DIR": str(tmp_path), "ENVIRONMENT": "production",
            "SECRET_KEY": GOOD, "AUDIT_KEY": OTHER, "DATABASE_URL": "", "SAID": str(said_in),
            "DIRECTORY_FILE": str(tmp_path / "directory.json"), **changes,
        }  # fmt: skip
        environment = {key: value for key, value in environment.items() if value}
        if command is None:
            code, said = _in_child(starter, environment), said_in.read_text()
        else:
            done = subprocess.run(
                [*_without_override(), sys.executable, *command], cwd=ROOT, env=environment,
                capture_output=True, text=True, check=False, timeout=60,
            )  # fmt: skip
            code, said = done.returncode, done.stdout + done.stderr
        assert code != 0, said
        for secret in (GOOD, OTHER, PASSWORD, *changes.values()):
            assert len(secret) < 12 or secret.startswith(("/", "http")) or secret not in said
        assert "Traceback" not in said
        lines = [line for line in said.splitlines() if "Kan ikke starte: " in line]
        assert len(lines) == 1, said
        return lines[0]

    return run


def _in_child(starter: subprocess.Popen[str], environment: dict[str, str]) -> int:
    """Return the exit status of a web process that was started in this environment."""
    assert starter.stdin is not None
    assert starter.stdout is not None
    starter.stdin.write(json.dumps(environment) + "\n")
    starter.stdin.flush()
    return int(starter.stdout.readline())


def _without_override() -> list[str]:
    """Return how root is held to the files' permissions as everybody else is."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY mangler eller er kortere enn 32 tegn"),
        ({"AUDIT_KEY": "k0rt-men-god"}, "AUDIT_KEY mangler eller er kortere enn 32 tegn"),
        ({"SECRET_KEY": "change-me-0123456789-0123456789-0123"}, "SECRET_KEY er et eksempel"),
        ({"AUDIT_KEY": "a" * 40}, "AUDIT_KEY er et eksempel"),
        ({"SECRET_KEY": OTHER}, "må være forskjellige"),
        ({"DATABASE_URL": f"mysql://p:{PASSWORD}@h/d"}, "DATABASE_URL må begynne med"),
        ({"ENVIRONMENT": "live"}, "ENVIRONMENT må være en av"),
        ({"TRUSTED_PROXIES": "one"}, "ikke et tall"),
        ({"INSTANCE_DIR": "/proc/nowhere"}, "kan ikke skrive i /proc/nowhere"),
    ],
)
def test_setting_that_is_wrong_is_named(
    changes: dict[str, str], words: str, start: Callable[..., str]
) -> None:
    """CF-21."""
    assert words in start(**changes)


def test_files_with_wrong_permissions_are_named(start: Callable[..., str], tmp_path: Path) -> None:
    """CF-21: open to others, closed to us, a folder that may not be written in."""
    secret = tmp_path / "secret_key.txt"
    secret.write_text(GOOD)
    secret.chmod(0o644)
    assert f"chmod 600 {secret}" in start(SECRET_KEY="")
    secret.chmod(0)
    assert f"{secret} kan ikke leses" in start(SECRET_KEY="")
    secret.unlink()
    settings = tmp_path / "settings.toml"
    settings.write_text("")
    settings.chmod(0)
    assert f"{settings} kan ikke leses" in start()
    settings.unlink()
    database = tmp_path / "intranet.sqlite3"
    database.touch(mode=0o400)
    assert f"kan ikke skrive i {database}" in start()
    database.unlink()
    tmp_path.chmod(0o500)
    try:
        assert f"kan ikke skrive i {tmp_path}" in start()
    finally:
        tmp_path.chmod(0o700)


def test_database_that_does_not_answer_is_named_without_its_password(
    start: Callable[..., str],
) -> None:
    """CF-21: both processes, and the server that runs the workers."""
    port = free_port()
    url = f"postgresql://portal:{PASSWORD}@127.0.0.1:{port}/portal"
    for command in (None, ["-m", *command_of("web", "1")], ["-m", *command_of("jobs", "1")]):
        assert f"portal på 127.0.0.1:{port} svarer ikke" in start(
            command=command, DATABASE_URL=url, ENVIRONMENT="demo"
        )


def test_database_of_another_version_is_refused(start: Callable[..., str], tmp_path: Path) -> None:
    """UP-04, CF-21: empty, older, newer; each with what to do."""
    said = start(ENVIRONMENT="demo")
    assert "er tom" in said
    assert "flask --app wsgi db upgrade" in said
    engine = create_engine(f"sqlite:///{tmp_path / 'intranet.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    said = start(ENVIRONMENT="demo")
    assert "er eldre enn programmet" in said
    assert "flask --app wsgi db upgrade" in said
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "nyere utgave" in start(ENVIRONMENT="demo")
    engine.dispose()
