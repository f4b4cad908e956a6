"""What takes seconds: a worker's start, the directory, the archives of laws and their index."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import instance, search_bench
from benchmarks.measure import Row
from intranet import create_app
from intranet.config import ROOT
from intranet.extensions import db
from intranet.people.actions.run_sync import run_sync
from intranet.people.models import Person

UNITS_OF = 25  # persons in a unit


def measure_start(folder: Path) -> list[Row]:
    """Return the wall time from a new process to its first answer, the best of three."""
    code = "import wsgi; assert wsgi.app.test_client().get('/logg-inn').status_code == 200"
    runs = [_run([sys.executable, "-c", code], folder)[0] for _n in range(3)]
    return [Row("kaldstart av en prosess, til første svar", 1.5, min(runs), "s")]


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


def measure_laws(folder: Path) -> list[Row]:
    """Return the import of both archives, twice, and the building of the index. Minutes."""
    archives = sorted((search_bench.SHARED / "lovdata").glob("gjeldende-*.tar.bz2"))
    newest = {path.name.rsplit("-", 3)[0]: str(path) for path in archives}
    if not newest:
        return []
    instance.empty(folder)
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    first, _cpu, memory = _run([*flask, "laws", "import", *newest.values()], folder)
    second, _cpu, _memory = _run([*flask, "laws", "import", *newest.values()], folder)
    _wall, building, _memory = _run([*flask, "search", "rebuild"], folder)
    return [
        Row("alle lover og forskrifter, første import", 240, first, "s"),
        Row("alle lover og forskrifter, minne", 1000, memory, "MB"),
        Row("alle lover og forskrifter, andre import", 40, second, "s"),
        Row("bygge indeksen over alt", 210, building, "s CPU"),
    ]


def measure_search(folder: Path) -> list[Row]:
    """Return the search's rows, from a process that has not searched yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_search, (folder,))


def _search(folder: Path) -> list[Row]:
    with create_app(instance.settings_of(folder)).app_context():
        return search_bench.measure()


def _run(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run it on the instance; return wall seconds, CPU seconds and the highest memory in MB."""
    secrets = {"SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32}
    scratch = {"INSTANCE_DIR": str(folder), "ENVIRONMENT": "demo", "DATABASE_URL": ""}
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **secrets, **scratch}, stdout=subprocess.DEVNULL
    )
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
