"""200 reports by 50 persons at once, each sent twice: how long, how many lost, how many doubled."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from benchmarks import instance
from benchmarks.measure import Row
from benchmarks.pages import reporting
from intranet.deviations.models import Deviation
from intranet.extensions import db

PERSONS, EACH = 50, 4


def measure(app: Flask, database: str) -> list[Row]:
    """Return the rows for this database. A report is lost when it was answered and is not there;
    whoever gets an error instead sends no more.
    """
    people = instance.person_ids(app, PERSONS)
    sends = [reporting(instance.browser_of(app, person)) for person in people]
    keys = [[str(uuid.uuid4()) for _n in range(EACH)] for _person in people]
    barrier, answered = Barrier(len(people)), set[str]()

    def act(place: int) -> None:
        barrier.wait(timeout=60)
        for key in keys[place]:
            if sends[place](key) != sends[place](key):
                raise RuntimeError("the second press was answered with another number")
            answered.add(key)

    started = time.monotonic()
    failed = 0
    with ThreadPoolExecutor(len(people)) as pool:
        for future in [pool.submit(act, place) for place in range(len(people))]:
            failed += future.exception() is not None
    seconds = time.monotonic() - started
    sent = len(people) * EACH
    stored, different = _stored(app, [key for own in keys for key in own])
    _all, kept = _stored(app, sorted(answered))
    name = f"{sent} avvik fra {len(people)} samtidig, {database}"
    return [
        Row(f"{name}: tid", None, seconds, "s"),
        Row(f"{name}: tapt", 0, len(answered) - kept, ""),
        Row(f"{name}: doblet", 0, stored - different, ""),
        Row(f"{name}: feilsvar", 0, failed, ""),
    ]


def _stored(app: Flask, keys: list[str]) -> tuple[int, int]:
    """Return how many reports of these keys are stored, and how many different keys they have."""
    counts = select(func.count(), func.count(Deviation.send_key.distinct()))
    with app.app_context():
        found = db.session.execute(counts.where(Deviation.send_key.in_(keys))).one()
        db.session.remove()
    return found[0], found[1]
