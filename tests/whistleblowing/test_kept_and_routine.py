"""Kept for ever, whom it concerns by role or free text, and the routine that everybody may read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import intranet.whistleblowing
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, write
from intranet.library.contents import DraftContents
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.whistleblowing.actions.steps import exclude_person
from intranet.whistleblowing.models import KEPT_FOR_EVER, WhistleCase, WhistleParty
from intranet.whistleblowing.words import event_words
from tests import cast
from tests.browser import Browser
from tests.whistleblowing.conftest import Whistleblower
from tests.whistleblowing.factories import make_case, take

Deliver = Callable[[], datetime]


def test_no_row_of_a_case_can_be_removed(context: Flask, people: cast.Cast) -> None:
    """Bevaringsforskrifta § 31."""
    case_id = make_case()
    with pytest.raises(RuntimeError, match="kept for ever"), transaction():
        db.session.delete(db.session.get_one(WhistleCase, case_id))
    tables = {table for table in db.metadata.tables if table.startswith("whistle_")}
    assert tables == {kind.__tablename__ for kind in KEPT_FOR_EVER}
    folder = Path(intranet.whistleblowing.__file__).parent
    for file in folder.rglob("*.py"):
        assert not re.search(r"\bdelete\(|session\.delete", file.read_text(encoding="utf-8")), file


def test_case_says_that_it_is_kept(
    app: Flask, people: cast.Cast, log_in: Callable[[int], Browser]
) -> None:
    with app.app_context():
        case_id = make_case()
        db.session.remove()
    page = log_in(people.hanne).get(f"/varsling/sak/{case_id}")
    assert "Bevares for alltid (bevaringsforskrifta § 31)" in page.text


def test_leaders_who_are_ticked_never_come_into_the_case(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver
) -> None:
    """AZ-09, AZ-26: by their place in the line, so that the page lists no people."""
    form = whistleblower.type_code(whistleblower.start())
    assert "Mona Dahl" not in form.text
    fields = {"unit_id": str(people.strandheim), "leaders": ["place", "chief"]}
    assert whistleblower.fill(form, **fields).status == 200
    deliver()
    with app.app_context():
        excluded = set(db.session.execute(select(WhistleParty.person_id)).scalars())
        db.session.remove()
    assert excluded == {people.mona, people.ragnhild}


def test_who_is_named_in_words_is_for_the_recipients_to_exclude(
    app: Flask, people: cast.Cast, whistleblower: Whistleblower, deliver: Deliver,
    log_in: Callable[[int], Browser],
) -> None:  # fmt: skip
    whistleblower.send(concerns="Rektor Rita og han som er vikaren hennes")
    deliver()
    with app.app_context():
        case_id = db.session.execute(select(WhistleCase.id)).scalar_one()
        db.session.remove()
    address = f"/varsling/sak/{case_id}"
    assert "Før opp hver enkelt" in log_in(people.hanne).get(address).text
    with app.app_context():
        take(people.hanne, case_id, exclude_person, people.rita)
        db.session.remove()
    assert "Rita Ryen" in log_in(people.hanne).get(address).text


def test_a_recipient_whom_it_concerns_steps_back(
    app: Flask, people: cast.Cast, log_in: Callable[[int], Browser]
) -> None:
    with app.app_context():
        case_id = make_case()
        db.session.remove()
    hanne, base = log_in(people.hanne), f"/varsling/sak/{case_id}"
    fields = hanne.get(base).form(f"{base}/gjelder") | {"person": "hanne"}
    done = hanne.post(f"{base}/gjelder", fields)
    assert "Saken er gitt til andre." in done.text
    assert hanne.get(base).status == 404
    assert log_in(people.nils).get(base).status == 200


@pytest.mark.parametrize(
    ("months", "words"),
    [(1, "fulgte opp 1 måned etter at saken ble lukket"),
     (3, "fulgte opp 3 måneder etter at saken ble lukket")],
)  # fmt: skip
def test_months_are_counted_in_words(app: Flask, months: int, words: str) -> None:
    with app.test_request_context():
        assert event_words("check", {"months": months}) == words


def publish(people: cast.Cast, keywords: str) -> str:
    with transaction():
        write.ensure_document_types()
        number = write.write_document(
            DraftContents(
                title="Varsling hos oss", body="## Slik gjør du\n\nSi fra.", change_note="Ny.",
                keywords=keywords,
            ),
            prefix="PRO", unit_id=people.strandheim, owner_id=None, actor=cast.viewer(people.eva),
        ).number  # fmt: skip
    with transaction():
        approve.send_to_approval(load_document(number), version=1, actor=cast.viewer(people.eva))
    with transaction():
        approve.approve_revision(
            load_document(number),
            version=load_working_revision(load_document(number)).version,
            actor=cast.viewer(people.mona),
        )
    return number


def test_the_routine_is_read_without_logging_in(app: Flask, people: cast.Cast) -> None:
    """aml § 2 A-6: easily available to all."""
    visitor = Browser(app)
    assert visitor.get("/varsling/rutine").status == 404
    assert "/varsling/rutine" not in visitor.get("/varsling").links()
    with app.app_context():
        publish(people, "varsling, varslingsrutiner")
        db.session.remove()
    assert visitor.get("/varsling/rutine").status == 404
    with app.app_context():
        publish(people, "varsling, Varslingsrutine")
        db.session.remove()
    assert "/varsling/rutine" in visitor.get("/varsling").links()
    page = visitor.get("/varsling/rutine")
    assert page.heading == "Varsling hos oss"
    assert "Si fra." in page.text
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", ("verneombud", "tillitsvalgt", "advokat", "Arbeidstilsynet", "mediene",
              "Dette kan vi ikke skjule", "Hva skjer når du har varslet?")),
        ("?sprak=nn", ("verneombod", "tillitsvald", "advokat", "Arbeidstilsynet", "media",
                       "Dette kan vi ikkje skjule", "Kva skjer når du har varsla?")),
        ("?sprak=en", ("safety representative", "lawyer", "authority", "media",
                       "What happens when you have sent a notice?")),
    ],
)  # fmt: skip
def test_entry_page_names_the_ways_in_each_language(
    app: Flask, people: cast.Cast, language: str, words: tuple[str, ...]
) -> None:
    """aml § 2 A-2."""
    page = Browser(app).get(f"/varsling{language}")
    for each in words:
        assert each in page.text, each
