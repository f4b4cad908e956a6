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
from intranet.audit.views import codes_of
from intranet.core.actor import SYSTEM, Role
from intranet.core.transaction import transaction
from intranet.deviations.clocks import ClockState
from intranet.deviations.clocks import Signal as ClockSignal
from intranet.deviations.escalation import Signal
from intranet.deviations.letter_shapes import LetterKind, LetterState
from intranet.deviations.proposals import Source
from intranet.deviations.routing import Passed
from intranet.deviations.severity import Severity
from intranet.deviations.types import Kind
from intranet.deviations.workflow import ActionState, DeviationState, Effect
from intranet.extensions import db
from intranet.people.actions.access import LOCAL
from intranet.people.actions.apply_sync import DIRECTORY
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
        ("is_public", True, ("vist for melderen", "ja")),
        ("causes_before", [], ("årsaker før", "ingen")),
        ("to", None, ("til", "ingen")),
        ("number", 202600412, ("nummer", "2026-0412")),
        ("action", 202600412, ("tiltak", "202600412")),
        ("persons", [4, 7], ("personer", "4, 7")),
        ("after", "reported", ("tilstand etter", "Meldt")),
        ("severity_before", "high", ("alvorlighet før", "Alvorlig")),
        ("kind", "care_event", ("slag", "Alvorlig hendelse i helse og omsorg")),
        ("kind", "care_invitation", ("slag", "Invitasjon til møte")),
        ("state", "met", ("tilstand", "Gjort i tide")),
        ("action_state", "done", ("tiltaket er", "Utført")),
        ("clock", "data_breach.authority", ("frist etter loven", "Meld bruddet")),
        ("passed", [[8, "vacant"]], ("gikk forbi", "8, ingen leder")),
        ("role", "hr", ("rolle", "HR")),
        ("source", "directory", ("kilde", "katalogen")),
        ("source", "tick", ("kilde", "kryss i meldingen")),
        ("signal", "last", ("påminnelse", "rett før fristen går ut")),
        ("state", "no_such", ("tilstand", "no_such")),
        ("due_on", "2026-13-99", ("frist", "2026-13-99")),
        ("new_one", 0, ("new_one", "0")),
    ],
)
def test_values_read_as_people_write_them(
    context: Flask, name: str, value: Any, expected: tuple[str, str]
) -> None:
    codes = codes_of([{name: value}])
    assert list(list_details("", "", {name: value}, codes)) == [expected]


def test_every_state_and_kind_of_a_deviation_has_a_word(context: Flask) -> None:
    codes = codes_of([])
    for name, known in {
        "": [*DeviationState, *ClockState, *LetterState],
        "action_state": [*ActionState],
        "effect": [*Effect],
        "kind": [*Kind, *LetterKind],
        "passed": [*Passed],
        "role": [*Role],
        "severity": [*Severity],
        "signal": [*Signal, *ClockSignal],
        "source": [*Source, DIRECTORY, LOCAL],
    }.items():
        assert {str(each) for each in known} - codes[name].keys() == set(), name


def test_the_log_shows_words(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    with app.app_context():
        with transaction():
            record(
                AuditEvent.DEVIATION_CLOSED, actor=SYSTEM, subject="deviation", subject_id=7,
                details={"number": 202600412, "due_on": "2026-12-01", "before": "in_progress",
                         "handler_after": people.mona, "person": people.kaja},
            )  # fmt: skip
        db.session.remove()
    page = log_in(people.adam).get("/revisjonslogg")
    told = page.find("//*[contains(@class,'audit__details')]")[0].text_content()
    assert "Avvik: 7; tilstand før: Under behandling; frist: 01.12.2026;" in told
    assert "behandler etter: Mona Dahl; nummer: 2026-0412" in told
    # Whom something concerns is a number in the log, and no name.
    assert f"person: {people.kaja}" in told
