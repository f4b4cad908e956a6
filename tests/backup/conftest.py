"""Two installations, of which the second is empty, and the keys that IT keeps elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import create_engine, text

from intranet import create_app
from intranet.backup import sealing
from intranet.config import Settings
from intranet.core.actor import SYSTEM
from intranet.core.clock import now
from intranet.core.file_store import path_of_token
from intranet.core.files import keep_made, record_file
from intranet.core.transaction import drop_session, transaction
from intranet.extensions import db
from intranet.news.models import Article
from tests import cast
from tests.servers import postgresql

# What must not be read in a backup by anybody without the private key.
CANARY = f"kanari-{secrets.token_hex(12)}"
PASSWORD = f"passord-{secrets.token_hex(12)}"


@dataclass(frozen=True)
class Place:
    """One installation, and the commands that are run on it."""

    app: Flask
    folder: Path

    def flask(self, *words: str, status: int | None = 0, said: str | None = None) -> str:
        """Run a command; return what it says, or demand that it ends with the status."""
        result: Result = self.app.test_cli_runner().invoke(args=list(words), input=said)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert status is None or result.exit_code == status, result.output
        return str(result.output)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Return the rows of a statement, by a connection of its own."""
        with self.app.app_context():
            with db.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]

    def file_of(self, token: str) -> Path:
        """Return where the bytes of an uploaded file are."""
        with self.app.app_context():
            return path_of_token(token)


@dataclass(frozen=True)
class Keys:
    """A pair: the file with the private one, and the public one."""

    file: Path
    public: str


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    private, public = sealing.make_key()
    file = tmp_path_factory.mktemp("keys") / "key.txt"
    file.write_text(f"# public key: {public}\n{private}\n")
    return Keys(file, public)


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    with postgresql.running() as running:
        yield running


@pytest.fixture
def make_place(
    tmp_path: Path, keys: Keys, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Place]]:
    """Return what makes an installation whose database is empty; on SQLite unless told otherwise."""
    made: list[Flask] = []

    def make(name: str, kind: str = "sqlite") -> Place:
        folder = tmp_path / name
        folder.mkdir()
        settings = Settings(
            instance_dir=folder,
            secret_key="s" * 32,
            audit_key="a" * 32,
            database_url=_fresh_database(folder, name, kind, request),
            environment="test",
            base_url="http://localhost",
            directory_file=folder / "directory.json",
            backup_dir=tmp_path / "backups",
            backup_recipients=(keys.public,),
        )
        app = create_app(settings)
        made.append(app)
        return Place(app, folder)

    (tmp_path / "backups").mkdir()
    yield make
    for app in made:
        with app.app_context():
            drop_session()
            for engine in db.engines.values():
                engine.dispose()


def _fresh_database(folder: Path, name: str, kind: str, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'intranet.sqlite3'}"
    running = request.getfixturevalue("server")
    unique = f"{name}_{secrets.token_hex(4)}"
    engine = create_engine(running.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{unique}"'))
    engine.dispose()
    return str(running.url.rpartition("/")[0]) + f"/{unique}"


def fill(place: Place) -> Place:
    """Put the cast, a text and two files into it, and secrets and an index beside."""
    with place.app.app_context():
        db.create_all()
        stamp()
        with transaction():
            people = cast.make()
            db.session.add(
                Article(
                    title=CANARY, lead=CANARY, body=CANARY, owner_unit_id=people.strandheim,
                    author_id=people.ids["eva"], changed_at=now(),
                )
            )  # fmt: skip
            for number in (1, 2):
                made = keep_made(f"{CANARY} {number}".encode() * 5000, "notat.txt", "text/plain")
                record_file(made, actor=SYSTEM)
        drop_session()
    (place.folder / "secret_key.txt").write_text("s" * 32)
    (place.folder / "audit_key.txt").write_text("a" * 32)
    (place.folder / "settings.toml").write_text(
        f'municipality = "Eksempelvik"\nsmtp_url = "smtp://portalen:{PASSWORD}@post.example:587"\n'
    )
    (place.folder / "index").mkdir()
    (place.folder / "index" / "MAIN.pickle").write_bytes(b"an index")
    return place


@pytest.fixture
def place(make_place: Callable[..., Place]) -> Place:
    """An installation with something in it."""
    return fill(make_place("first"))


@pytest.fixture
def elsewhere(make_place: Callable[..., Place]) -> Place:
    """An installation in which nothing is yet, with the same keys."""
    return make_place("second")


@pytest.fixture
def other_keys(make_place: Callable[..., Place]) -> Place:
    """An empty installation that has another AUDIT_KEY."""
    place = make_place("third")
    settings = place.app.extensions["intranet_settings"]
    place.app.extensions["intranet_settings"] = replace(settings, audit_key="b" * 32)
    return place


def newest(folder: Path) -> Path:
    """Return the newest backup of the folder."""
    return sorted(folder.glob("*.tar.age"))[-1]
