"""Documents whose owner has left or whose unit is closed: found once, listed, given on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from intranet.audit.models import AuditEntry
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.owners import give_owner
from intranet.library.jobs import tell_unowned
from intranet.library.models import Document
from intranet.library.queries.documents import load_document
from intranet.library.queries.tasks import list_tasks_for
from intranet.library.queries.unowned import list_unowned_for, load_documents
from intranet.notifications.models import Notice
from intranet.people.models import Person, Unit
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]


def change(app: Flask, kind: Any, row_id: int, **values: Any) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(update(kind).where(kind.id == row_id).values(**values))
        db.session.remove()


def leave(app: Flask, person: int) -> None:
    change(app, Person, person, is_directory_active=False)


def told(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Notice.recipient_id, Notice.title)
            .where(Notice.event == "document.unowned")
            .order_by(Notice.id)
        ).all()
        db.session.remove()
    return [(row.recipient_id, row.title) for row in rows]


def run(app: Flask) -> int:
    with app.app_context():
        found = tell_unowned()
        db.session.remove()
    return found


def give(app: Flask, *numbers: str, to: int, by: int, unit: int | None = None) -> int:
    try:
        with app.app_context(), transaction():
            documents = load_documents(numbers)
            return give_owner(documents, owner_id=to, unit_id=unit, actor=cast.viewer(by))
    finally:
        with app.app_context():
            db.session.remove()


def listed(app: Flask, person: int) -> list[str]:
    with app.app_context():
        return [row.number for row in list_unowned_for(cast.viewer(person)).rows]


def tasks(app: Flask, person: int) -> list[str]:
    with app.app_context():
        found = list_tasks_for(cast.viewer(person))
        return [task.title for task in found if task.kind == "library.unowned"]


def test_the_nearest_leader_is_told_once_of_all_that_a_leaver_owned(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    for _n in range(2):
        make_document()
    make_document(unit_id=people.school, author=people.rita, approver=people.olav)
    assert run(app) == 0
    leave(app, people.eva)
    assert (run(app), run(app)) == (2, 0)
    assert told(app) == [(people.mona, "2 dokumenter er uten eier")]
    assert tasks(app, people.mona) == ["Finn ny eier til 2 dokumenter"]
    assert tasks(app, people.kaja) == []
    assert tasks(app, people.rita) == []


def test_one_who_comes_back_ends_it_and_a_new_leaving_is_told_anew(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    leave(app, people.eva)
    run(app)
    change(app, Person, people.eva, is_directory_active=True)
    assert run(app) == 0
    with app.app_context():
        assert load_document(number).unowned_since is None
        db.session.remove()
    assert tasks(app, people.mona) == []
    leave(app, people.eva)
    assert run(app) == 1
    assert tasks(app, people.mona) == ["Finn ny eier til 1 dokument"]


def test_administrator_adviser_and_leader_see_theirs_and_the_twin_agrees(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    ours = make_document()
    theirs = make_document(unit_id=people.school, author=people.rita, approver=people.olav)
    gone = make_document()
    leave(app, people.eva)
    change(app, Unit, people.school, is_active=False)
    with app.app_context():
        with transaction():
            document = load_document(gone)
            db.session.execute(
                update(Document).where(Document.id == document.id).values(state="withdrawn")
            )
        paths = dict(
            db.session.execute(
                select(Document.number, Unit.path).join(Unit, Unit.id == Document.unit_id)
            ).all()
        )
        db.session.remove()
    for person in cast.PERSONS:
        if person == "eva":
            continue
        with app.app_context():
            viewer = cast.viewer(people.ids[person])
        wanted = [one for one in (ours, theirs) if policy.can_give_owner(viewer, paths[one])]
        assert listed(app, people.ids[person]) == wanted, person
    assert listed(app, people.adam) == [ours, theirs]
    assert listed(app, people.mona) == [ours]
    assert listed(app, people.ingrid) == []


def test_several_get_owner_and_unit_at_once_and_a_second_press_changes_nothing(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    numbers = [make_document(), make_document()]
    leave(app, people.eva)
    change(app, Unit, people.strandheim, is_active=False)
    run(app)
    with pytest.raises(InvalidInput) as refused:
        give(app, *numbers, to=people.henrik, by=people.adam)
    assert refused.value.field == "unit"
    given = {"to": people.henrik, "by": people.adam, "unit": people.home_care}
    assert give(app, *numbers, **given) == 2
    assert give(app, *numbers, **given) == 0
    with app.app_context():
        for number in numbers:
            document = load_document(number)
            assert (document.owner_id, document.unit_id) == (people.henrik, people.home_care)
            assert document.unowned_since is None
        found = select(AuditEntry).where(AuditEntry.event == "document.owner_given")
        assert len(db.session.scalars(found).all()) == 2
        titles = db.session.scalars(
            select(Notice.title).where(Notice.recipient_id == people.henrik)
        ).all()
        assert "Du er ny eier av 2 dokumenter" in titles
        db.session.remove()


def test_who_comes_second_with_another_owner_is_told_so(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    leave(app, people.eva)
    give(app, number, to=people.mona, by=people.mona)
    with pytest.raises(SomeoneElseWasFirst):
        give(app, number, to=people.jonas, by=people.kari)


def test_leaders_give_only_within_what_they_lead_and_only_to_those_who_are_here(
    app: Flask, people: Cast, make_document: MakeDocument
) -> None:
    number = make_document()
    leave(app, people.eva)
    leave(app, people.vera)
    for by, changes in (
        (people.rita, {}), (people.ingrid, {}), (people.mona, {"unit": people.school}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            give(app, number, to=people.jonas, by=by, **changes)
    with pytest.raises(InvalidInput):
        give(app, number, to=people.vera, by=people.mona)
    assert give(app, number, to=people.jonas, by=people.mona) == 1


def test_the_page_gives_the_ticked_ones_and_keeps_the_ticks_when_something_is_wrong(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    first, second = make_document(), make_document()
    leave(app, people.eva)
    browser = log_in(people.mona)
    path = "/bibliotek/uten-eier"
    page = browser.get(path)
    assert page.heading == "Dokumenter uten eier"
    assert "Eva Åsen har sluttet" in page.text
    form = page.form(path)
    wrong = browser.post(path, {**form, "dokument": [first], "owner": "Ingen Slik"})
    assert wrong.status == 422
    assert len(wrong.find(f"//input[@value='{first}'][@checked]")) == 1
    assert browser.post(path, {**form, "owner": "jonas"}).status == 422
    done = browser.post(path, {**form, "dokument": [first], "owner": "jonas"})
    assert "1 dokument har fått ny eier." in done.text
    assert listed(app, people.mona) == [second]
    assert log_in(people.ingrid).get(path).status == 403
