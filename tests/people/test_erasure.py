"""Erasure by law: what tells who a person was is gone, what others rest on stays whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from intranet.audit import queries as audit
from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.audit.models import AuditEntry
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.login.models import LoginAttempt, LoginSession
from intranet.notifications.actions import notify
from intranet.notifications.holding import release_mail
from intranet.people.actions.erasure import Claim, decide_erasure
from intranet.people.erasure_models import ErasureDecision, ErasureOutcome
from intranet.people.models import Person
from tests import cast
from tests.audit.tampering import tamper
from tests.browser import Browser

LogIn = Callable[[int], Browser]
NAME = "Jonas Berg"
CLAIM = Claim(ErasureOutcome.ERASED, "GDPR artikkel 17", "Sluttet for elleve år siden.")


def _leave(person_id: int) -> Person:
    """The person has done things, and the directory has let them go."""
    person = db.session.get_one(Person, person_id)
    person.phone, person.title = "78 40 99 17", "Nattevakt"
    for number in range(3):
        record(
            AuditEvent.PREFERENCES_CHANGED,
            actor=cast.viewer(person_id),
            subject="person",
            subject_id=number,
        )
    notify([person_id], event="x", subject_key="x:1", title="Til deg", url="/")
    at = now()
    db.session.add(LoginAttempt(account_key="person-jonas", address="192.0.2.1", happened_at=at))
    db.session.add(
        LoginSession(
            token_hash="t", person_id=person_id, seen_at=at, expires_at=at + timedelta(hours=1)
        )
    )
    person.is_directory_active = False
    db.session.commit()
    return person


@pytest.fixture
def released(app: Flask) -> Iterator[None]:
    """No mail is held back when the next test begins."""
    yield
    with app.app_context():
        release_mail()


def _everything() -> str:
    """Return every value of every table as text."""
    rows = [
        str(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
    ]
    return "\n".join(rows)


def test_whoever_is_erased_is_told_by_no_row_and_the_chain_still_verifies(
    context: Flask, people: cast.Cast
) -> None:
    """AD-11."""
    person = _leave(people.jonas)
    traces = (
        NAME,
        NAME.casefold(),
        "person-jonas",
        "78 40 99 17",
        "Nattevakt",
        "jonas@",
        "Til deg",
    )
    assert all(trace in _everything() for trace in traces)
    before = audit.head()
    with transaction():
        decide_erasure(person, CLAIM, actor=cast.viewer(people.petter))
    left = _everything()
    assert [trace for trace in traces if trace in left] == []
    assert audit.find_fault() is None
    assert audit.find_digest(before[0]) == before[1]
    kept = db.session.execute(select(ErasureDecision)).scalar_one()
    assert (kept.person_id, kept.outcome, kept.decided_by) == (
        people.jonas,
        "erased",
        people.petter,
    )
    assert kept.basis == CLAIM.basis


def test_restricting_keeps_the_name_only(context: Flask, people: cast.Cast) -> None:
    person = _leave(people.jonas)
    with transaction():
        claim = Claim(ErasureOutcome.RESTRICTED, "Bevaringsforskriften § 31", "Yrkesskade.")
        decide_erasure(person, claim, actor=cast.viewer(people.adam))
    assert (person.name, person.email, person.phone, person.username) == (NAME, "", "", "")
    names = select(AuditEntry.actor_name).where(AuditEntry.actor_id == people.jonas)
    assert set(db.session.execute(names).scalars()) == {NAME}
    assert audit.find_fault() is None


def test_nobody_is_erased_who_works_here_and_refusing_changes_nothing(
    context: Flask, people: cast.Cast
) -> None:
    jonas = db.session.get_one(Person, people.jonas)
    petter = cast.viewer(people.petter)
    with pytest.raises(InvalidInput), transaction():
        decide_erasure(jonas, CLAIM, actor=petter)
    with transaction():
        refused = Claim(ErasureOutcome.REFUSED, "GDPR artikkel 17 nr. 3", "Arbeider her.")
        decide_erasure(jonas, refused, actor=petter)
    assert (jonas.name, jonas.username) == (NAME, "jonas")
    with pytest.raises(NotAllowed):
        decide_erasure(jonas, CLAIM, actor=cast.viewer(people.hanne))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_entry SET actor_name = '', actor_salt = '' WHERE sequence = 2", "erased"),
        ("UPDATE audit_entry SET actor_name = '' WHERE sequence = 2", "changed"),
        (
            "UPDATE audit_entry SET actor_name = 'Noen', actor_salt = '' WHERE sequence = 2",
            "changed",
        ),
    ],
)
def test_a_name_that_is_taken_out_without_a_decision_is_found(
    context: Flask, people: cast.Cast, statement: str, kind: str
) -> None:
    """AD-11: erasing is no way to hide who did it."""
    _leave(people.jonas)
    db.session.remove()
    tamper(context, statement)
    fault = audit.find_fault()
    assert fault is not None
    assert (fault.sequence, fault.kind) == (2, kind)


def test_the_database_lets_nothing_but_a_name_go(context: Flask, people: cast.Cast) -> None:
    """AD-10."""
    _leave(people.jonas)
    db.session.remove()
    for also in ("event = 'x'", "details = '{\"a\": 1}'", "actor_id = NULL", "digest = 'x'"):
        statement = f"UPDATE audit_entry SET actor_name = '', actor_salt = '', {also}"
        with pytest.raises(Exception, match="audit"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_restored_copy_is_erased_again(
    app: Flask, people: cast.Cast, tmp_path: Path, released: None
) -> None:
    """BR-08: the copy was taken before the decision, the file after it."""
    numbers = tmp_path / "erasures.txt"
    numbers.write_text(f"{people.jonas}{os.linesep}", encoding="utf-8")
    runner = app.test_cli_runner()
    said = runner.invoke(args=["backup", "restored", "--erasures", str(numbers)])
    assert said.exit_code == 0, said.output
    assert "Personer slettet på nytt: 1." in said.output
    with app.app_context():
        assert NAME not in _everything()
        assert audit.find_fault() is None
    written = tmp_path / "again.txt"
    assert runner.invoke(args=["backup", "erasures", str(written)]).exit_code == 0
    assert written.read_text(encoding="utf-8").split() == [str(people.jonas)]
    numbers.write_text("Jonas", encoding="utf-8")
    assert runner.invoke(args=["backup", "restored", "--erasures", str(numbers)]).exit_code == 1


def test_who_left_is_found_and_the_decision_stands_on_the_page(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        _leave(people.jonas)
    petter = log_in(people.petter)
    assert "Sluttet" in petter.get("/organisasjon?q=jonas").text
    page = f"/ansatt/{people.jonas}/sletting"
    told = {"outcome": "erased", "basis": CLAIM.basis, "reason": CLAIM.reason}
    wrong = petter.post(page, data={**told, "basis": ""})
    assert wrong.status == 422
    assert "Skriv hjemmelen" in wrong.text
    assert CLAIM.reason in wrong.text
    shown = petter.post(page, data=told)
    assert shown.status == 200
    assert CLAIM.reason in shown.text
    assert "Slettet ansatt" in shown.text
    assert NAME not in shown.text
    assert "Sluttet" not in log_in(people.ingrid).get("/organisasjon?q=jonas").text
