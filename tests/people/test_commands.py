"""`flask people check`, `check-user` and `sync`, and the job."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.config import ConfigurationError
from intranet.core.settings import get_settings
from intranet.extensions import db
from intranet.people.commands import run_sync_job
from intranet.people.directories import open_directory
from intranet.people.models import Person, SyncRun


def write_directory(app: Flask, count: int = 12) -> None:
    with app.app_context():
        path = get_settings().directory_file
        assert path is not None
        persons = [
            {
                "key": f"k{number}",
                "username": f"bruker{number}",
                "name": f"Navn {number}",
                "unit_keys": ["top"],
                "groups": ["hr"] if number == 0 else [],
            }
            for number in range(count)
        ]
        units = [{"key": "top", "name": "Havnsund kommune", "level": "municipality"}]
        path.write_text(json.dumps({"units": units, "persons": persons}), encoding="utf-8")


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["people", *arguments])


def count_active(app: Flask) -> int:
    with app.app_context():
        active = select(func.count(Person.id)).where(Person.is_directory_active)
        return db.session.execute(active).scalar_one()


def test_a_dry_run_says_what_would_change_and_changes_nothing(app: Flask) -> None:
    write_directory(app)
    done = run(app, "sync", "--dry-run")
    assert done.exit_code == 0
    assert "nye 12" in done.output
    assert "ny: bruker0 +hr" in done.output
    assert count_active(app) == 0
    with app.app_context():
        assert db.session.execute(select(SyncRun)).first() is None


def test_a_sync_that_stops_says_why_and_how_to_mean_it(app: Flask) -> None:
    write_directory(app)
    assert run(app, "sync").exit_code == 0
    write_directory(app, 3)
    stopped = run(app, "sync")
    assert stopped.exit_code == 1
    assert "For mange ansatte ville blitt borte: 9/12" in stopped.output
    assert "--accept" in stopped.output
    assert count_active(app) == 12
    assert run(app, "sync", "--accept").exit_code == 0
    assert count_active(app) == 3


def test_an_empty_directory_is_never_meant(app: Flask) -> None:
    write_directory(app)
    run(app, "sync")
    write_directory(app, 0)
    assert run(app, "sync", "--accept").output.count("Katalogen ga ingen ansatte") == 1
    assert count_active(app) == 12


def test_a_user_is_explained(app: Flask) -> None:
    write_directory(app)
    run(app, "sync")
    told = run(app, "check-user", "BRUKER0")
    assert told.exit_code == 0
    for words in ("k0", "Havnsund kommune", "hr (hele kommunen)", "bruker0"):
        assert words in told.output
    assert run(app, "check-user", "finnes-ikke").exit_code == 1


def test_the_check_warns_that_this_is_for_trials_and_fails_without_a_file(app: Flask) -> None:
    write_directory(app)
    assert "ikke for drift" in run(app, "check").output
    with app.app_context():
        path = get_settings().directory_file
        assert path is not None
        path.unlink()
    assert run(app, "check").exit_code == 1


def test_the_job_reads_the_directory_every_ten_minutes(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    write_directory(app)

    def runs() -> int:
        return db.session.execute(select(func.count(SyncRun.id))).scalar_one()

    with app.app_context():
        at(datetime(2026, 10, 13, 7, 0, tzinfo=UTC))
        run_sync_job()
        run_sync_job()
        assert runs() == 1
        at(datetime(2026, 10, 13, 7, 11, tzinfo=UTC))
        run_sync_job()
        assert runs() == 2


def test_production_without_a_directory_does_not_start(app: Flask) -> None:
    """SC-05's cousin: the trial accounts are never a fallback."""
    with app.app_context():
        from dataclasses import replace

        settings = replace(get_settings(), environment="production")
    with pytest.raises(ConfigurationError, match=r"\[directory\]"):
        open_directory(settings)
    table = {"preset": "ad", "urls": ["ldaps://dc1.example"]}
    with pytest.raises(ConfigurationError, match="bind_dn"):
        open_directory(replace(settings, directory_config=table, directory_secret="x"))
