"""What docs/operation.md tells an installation to run is what the Procfile runs."""

from __future__ import annotations

from tests.servers.site import ROOT

HOME = "/opt/ansattportalen/"


def test_services_run_what_the_procfile_runs() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    wanted = {line.split(": ", 1)[1].replace("${PORT:-8000}", "8000") for line in lines}
    # The one that starts, does its work and ends.
    wanted.add(".venv/bin/flask --app wsgi backup take")
    guide = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8").splitlines()
    starts = [line.removeprefix("ExecStart=") for line in guide if line.startswith("ExecStart=")]
    assert {start.removeprefix(HOME) for start in starts} == wanted
