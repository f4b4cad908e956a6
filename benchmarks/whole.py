"""What takes seconds: a worker's start, the directory, the archives of laws and their index."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from sqlalchemy import func, select

from benchmarks import floor, instance, pages, search_bench
from benchmarks.measure import FLOOR, Call, Row, cpu_ms
from benchmarks.search_bench import pss_mb
from intranet import create_app
from intranet.config import ROOT
from intranet.extensions import db
from intranet.people.actions.run_sync import run_sync
from intranet.people.models import Person
from intranet.search import indexing
from tests.servers.postgresql import free_port

UNITS_OF = 25  # persons in a unit
CHANGES = 5
SEARCHES = 60
START_SECONDS = 180  # beside others that work as hard
# Written at each import, whatever it changed.
LOGS = {"law_import", "law_watch"}
# The jobs process looks each second for what is due, and at changes every two seconds.
JOB_PAUSE = 3.0


def measure_start(folder: Path, bare: Call) -> list[Row]:
    """Return the CPU time from a new process to its first answer, the least of three."""
    code = "import wsgi; assert wsgi.app.test_client().get('/logg-inn').status_code == 200"
    runs = [_run([sys.executable, "-c", code], folder)[1] for _n in range(3)]
    slow = cpu_ms({FLOOR: bare})[FLOOR]
    return [Row("kaldstart av en prosess, til første svar", 1.5, min(runs), "s CPU", floor=slow)]


def measure_sync(folder: Path, count: int, budget: float) -> list[Row]:
    """Return the wall time of reading `count` persons, all new, and once more without changes."""
    app = instance.empty(folder)
    (folder / "directory.json").write_text(json.dumps(_directory(count)), encoding="utf-8")
    rows = []
    with app.app_context():
        for name in ("alle nye", "ingen endret"):
            started = time.monotonic()
            plan = run_sync()
            seconds = time.monotonic() - started
            present = select(func.count()).select_from(Person)
            if plan is None or db.session.execute(present).scalar_one() != count:
                raise RuntimeError("the directory was not read")
            rows.append(Row(f"katalog, {count:,} personer, {name}", budget, seconds, "s"))
        db.session.remove()
    return rows


def archives() -> list[str]:
    """Return the newest archive of laws and the newest of regulations, where there are any."""
    found = sorted((search_bench.SHARED / "lovdata").glob("gjeldende-*.tar.bz2"))
    newest = {path.name.rsplit("-", 3)[0]: str(path) for path in found}
    return list(newest.values())


def measure_laws(folder: Path, bare: Call) -> list[Row]:
    """Return the import of both archives, twice, and the building of the index. Minutes."""
    instance.fill(instance.seeded(folder))
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    first, reading, memory = _run([*flask, "laws", "import", *archives()], folder)
    before = _law_rows(folder)
    second, _cpu, _memory = _run([*flask, "laws", "import", *archives()], folder)
    if _law_rows(folder) != before:
        raise RuntimeError("the second import of the same archives has changed something")
    slow = [cpu_ms({FLOOR: bare})[FLOOR]]
    _wall, building, room = _run([*flask, "search", "rebuild"], folder)
    slow.append(cpu_ms({FLOOR: bare})[FLOOR])
    floor_ms = sum(slow) / len(slow)
    return [
        Row("alle lover og forskrifter, første import", 240, first, "s"),
        Row("alle lover og forskrifter, første import", 240, reading, "s CPU", floor=floor_ms),
        Row("alle lover og forskrifter, minne", 1000, memory, "MB"),
        Row("alle lover og forskrifter, andre import", 40, second, "s"),
        Row("bygge indeksen over alt", 210, building, "s CPU", floor=floor_ms),
        Row("bygge indeksen over alt, minne", 1000, room, "MB"),
    ]


def _law_rows(folder: Path) -> dict[str, str]:
    """Return a digest of all rows of each table of the laws, but for who has imported when."""
    found = {}
    with sqlite3.connect(folder / "intranet.sqlite3") as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'law*'"
        ).fetchall()
        for (name,) in names:
            if name in LOGS:
                continue
            digest = hashlib.sha256()
            for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
                digest.update(repr(row).encode())
            found[name] = digest.hexdigest()
    return found


def measure_search(folder: Path) -> list[Row]:
    """Return the search's rows, from a process that has not searched yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_search, (folder,))


