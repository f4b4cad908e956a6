"""What is written in a case comes there once, however often it is sent (CC-04)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, ending, handle
from intranet.deviations.models import DeviationEntry
from intranet.deviations.queries.cases import get_deviation_for
from intranet.extensions import db
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import do, report
from tests.deviations.test_concurrency import at_once

LogIn = Callable[[int], Browser]


def written(app: Flask) -> Counter[tuple[str, str]]:
    """Kind and text of what people wrote, and how often it stands there."""
    with app.app_context():
        rows = db.session.execute(
            select(DeviationEntry.kind, DeviationEntry.text).where(DeviationEntry.text != "")
        ).all()
        db.session.remove()
    return Counter((kind, text) for kind, text in rows)


def count(app: Flask, table: type, **where: object) -> int:
    with app.app_context():
        found = select(func.count()).select_from(table).filter_by(**where)
        number = db.session.execute(found).scalar_one()
        db.session.remove()
    return number


@pytest.fixture
def number(app: Flask, people: cast.Cast) -> int:
    with app.app_context():
        made = report(people.ingrid, people.strandheim)
        db.session.remove()
    return made


@pytest.mark.parametrize(
    ("writer", "fields", "kind", "told", "event"),
    [
        ("mona", {}, "message", "ingrid", "deviation.message_sent"),
        ("mona", {"is_internal": "y"}, "note", "ingrid", "deviation.noted"),
        ("ingrid", {}, "message", "mona", "deviation.replied"),
    ],
)
def test_a_second_press_of_a_message_or_note_adds_nothing_and_tells_nobody_again(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int,
    writer: str, fields: dict[str, str], kind: str, told: str, event: str,
) -> None:  # fmt: skip
    """CC-04: what the page carries is sent three times, as after a line that was cut (CF-08)."""
    browser, address = log_in(getattr(people, writer)), f"/avvik/{number}/melding"
    page = browser.get(f"/avvik/{number}").form(address)
    assert uuid.UUID(page["send_key"])
    before = count(app, Notice, recipient_id=getattr(people, told))
    sent = page | {"text": "Var gulvet tørket?", **fields}
    for _press in range(3):
        answer = browser.post(address, sent, follow_redirects=False)
        assert answer.location == f"/avvik/{number}"
    assert written(app) == Counter({(kind, "Var gulvet tørket?"): 1})
    told_now = count(app, Notice, recipient_id=getattr(people, told)) - before
    assert told_now == (0 if kind == "note" else 1)
    assert count(app, AuditEntry, event=event) == 1


def test_other_words_from_the_same_page_are_kept_too(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """CC-04: the text was changed before it was sent again, or the same is said as a note."""
    mona, address = log_in(people.mona), f"/avvik/{number}/melding"
    page = mona.get(f"/avvik/{number}").form(address)
    for changes in ({}, {"text": "Var gulvet tørket? Og når?"}, {"is_internal": "y"}):
        mona.post(address, page | {"text": "Var gulvet tørket?"} | changes)
    assert written(app) == Counter(
        {
            ("message", "Var gulvet tørket?"): 1,
            ("message", "Var gulvet tørket? Og når?"): 1,
            ("note", "Var gulvet tørket?"): 1,
        }
    )


def test_the_same_words_from_a_new_page_are_said_again(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    ingrid, address = log_in(people.ingrid), f"/avvik/{number}/melding"
    for _page in range(2):
        fields = ingrid.get(f"/avvik/{number}").form(address)
        ingrid.post(address, fields | {"text": "Takk."})
    assert written(app) == Counter({("message", "Takk."): 2})


def test_a_refused_message_keeps_its_key_and_its_reason_is_noted_once(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    """CC-04: a telephone number in the text is asked about first."""
    mona, address = log_in(people.mona), f"/avvik/{number}/melding"
    page = mona.get(f"/avvik/{number}").form(address)
    refused = mona.post(address, page | {"text": "Ring meg på 912 34 567."})
    assert refused.status == 422
    kept = refused.form(address)
    assert kept["send_key"] == page["send_key"]
    for _press in range(2):
        mona.post(address, kept | {"privacy_reason": "Det er vakttelefonen."})
    assert written(app) == Counter(
        {("message", "Ring meg på 912 34 567."): 1, ("note", "Det er vakttelefonen."): 1}
    )


def test_two_persons_with_one_key_both_say_it_and_so_does_one_in_two_cases(
    app: Flask, people: cast.Cast, number: int
) -> None:
    key = str(uuid.uuid4())
    with app.app_context():
        other = report(people.ingrid, people.strandheim)
        for case in (number, other):
            assert do(people.mona, case, dialogue.send_message, "Takk.", send_key=key)
        assert do(people.ingrid, number, dialogue.send_reply, "Takk.", send_key=key)
        db.session.remove()
    assert written(app) == Counter({("message", "Takk."): 3})


def test_a_second_press_after_the_reporter_lost_the_step_is_no_refusal(
    app: Flask, people: cast.Cast, number: int
) -> None:
    """CC-04: what was taken stands, whatever became of the case meanwhile."""
    key = str(uuid.uuid4())
    with app.app_context():
        assert do(people.ingrid, number, dialogue.send_reply, "En ting til.", send_key=key)
        do(people.ingrid, number, ending.withdraw_deviation)
        assert not do(people.ingrid, number, dialogue.send_reply, "En ting til.", send_key=key)
        db.session.remove()


def test_presses_at_the_same_instant_make_one_message(app: Flask, people: cast.Cast) -> None:
    """CC-04: ten rounds of five presses, one message and one notice each."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        do(people.mona, number, handle.acknowledge_deviation)
        db.session.remove()
    before = count(app, Notice, recipient_id=people.ingrid)
    for turn in range(10):
        key = str(uuid.uuid4())

        def press(text: str = f"Melding {turn}", key: str = key) -> bool:
            with transaction():
                viewer = cast.viewer(people.mona)
                case = get_deviation_for(viewer, number)
                return dialogue.send_message(case, text, actor=viewer, send_key=key)

        assert sorted(at_once(app, [press] * 5)) == [False] * 4 + [True]
    assert written(app) == Counter({("message", f"Melding {turn}"): 1 for turn in range(10)})
    assert count(app, Notice, recipient_id=people.ingrid) == before + 10
