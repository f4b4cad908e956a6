"""A unit adds to a document of another: its own text, its own approver, beside the same document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, review, write
from intranet.library.actions.supplements import LOOK_AGAIN, write_supplement
from intranet.library.contents import DraftContents
from intranet.library.lifecycle import DocumentState
from intranet.library.models import DocumentUnit
from intranet.library.offline_copy import write_copy
from intranet.library.policy import DocumentFacts, can_supplement_in
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.library.search_source import LibrarySource
from intranet.notifications.models import Notice
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
CONTENTS = DraftContents(
    title="Tillegg om legemidler", body="## Nøkkel\n\nNøkkelen ligger på vaktrommet.",
    change_note="Ny",
)  # fmt: skip


@pytest.fixture
def central(people: Cast, make_document: MakeDocument) -> str:
    """Return the number of a procedure of the whole municipality."""
    return make_document(
        title="Legemidler",
        unit_id=people.municipality,
        author=people.kari,
        approver=people.ragnhild,
    )


@pytest.fixture
def supplement(app: Flask, people: Cast, central: str) -> str:
    """Return the number of Strandheim's supplement to it, written by Eva and approved by Mona."""
    number = begin(app, people, central)
    publish(app, people, number, people.eva, people.mona)
    return number


def begin(app: Flask, people: Cast, central: str, unit_id: int = 0, by: int = 0) -> str:
    with app.app_context():
        with transaction():
            begun = write_supplement(
                load_document(central),
                CONTENTS,
                unit_id=unit_id or people.strandheim,
                actor=cast.viewer(by or people.eva),
            ).number
        db.session.remove()
    return begun


def publish(app: Flask, people: Cast, number: str, author: int, approver: int) -> None:
    with app.app_context():
        with transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=cast.viewer(author))
        db.session.remove()
    approve_it(app, number, approver)


def approve_it(app: Flask, number: str, approver: int) -> None:
    with app.app_context():
        with transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.approve_revision(document, version=version, actor=cast.viewer(approver))
        db.session.remove()


def change(app: Flask, people: Cast, central: str, *, significant: bool = True) -> None:
    """Have Kari change the procedure and Ragnhild approve that."""
    with app.app_context():
        with transaction():
            kari = cast.viewer(people.kari)
            document = load_document(central)
            revision = write.start_revision(document, actor=kari)
            contents = DraftContents(
                title="Legemidler", body="Nytt", change_note="x", is_significant=significant
            )
            write.edit_draft(document, contents, version=revision.version, actor=kari)
        db.session.remove()
    publish(app, people, central, people.kari, people.ragnhild)


def read(app: Flask, number: str, *names: str) -> list[Any]:
    with app.app_context():
        document = load_document(number)
        found = [getattr(document, name) for name in names]
        db.session.remove()
    return found


def told(app: Flask, person: int) -> list[str]:
    with app.app_context():
        found = db.session.scalars(
            select(Notice.title).where(Notice.recipient_id == person).order_by(Notice.id)
        ).all()
        db.session.remove()
    return [title for title in found if "tillegg" in title]