def _search(folder: Path) -> list[Row]:
    bare = pages.article_of(floor.make(folder).test_client())
    with create_app(instance.settings_of(folder)).app_context():
        return search_bench.measure(bare)


def measure_all_laws(folder: Path, bare: Call) -> list[Row]:
    """Return pages and changes where all laws are in the index, and the memory of two workers."""
    app = create_app(instance.settings_of(folder))
    client = instance.browser_of(app, instance.reader_id(app))
    questions = {"ett ord": "legemidler", "to ord": "brudd+personopplysninger"}
    pages_of = {name: pages.getting(client, f"/sok?q={q}") for name, q in questions.items()}
    taken = cpu_ms({FLOOR: bare, **pages_of})
    rows = [
        Row(f"søk, {name}, alle lover", 6, taken[name], floor=taken[FLOOR]) for name in questions
    ]
    publish = pages.publishing(app, CHANGES)
    waits = []
    for _n in range(CHANGES):
        publish()
        started = time.monotonic()
        with app.app_context():
            done = indexing.catch_up()
            db.session.remove()
        waits.append(time.monotonic() - started)
        if not done:
            raise RuntimeError("what was published was not indexed")
    rows.append(Row("en endring er søkbar, lengste ventetid", 5, JOB_PAUSE + max(waits), "s"))
    return [*rows, _memory(folder, instance.cookies_of(client))]


def _memory(folder: Path, cookies: str) -> Row:
    """Return the memory of two workers that have searched, what they share counted once."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "--bind", address, "--workers", "2", "--preload"]
    command += ["--no-control-socket", "--log-level", "error", "wsgi:app"]
    process = subprocess.Popen(command, cwd=ROOT, env=_scratch(folder))
    try:
        _wait_for(f"http://{address}/logg-inn", process)
        finding = 0
        for n in range(SEARCHES):
            words = f"sok?q={instance.WORDS[n % len(instance.WORDS)]}"
            asked = Request(f"http://{address}/{quote(words, '?=/')}", headers={"Cookie": cookies})
            with urlopen(asked, timeout=60) as answer:
                finding += b"/lover/" in answer.read()
        # Not every word stands in a law.
        if finding < SEARCHES * 3 / 4:
            raise RuntimeError(f"only {finding} of {SEARCHES} searches found a law")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        family = [str(process.pid), *children]
        if len(family) != 3:
            raise RuntimeError(f"{len(family)} processes, not a master and two workers")
        return Row("to arbeidere med indeksen åpen (PSS)", 250, sum(map(pss_mb, family)), "MB")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=60):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("gunicorn does not answer")


def _scratch(folder: Path) -> dict[str, str]:
    secrets = {"SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32, "BASE_URL": "http://localhost"}
    scratch = {"INSTANCE_DIR": str(folder), "ENVIRONMENT": "demo", "DATABASE_URL": ""}
    return {**os.environ, **secrets, **scratch}


def _run(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run it on the instance; return wall seconds, CPU seconds and the highest memory in MB."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=_scratch(folder), stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _directory(count: int) -> dict[str, object]:
    units = [{"key": "top", "name": "Kommunen", "level": "municipality", "leader_key": "p0"}]
    units += [
        {"key": f"u{n}", "name": f"Enhet {n}", "level": "unit", "parent_key": "top"}
        for n in range(count // UNITS_OF)
    ]
    persons = [
        {
            "key": f"p{n}",
            "username": f"bruker{n}",
            "name": f"Navn Nummer{n}",
            "given_name": "Navn",
            "family_name": f"Nummer{n}",
            "email": f"bruker{n}@havnsund.kommune.example",
            "unit_keys": [f"u{n % (count // UNITS_OF)}"],
            "groups": ["verneombud"] if n % UNITS_OF == 0 else [],
        }
        for n in range(count)
    ]
    return {"units": units, "persons": persons, "groups": {}}
