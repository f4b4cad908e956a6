"""The real processes for a while at an even pace, and while one person asks all that costs much."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.measure import Row
from tests.faults.sending import fields_of
from tests.servers import small_site
from tests.servers.client import Client
from tests.servers.small_site import SmallSite

SOAK_SECONDS, PACE = 120.0, 5.0
STORM_SECONDS, STORMERS = 30.0, 8
PAGES = ("/", "/avvik", "/avvik/mine", "/nyheter", "/sok?q=brannvern", "/bibliotek")
EXPENSIVE = (
    "a* b* c* d* e*",
    "(" * 200 + "ferie" + ")" * 200,
    " ELLER ".join(f"ord{number}*" for number in range(200)),
    "*ing* *het* *sjon*",
    "x" * 5_000,
)


def measure() -> list[Row]:
    """Return what the processes hold after minutes at work, and what a storm costs the others."""
    with (
        tempfile.TemporaryDirectory(prefix="intranet-storm-") as folder,
        small_site.running(Path(folder), processes=("web", "jobs")) as site,
    ):
        return [*_soak(site), *_storm(site)]


def _soak(site: SmallSite) -> list[Row]:
    """Five requests a second, every fifth of them a report."""
    persons = [site.person(name) for name in ("ingrid", "jonas", "mona", "siri", "nils")]
    count, failed = 0, 0
    end, first = time.monotonic() + SOAK_SECONDS, (0.0, 0)
    while time.monotonic() < end:
        person = persons[count % len(persons)]
        if count % 5 == 4:
            failed += person.post("/avvik/meld", fields_of(site)).status != 303
        else:
            failed += person.get(PAGES[count % len(PAGES)]).status != 200
        count += 1
        # Warm when every worker has opened everything.
        if count == 100:
            first = _held(site)
        time.sleep(1 / PACE)
    last = _held(site)
    wal = Path(site.environment["INSTANCE_DIR"]) / "intranet.sqlite3-wal"
    name = f"{count} forespørsler på {SOAK_SECONDS:.0f} s"
    return [
        Row(f"{name}: feilsvar", 0, failed, ""),
        Row(f"{name}: minne etter 100", None, first[0], "MB"),
        Row(f"{name}: minne til slutt", first[0] * 1.1, last[0], "MB"),
        Row(f"{name}: åpne filer etter 100", None, first[1], ""),
        Row(f"{name}: åpne filer til slutt", first[1] + 10, last[1], ""),
        Row(f"{name}: SQLites WAL", 16, wal.stat().st_size / 1e6, "MB"),
    ]


def _storm(site: SmallSite) -> list[Row]:
    """One person asks what costs much, on eight lines at once; another one works."""
    stop, asked = threading.Event(), [0]
    stormers = [site.person("nils") for _n in range(STORMERS)]

    def ask(person: Client, place: int) -> None:
        number = place
        while not stop.is_set():
            person.get(f"/sok?q={EXPENSIVE[number % len(EXPENSIVE)].replace(' ', '+')}")
            asked[0] += 1
            number += 1

    quiet = _times(site.person("mona"), 10.0)
    threads = [
        threading.Thread(target=ask, args=(person, place)) for place, person in enumerate(stormers)
    ]
    for thread in threads:
        thread.start()
    busy = _times(site.person("mona"), STORM_SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    failures = [status for person in stormers for status in person.failures if status >= 500]
    return [
        Row("en side mens ingen andre er der, 95 av 100", None, quiet, "ms"),
        Row(f"en side mens én søker dyrt på {STORMERS} linjer, 95 av 100", 1000, busy, "ms"),
        Row("dyre søk i sekundet", None, asked[0] / STORM_SECONDS, ""),
        Row("dyre søk som ga feil i serveren", 0, len(failures), ""),
    ]


def _times(person: Client, seconds: float) -> float:
    """Return the 95th percentile in milliseconds of a page asked over and over."""
    taken = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        person.get("/avvik")
        taken.append((time.monotonic() - started) * 1000)
        time.sleep(0.05)
    return statistics.quantiles(taken, n=20)[-1]


def _held(site: SmallSite) -> tuple[float, int]:
    """Return the memory (PSS, MB) and the open files of the web's processes and the jobs'."""
    memory, files = 0.0, 0
    for process in _with_children([each.pid for each in site.processes.values()]):
        folder = Path(f"/proc/{process}")
        rollup = (folder / "smaps_rollup").read_text()
        memory += next(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
        files += len(list((folder / "fd").iterdir()))
    return memory / 1024, files


def _with_children(pids: list[int]) -> list[int]:
    found = list(pids)
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found += [int(child) for child in children]
    return found
