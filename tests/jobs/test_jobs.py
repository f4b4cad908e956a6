"""The jobs process: one at a time, what fails is tried again, and the health page tells."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy.engine.base import RootTransaction

from intranet.jobs.actions import give_up_lease, run_due, take_lease
from intranet.jobs.registry import Job
from tests.browser import Browser
from tests.conftest import MORNING


def test_only_one_process_holds_the_lease(app: Flask, at: Callable[[datetime], None]) -> None:
    """CC-11."""
    at(MORNING)
    with app.app_context():
        assert take_lease("a")
        assert not take_lease("b")
        assert take_lease("a")


def test_lease_of_a_dead_process_runs_out(app: Flask, at: Callable[[datetime], None]) -> None:
    at(MORNING)
    with app.app_context():
        assert take_lease("a")
        at(MORNING + timedelta(minutes=2))
        assert take_lease("b")
        assert not take_lease("a")


def test_orderly_end_lets_the_next_process_in_at_once(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    at(MORNING)
    with app.app_context():
        take_lease("a")
        give_up_lease("a")
        at(MORNING + timedelta(seconds=1))
        assert take_lease("b")


def test_end_that_was_asked_for_is_not_lost_with_what_python_drops(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CF-14: what a signal raises within a finaliser reaches nobody; the process ends all the same."""

    class Held:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    caught: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", caught.append)
    _run_until_asked_to_end(app, monkeypatch, Held)
    assert caught


@pytest.mark.parametrize("where", ["in a job", "between jobs"])
def test_end_that_was_asked_for_in_a_commit_is_no_failure(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """CF-14: SQLAlchemy turns what a signal raises just there into an error of its own."""
    deactivate = RootTransaction._deactivate_from_connection
    asked: list[int] = []

    def ask(transaction: RootTransaction) -> None:
        if not asked:
            asked.append(os.getpid())
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
        deactivate(transaction)

    def ask_at_next_commit() -> None:
        monkeypatch.setattr(RootTransaction, "_deactivate_from_connection", ask)
        if where == "in a job":
            take_lease("another")

    _run_until_asked_to_end(app, monkeypatch, ask_at_next_commit)
    assert asked
    assert not caplog.records


def _run_until_asked_to_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]
) -> None:
    """Run the jobs process with one job, which asks it to end; the lease is free afterwards."""
    monkeypatch.setitem(app.extensions, "jobs", [Job("work", timedelta(minutes=5), work)])
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    with app.app_context():
        stamp()
    try:
        result = app.test_cli_runner().invoke(args=["jobs", "run"])
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert take_lease("next")


def test_job_runs_when_it_is_due_and_not_before(app: Flask, at: Callable[[datetime], None]) -> None:
    ran: list[int] = []
    jobs = [Job("count", timedelta(minutes=5), lambda: ran.append(1))]
    with app.app_context():
        for minute in (0, 1, 4, 5, 6):
            at(MORNING + timedelta(minutes=minute))
            run_due(jobs, "a")
    assert len(ran) == 2


def test_job_that_fails_does_not_stop_the_others_and_is_tried_again(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    """CF-18."""
    ran: list[str] = []

    def fail() -> None:
        ran.append("bad")
        raise RuntimeError("boom")

    minute = timedelta(minutes=1)
    jobs = [Job("bad", minute, fail), Job("good", minute, lambda: ran.append("good"))]
    with app.app_context():
        at(MORNING)
        assert run_due(jobs, "a") == ["bad", "good"]
        at(MORNING + timedelta(minutes=1))
        assert run_due(jobs, "a") == ["good"]
        at(MORNING + timedelta(minutes=2))
        assert run_due(jobs, "a") == ["bad", "good"]


def test_health_is_bad_without_a_jobs_process_and_good_with_one(
    app: Flask, client: Browser, at: Callable[[datetime], None]
) -> None:
    at(MORNING)
    assert client.get("/helse").status == 503
    with app.app_context():
        take_lease("a")
    page = client.get("/helse")
    answer = page.response.json
    assert answer is not None
    assert answer["database"]["status"] == "ok"
    assert answer["jobs"]["status"] == "ok"


def test_jobs_once_runs_everything_and_ends(app: Flask) -> None:
    with app.app_context():
        # The tables were made by the models; the start asks which migration made them.
        stamp()
    result = app.test_cli_runner().invoke(args=["jobs", "once", "--all"])
    assert result.exit_code == 0, result.output
    assert "mail" in result.output