def test_a_unit_writes_and_approves_its_own_and_its_people_read_it_beneath(
    app: Flask, people: Cast, log_in: LogIn, central: str
) -> None:
    writer, leader = log_in(people.eva), log_in(people.mona)
    address = f"/bibliotek/{central}/tillegg/nytt"
    assert address in writer.get(f"/bibliotek/{central}").links()
    form = writer.get(address).form()
    assert form["title"] == "Lokalt tillegg: Legemidler"
    page = writer.post(address, {**form, "unit": str(people.strandheim), "title": "Hos oss"})
    assert page.heading == "Rediger utkastet"
    number = "PRO-2"
    # It applies in its own unit, whatever is sent.
    assert not page.find("//*[@name='valid_for']")
    form = page.form(f"/bibliotek/{number}/rediger")
    form |= {"body": "## Nøkkel\n\nPå vaktrommet.", "valid_for": str(people.education)}
    page = writer.post(f"/bibliotek/{number}/rediger", {**form, "step": "show"})
    assert "Lokalt tillegg for Strandheim sykehjem til" in page.text
    writer.post(
        f"/bibliotek/{number}/til-godkjenning", page.form(f"/bibliotek/{number}/til-godkjenning")
    )
    # Its writer approves it as little as any other text of theirs.
    page = writer.get(f"/bibliotek/{number}/godkjenning")
    assert "En annen må godkjenne den" in page.text
    page = leader.get(f"/bibliotek/{number}/godkjenning")
    leader.post(f"/bibliotek/{number}/godkjenn", page.form(f"/bibliotek/{number}/godkjenn"))

    beneath = log_in(people.ingrid).get(f"/bibliotek/{central}")
    assert "På vaktrommet." in beneath.text
    levels = [
        heading.tag
        for heading in beneath.find("//main//article//*[self::h1 or self::h2 or self::h3]")
    ]
    assert levels == ["h1", "h2", "h2", "h3"]
    elsewhere = log_in(people.nils).get(f"/bibliotek/{central}")
    assert "På vaktrommet." not in elsewhere.text
    assert f"/bibliotek/{number}" in elsewhere.links()
    assert address not in elsewhere.links()
    # Who wants to may read it; it says what it belongs to, also on the list of hits.
    own = log_in(people.nils).get(f"/bibliotek/{number}")
    assert "På vaktrommet." in own.text
    assert f"/bibliotek/{central}" in own.links()
    with app.app_context():
        entries = {entry.key: entry for entry in LibrarySource().entries()}
        limits = db.session.scalars(
            select(DocumentUnit.unit_id).where(DocumentUnit.document_id == 2)
        ).all()
        db.session.remove()
    hit = entries[f"library/{number}"]
    assert (hit.title, hit.subtitle) == (
        "Hos oss", f"{number} · Strandheim sykehjem · tillegg til {central} Legemidler"
    )  # fmt: skip
    assert limits == [people.strandheim]


@pytest.mark.parametrize(
    ("owner", "unit", "limits", "expected"),
    [
        ("/1/", "/1/2/", [], True),
        ("/1/", "/1/", [], False),
        ("/1/2/", "/1/", [], False),
        ("/1/2/", "/1/2/", [], False),
        ("/1/2/", "/1/2/3/", [], True),
        ("/1/2/", "/1/4/", [], True),
        ("/1/", "/1/2/3/", ["/1/2/"], True),
        ("/1/", "/1/4/", ["/1/2/"], False),
        # A wider unit than where it applies has nothing to add to.
        ("/1/", "/1/2/", ["/1/2/3/"], False),
    ],
)
def test_a_supplement_is_for_a_unit_where_the_document_applies(
    owner: str, unit: str, limits: list[str], expected: bool
) -> None:
    facts = DocumentFacts(owner, 1, DocumentState.PUBLISHED)
    assert can_supplement_in(facts, unit, limits) is expected


def test_who_may_not_write_for_the_unit_begins_none_and_no_unit_has_two(
    app: Flask, people: Cast, log_in: LogIn, central: str, supplement: str
) -> None:
    with pytest.raises(NotAllowed):
        begin(app, people, central, people.home_care)
    with pytest.raises(NotPossibleNow):
        begin(app, people, central)
    # To a supplement nothing is added, nor to what is not in force.
    with pytest.raises(NotAllowed):
        begin(app, people, supplement, people.ward)
    with pytest.raises(InvalidInput):
        begin(app, people, central, people.municipality, people.kari)
    for path in (central, supplement):
        assert log_in(people.ingrid).get(f"/bibliotek/{path}/tillegg/nytt").status == 403
    assert log_in(people.eva).get(f"/bibliotek/{supplement}/tillegg/nytt").status == 403
    # Another unit below may add its own.
    begin(app, people, central, people.ward)


