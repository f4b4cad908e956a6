"""A word that is nowhere else in every field of every flow, and where it lies afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.security.canaries import MAY_LIE_IN, Sweep
from tests.security.flows import Story
from tests.servers import postgresql
from tests.servers.site import Site, running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("canaries")]

LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass
class Swept:
    """What was written, and where it is."""

    story: Story
    sweep: Sweep


@pytest.fixture(scope="session")
def sweeps() -> dict[str, Swept]:
    """What was found on each database, so that it is walked once in whatever order tests come."""
    return {}


@pytest.fixture
def swept(
    database: str, sweeps: dict[str, Swept], tmp_path_factory: pytest.TempPathFactory, seeds: Path
) -> Swept:
    """All flows, walked once on each database; afterwards everything is stopped and read."""
    if database not in sweeps:
        folder = tmp_path_factory.mktemp("canaries")
        if database == "sqlite":
            with running(folder, seeds) as site:
                sweeps[database] = _walk(site, None)
        else:
            with postgresql.running() as server, running(folder, seeds, server) as site:
                sweeps[database] = _walk(site, server)
    return sweeps[database]


def _walk(site: Site, server: postgresql.Server | None) -> Swept:
    def watch(send: Callable[[], object]) -> set[str]:
        before = _marks(site)
        send()
        after = _marks(site)
        return {name for name in before if before[name] != after[name]}

    story = Story(site, _canary, watch=watch).walk()
    for name in list(site.processes):
        site.stop(name)
    if server is not None:
        # Its log of writes and its dead rows hold for a while what was thrown away; SQLite's do not.
        server.tidy()
    sweep = Sweep(site, server.folder if server else None)
    sweep.gather()
    return Swept(story, sweep)


def _canary(kind: str) -> str:
    assert kind in MAY_LIE_IN, f"say in canaries.py where it may lie: {kind}"
    # Letters only: six digits in a row are taken for somebody's number, and the word is not kept.
    return f"Kanari{secrets.token_hex(8).translate(LETTERS)}"


def _marks(site: Site) -> dict[str, str]:
    """Return what each table holds, but for what the clock writes by itself."""
    engine = create_engine(site.database_url)
    with engine.connect() as connection:
        names = engine.dialect.get_table_names(connection)
        found = {
            name: repr(sorted(map(repr, connection.execute(text(f'select * from "{name}"')))))
            for name in names
            if not name.startswith(("job_", "outbox", "search_", "alembic"))
        }
    engine.dispose()
    return found


def test_no_word_lies_where_it_may_not(swept: Swept) -> None:
    """AN-01, AU-29, SC-07: database with its freed pages, uploads, index, logs, mails, the rest."""
    faults = []
    for kind, word in swept.story.words.items():
        more = swept.sweep.places_of(word) - MAY_LIE_IN[kind]
        if more:
            faults.append(f"{kind}: also in {', '.join(sorted(more))}")
    assert not faults, "\n".join(faults)
    assert set(swept.story.words) == set(MAY_LIE_IN)


def test_the_sweep_finds_what_is_there(swept: Swept) -> None:
    """The oracle itself: words that were stored are found, each in its place."""
    for kind, place in (
        ("report: what happened", "rows"),
        ("report: text of the file", "files"),
        ("anonymous: what happened", "rows"),
        ("vacancy: title", "rows"),
    ):
        assert place in swept.sweep.places_of(swept.story.words[kind]), kind
    assert swept.story.site.mailbox.messages


def test_a_report_without_a_name_touches_nothing_of_the_person_who_is_logged_in(
    swept: Swept,
) -> None:
    """AN-01, AN-06: no session, no person, no audit entry: only the room's own tables."""
    assert swept.story.changed["anonymous"] <= {"anonymous_report", "anonymous_file"}
    assert swept.story.changed["whistle"] <= {"anonymous_report", "anonymous_file"}
