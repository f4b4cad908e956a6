"""What the log tells of an event is told in words, whatever is recorded."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from intranet.audit.actions import record
from intranet.audit.detail_words import NAMES, SUBJECTS, list_details
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM
from intranet.core.transaction import transaction
from intranet.extensions import db
from tests import cast
from tests.browser import Browser

LogIn = Callable[[int], Browser]
ROOT = Path(__file__).resolve().parents[2] / "intranet"
# Arguments of the functions that record, and no details.
NO_DETAILS = {
    "actor", "on_behalf_of", "subject", "subject_id", "unit_id", "details", "text", "code",
    "send_key", "event",
}  # fmt: skip


def recorded() -> tuple[set[str], set[str]]:
    """Names of details, and subjects, as the code writes them at its calls."""
    names, subjects = set(), set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for keyword in node.keywords:
                value = keyword.value
                if keyword.arg == "details" and isinstance(value, ast.Dict):
                    names |= {key.value for key in value.keys if isinstance(key, ast.Constant)}
                if called not in ("audit", "_audit", "record", "_record"):
                    continue
                if keyword.arg == "subject" and isinstance(value, ast.Constant):
                    subjects.add(value.value)
                elif keyword.arg and keyword.arg not in NO_DETAILS:
                    names.add(keyword.arg)
    return {str(name) for name in names}, {str(subject) for subject in subjects}


def test_every_detail_and_subject_that_the_code_records_has_a_word() -> None:
    names, subjects = recorded()
    assert len(names) > 60
    assert len(subjects) > 8
    stems = {name.removesuffix("_before").removesuffix("_after") for name in names}
    assert stems - {"before", "after"} - NAMES.keys() == set()
    assert subjects - SUBJECTS.keys() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("due_on", "2026-12-01", ("frist", "01.12.2026")),
        ("due_at", "2026-12-01 07:30:00+00:00", ("frist", "01.12.2026 kl. 08.30")),
        ("before", "reported", ("tilstand før", "reported")),
        ("severity_after", "high", ("alvorlighet etter", "high")),
        ("is_public", True, ("vist for melderen", "ja")),
        ("causes_before", [], ("årsaker før", "ingen")),
        ("to", None, ("til", "ingen")),
        ("number", 202600412, ("nummer", "2026-0412")),
        ("action", 202600412, ("tiltak", "202600412")),
        ("persons", [4, 7], ("personer", "4, 7")),
        ("due_on", "2026-13-99", ("frist", "2026-13-99")),
        ("new_one", 0, ("new_one", "0")),
    ],
)
def test_values_read_as_people_write_them(
    context: Flask, name: str, value: Any, expected: tuple[str, str]
) -> None:
    assert list(list_details("", "", {name: value})) == [expected]


def test_the_log_shows_words(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    with app.app_context():
        with transaction():
            record(
                AuditEvent.DEVIATION_CLOSED, actor=SYSTEM, subject="deviation", subject_id=7,
                details={"number": 202600412, "due_on": "2026-12-01", "before": "in_progress"},
            )  # fmt: skip
        db.session.remove()
    page = log_in(people.adam).get("/revisjonslogg")
    assert "Avvik: 7; tilstand før: in_progress; frist: 01.12.2026; nummer: 2026-0412" in page.text