def test_a_significant_change_makes_a_task_until_somebody_has_looked(
    app: Flask, people: Cast, log_in: LogIn, central: str, supplement: str
) -> None:
    change(app, people, central, significant=False)
    assert told(app, people.eva) == []
    change(app, people, central)
    assert told(app, people.eva) == [
        f"{central} er endret. Se om det lokale tillegget fortsatt passer."
    ]
    assert read(app, supplement, "review_on") == [today() + LOOK_AGAIN]
    owner = log_in(people.eva)
    assert supplement in owner.get("/mine-oppgaver").text.replace("\u2011", "-")
    page = owner.get(f"/bibliotek/{supplement}")
    assert "Se om tillegget fortsatt passer" in page.text
    assert "Se om tillegget" not in log_in(people.ingrid).get(f"/bibliotek/{supplement}").text
    with app.app_context():
        with transaction():
            review.answer_review(load_document(supplement), actor=cast.viewer(people.eva))
        db.session.remove()
    assert "Se om tillegget" not in owner.get(f"/bibliotek/{supplement}").text
    (review_on,) = read(app, supplement, "review_on")
    assert review_on > today() + timedelta(days=300)


def test_what_changed_while_the_supplement_waited_for_approval_is_asked_about_at_once(
    app: Flask, people: Cast, central: str
) -> None:
    number = begin(app, people, central)
    with app.app_context():
        with transaction():
            document = load_document(number)
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
        db.session.remove()
    change(app, people, central)
    approve_it(app, number, people.mona)
    assert read(app, number, "supplements_version", "review_on") == [1, today() + LOOK_AGAIN]
    # The next version of it was written beside what applies now.
    with app.app_context():
        with transaction():
            eva = cast.viewer(people.eva)
            document = load_document(number)
            revision = write.start_revision(document, actor=eva)
            contents = DraftContents(title="Hos oss", body="Nytt her også", change_note="x")
            write.edit_draft(document, contents, version=revision.version, actor=eva)
        db.session.remove()
    publish(app, people, number, people.eva, people.mona)
    assert read(app, number, "supplements_version") == [2]


def test_when_the_document_is_withdrawn_the_owner_decides_what_becomes_of_the_supplement(
    app: Flask, people: Cast, log_in: LogIn, central: str, supplement: str
) -> None:
    draft = begin(app, people, central, people.ward)
    with app.app_context():
        with transaction():
            ragnhild = cast.viewer(people.ragnhild)
            approve.withdraw_document(load_document(central), "Utgått", actor=ragnhild)
        db.session.remove()
    words = f"{central} er trukket tilbake. Hva skal skje med det lokale tillegget?"
    assert told(app, people.eva) == [words, words]
    # It still applies; its readers are told that it stands alone.
    assert read(app, supplement, "state", "review_on") == ["published", today() + LOOK_AGAIN]
    page = log_in(people.ingrid).get(f"/bibliotek/{supplement}")
    assert "gjelder ikke lenger" in page.text
    with app.app_context():
        with pytest.raises(NotPossibleNow), transaction():
            document = load_document(draft)
            version = load_working_revision(document).version
            approve.send_to_approval(document, version=version, actor=cast.viewer(people.eva))
        db.session.remove()


def test_the_copy_without_a_server_leads_from_the_one_to_the_other(
    app: Flask, central: str, supplement: str, tmp_path: Path
) -> None:
    with app.app_context():
        write_copy(tmp_path / "kopi")
        db.session.remove()
    pages = tmp_path / "kopi" / "dokumenter"
    for page, other in ((central, supplement), (supplement, central)):
        text = (pages / f"{page}.html").read_text(encoding="utf-8")
        assert f'href="../dokumenter/{other}.html"' in text
    assert "Lokalt tillegg for Strandheim sykehjem til" in text
