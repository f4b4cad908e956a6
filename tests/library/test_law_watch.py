"""The owner of a document hears it, once, when a law behind it changes, and answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now, stopped_at, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.library.actions import approve
from intranet.library.actions.law_answers import answer_law_review
from intranet.library.actions.write import start_revision
from intranet.library.jobs import follow_laws
from intranet.library.law_watch import LawAnswer
from intranet.library.models import LawReview
from intranet.library.queries.documents import get_document_for, load_document
from intranet.library.queries.law_reviews import (
    get_law_review_for,
    list_open_reviews,
    load_law_review,
)
from intranet.library.queries.tasks import list_tasks_for
from intranet.notifications.models import Notice, OutboxMessage
from intranet.people.models import Person
from tests import cast
from tests.cast import Cast
from tests.laws.builders import archive, law, paragraph
from tests.library.conftest import MakeDocument
from tests.library.test_citations import revise

REFID = "lov/2001-01-05-1"
ACT = "lov/2025-06-20-74"
MAY, JUNE, JULY = date(2026, 5, 21), date(2026, 6, 18), date(2026, 7, 2)
PUBLISHED = datetime(2026, 5, 25, 8, 0, tzinfo=UTC)
IMPORTED = datetime(2026, 6, 19, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 3, 8, 0, tzinfo=UTC)
AT_ONCE = paragraph("2 A-1", "Varsel", "Varsel gis straks.", "Varsel er skriftlig.")
OTHER = paragraph("3", "Straff", "Bot.")
TO_COME = paragraph(
    "2 A-1", "Varsel", "Varsel gis straks.", "Varsel er skriftlig.",
    notes="Endres ved lov 20 juni 2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 nr. 675 ).",
)  # fmt: skip
CHANGED = paragraph(
    "2 A-1", "Melding", "Melding gis innen fem virkedager.", "Melding er skriftlig.",
    notes="Endret ved lov 20 juni 2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 nr. 675 ).",
)  # fmt: skip
AMENDING = law(
    ACT,
    '<article class="defaultP">I lov 5. januar 2001 nr. 1 om prøver skal § 2 A-1 lyde:</article>'
    '<article class="legalP">§ 2 A-1. Melding</article>'
    '<article class="legalP">Melding gis innen fem virkedager.</article>'
    '<article class="legalP">Melding er skriftlig.</article>',
    title="Lov om endringer i prøveloven",
    short="Endringslov til prøveloven",
)
BODY = "## Varsel\n\nVarsle straks, jf. prøveloven § 2 A-1.\n\nNoe annet."


def bring(as_of: date, *paragraphs: str) -> None:
    import_archive(archive(law(REFID, *paragraphs)), "prøve.tar.bz2", as_of=as_of)


def bring_act() -> None:
    import_archive(archive(AMENDING), "lovtidend.tar.bz2", as_of=MAY)


def follow(at: datetime) -> None:
    with stopped_at(at):
        follow_laws()


@pytest.fixture
def number(context: Flask, people: Cast, make_document: MakeDocument) -> Iterator[str]:
    """A procedure of Eva's that names § 2 A-1, published before the law changes."""
    with stopped_at(PUBLISHED):
        bring(MAY, AT_ONCE, OTHER)
        made = make_document(body=BODY)
        follow_laws()
    with stopped_at(IMPORTED):
        yield made


def import_at(at: datetime, as_of: date, *paragraphs: str) -> None:
    with stopped_at(at):
        bring(as_of, *paragraphs)
        follow_laws()


def reviews() -> list[LawReview]:
    return list(db.session.scalars(select(LawReview).order_by(LawReview.id)))


def law_tasks(person: int) -> list[str]:
    tasks = list_tasks_for(cast.viewer(person))
    return [task.url for task in tasks if task.kind == "library.law"]


def told(person: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Notice.title)
            .where(Notice.recipient_id == person, Notice.event == "document.law_changed")
            .order_by(Notice.id)
        )
    )


def answer(number: str, person: int, what: LawAnswer, reason: str = "") -> None:
    with transaction():
        document = load_document(number)
        review = load_law_review(document, reviews()[-1].id)
        answer_law_review(document, review, what, reason, actor=cast.viewer(person))


def open_places(number: str) -> list[str]:
    return [row.section for row in list_open_reviews(load_document(number).id)]


def difference(number: str, person: int) -> list[tuple[str, str]]:
    viewer = cast.viewer(person)
    page = get_law_review_for(viewer, get_document_for(viewer, number), reviews()[-1].id, BODY)
    return [
        (piece.change.value, piece.text.strip())
        for whole in page.difference
        for piece in whole.pieces
        if piece.change.value != "same"
    ]


def test_owner_is_asked_once_when_an_import_changes_the_paragraph(
    people: Cast, number: str
) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    (review,) = reviews()
    assert (review.section, review.change, review.effective_on) == ("2 A-1", "text", None)
    assert review.due_on == date(2026, 7, 3)
    assert law_tasks(people.eva) == [f"/bibliotek/{number}/lovendring/{review.id}"]
    assert told(people.eva) == [f"Loven bak {number} endres. Må dokumentet endres?"]
    assert law_tasks(people.mona) == law_tasks(people.ingrid) == []
    assert ("added", "innen fem virkedager") in difference(number, people.eva)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "document.law_changed")
    ).one()
    assert (entry.actor_id, entry.subject_id) == (None, number)
    # Once: the job again, the same edition again, and a new edition without a change.
    with stopped_at(LATER):
        follow_laws()
    import_at(LATER, JULY, CHANGED, OTHER, paragraph("9", "Ny", "Noe nytt."))
    assert len(reviews()) == 1
    assert len(told(people.eva)) == 1
    mails = select(OutboxMessage).where(OutboxMessage.key.startswith("document.law_changed"))
    assert len(db.session.scalars(mails).all()) == 1


def test_change_of_a_paragraph_that_nobody_cites_asks_nobody(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, AT_ONCE, paragraph("3", "Straff", "Fengsel."))
    assert reviews() == []
    assert law_tasks(people.eva) == []


def test_who_published_after_the_import_knew(
    people: Cast, number: str, make_document: MakeDocument
) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    with stopped_at(IMPORTED + timedelta(hours=1)):
        make_document(body=BODY)
        db.session.rollback()
        with transaction():
            db.session.execute(db.text("DELETE FROM law_watch"))
        follow_laws()
    assert [review.document_id for review in reviews()] == [load_document(number).id]


@pytest.mark.parametrize(
    ("rest", "change"),
    [
        ([paragraph("2 A-1", "(Opphevet)"), OTHER], "repealed"),
        ([OTHER], "repealed"),
        ([paragraph("2 A-1", "Om varsel", "Varsel gis straks.", "Varsel er skriftlig.")], "title"),
        ([paragraph("2 A-1", "Varsel", "Varsel gis straks.", "Ja.", "Nytt ledd.")], "text"),
    ],
    ids=["repealed in words", "gone from the law", "only the title", "added to"],
)
def test_each_kind_of_change_is_asked_about(
    people: Cast, number: str, rest: list[str], change: str
) -> None:
    import_at(IMPORTED, JUNE, *rest)
    assert [(review.section, review.change) for review in reviews()] == [("2 A-1", change)]
    assert len(law_tasks(people.eva)) == 1
    assert difference(number, people.eva)


def test_moved_paragraph_is_found_again_under_its_new_number(people: Cast, number: str) -> None:
    words = "Varsel gis straks til den som har ansvaret, uansett tid på døgnet."
    import_at(IMPORTED, JUNE, paragraph("2 A-1", "Varsel", words), OTHER)
    answer(number, people.eva, LawAnswer.NO_CONSEQUENCE, "Samme innhold.")
    import_at(
        LATER, JULY, OTHER, paragraph("2 A-1", "(Opphevet)"), paragraph("2 A-5", "Varsel", words)
    )
    viewer = cast.viewer(people.eva)
    page = get_law_review_for(viewer, get_document_for(viewer, number), reviews()[-1].id, BODY)
    assert page.new_place == "2 A-5"


def test_law_that_is_gone_from_the_collection_is_asked_about_once(
    people: Cast, context: Flask, make_document: MakeDocument
) -> None:
    others = [law(f"lov/2002-01-05-{n}", title=f"Lov {n}", short=f"Lov {n}") for n in range(1, 9)]
    with stopped_at(PUBLISHED):
        import_archive(
            archive(law(REFID, AT_ONCE, OTHER), *others), "gjeldende-lover.tar.bz2", as_of=MAY
        )
        make_document(body="Etter prøveloven § 2 A-1 og prøveloven § 3.")
        follow_laws()
    with stopped_at(IMPORTED):
        import_archive(archive(*others), "gjeldende-lover.tar.bz2", as_of=JUNE)
        follow_laws()
        follow_laws()
        assert [(r.refid, r.section, r.change) for r in reviews()] == [(REFID, "", "gone")]
        assert len(law_tasks(people.eva)) == 1


def test_note_with_a_date_asks_before_the_change_takes_effect(people: Cast, number: str) -> None:
    """hol § 12-3 a in small: the text is the old one, and only the note knows the day."""
    import_at(IMPORTED, JUNE, TO_COME, OTHER)
    (review,) = reviews()
    assert (review.change, review.effective_on) == ("amended", date(2026, 7, 1))
    assert (review.amended_by, review.due_on) == (ACT, date(2026, 7, 1))
    (task,) = [t for t in list_tasks_for(cast.viewer(people.eva)) if t.kind == "library.law"]
    assert (task.due_on, task.note) == (
        date(2026, 7, 1),
        "Prøveloven §\N{NO-BREAK SPACE}2 A-1 endres fra 1. juli 2026",
    )
    # The act is not here: the note says when, the page says where the words are.
    assert difference(number, people.eva) == []
    with stopped_at(IMPORTED):
        bring_act()
    assert ("added", "innen fem virkedager") in difference(number, people.eva)
    assert ("removed", "straks") in difference(number, people.eva)


def act_from(in_force: str) -> bytes:
    """The amending act, in force on a day."""
    return law(
        ACT,
        '<article class="defaultP">I lov 5. januar 2001 nr. 1 om prøver gjøres følgende endringer:'
        '</article><article class="defaultP">§ 2 A-1 skal lyde:</article>'
        '<article class="legalP">§ 2 A-1. Melding</article>'
        '<article class="legalP">Melding gis innen fem virkedager.</article>'
        '<article class="legalP">Melding er skriftlig.</article>',
        title="Lov om endringer i prøveloven",
        short="Endringslov til prøveloven",
        in_force=in_force,
        base="LTI",
    )


def test_act_in_the_gazette_asks_before_the_consolidated_text_has_a_note(
    people: Cast, number: str
) -> None:
    import_archive(archive(act_from("2026-07-01")), "lovtidend.tar.bz2", as_of=JUNE)
    follow_laws()
    (review,) = reviews()
    assert (review.amended_by, review.effective_on) == (ACT, date(2026, 7, 1))
    assert review.change == "amended"
    assert ("added", "innen fem virkedager") in difference(number, people.eva)
    # The note, and then the new words, are the same change.
    import_at(IMPORTED + timedelta(hours=2), date(2026, 6, 19), TO_COME, OTHER)
    import_at(LATER, JULY, CHANGED, OTHER)
    (review,) = reviews()
    assert review.wording_id is not None
    assert len(told(people.eva)) == 1


@pytest.mark.parametrize("in_force", ["Kongen bestemmer", "2026-07-01, 2027-01-01", "2026-06-01"])
def test_act_without_a_single_day_ahead_waits_for_the_note(
    people: Cast, number: str, in_force: str
) -> None:
    import_archive(archive(act_from(in_force)), "lovtidend.tar.bz2", as_of=JUNE)
    follow_laws()
    assert reviews() == []


def test_announced_change_that_comes_is_the_same_change(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, TO_COME, OTHER)
    bring_act()
    answer(number, people.eva, LawAnswer.NO_CONSEQUENCE, "Vi melder allerede skriftlig.")
    import_at(LATER, JULY, CHANGED, OTHER)
    (review,) = reviews()
    assert review.wording_id is not None
    assert law_tasks(people.eva) == []
    assert open_places(number) == []


def test_announced_change_that_comes_with_other_words_is_another_change(
    people: Cast, number: str
) -> None:
    import_at(IMPORTED, JUNE, TO_COME, OTHER)
    bring_act()
    import_at(LATER, JULY, paragraph("2 A-1", "Melding", "Melding gis samme dag."), OTHER)
    assert [review.change for review in reviews()] == ["amended", "text"]


def test_earlier_change_does_not_pass_for_the_announced_one(people: Cast, number: str) -> None:
    """The note still announces it: what the import changed was something else."""
    import_at(IMPORTED, JUNE, TO_COME, OTHER)
    still = TO_COME.replace("Varsel gis straks.", "Varsel gis uten opphold.")
    import_at(IMPORTED + timedelta(hours=2), date(2026, 6, 19), still, OTHER)
    assert [review.change for review in reviews()] == ["amended", "text"]


def test_moved_day_moves_the_open_task_and_asks_nobody_anew(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, TO_COME, OTHER)
    moved = TO_COME.replace("1 juli 2026", "1 januar 2027")
    import_at(IMPORTED + timedelta(hours=2), date(2026, 6, 19), moved, OTHER)
    (review,) = reviews()
    assert (review.effective_on, review.due_on) == (date(2027, 1, 1), date(2027, 1, 1))
    assert len(told(people.eva)) == 1


def test_text_that_is_still_the_old_one_after_the_day_is_asked_about_too(
    people: Cast, number: str
) -> None:
    """law.md 0.2: the edition of July prints what held in June."""
    import_at(LATER, JULY, TO_COME, OTHER)
    (review,) = reviews()
    assert review.effective_on == date(2026, 7, 1)
    assert review.due_on == date(2026, 7, 17)


def test_document_published_under_a_coming_change_is_asked_at_once(
    people: Cast, context: Flask, make_document: MakeDocument
) -> None:
    with stopped_at(IMPORTED):
        bring(JUNE, TO_COME, OTHER)
        make_document(body=BODY)
        assert [review.effective_on for review in reviews()] == [date(2026, 7, 1)]
    with stopped_at(LATER):
        make_document(body=BODY)
        assert len(reviews()) == 1


def test_many_changes_at_once_are_one_mail_and_a_task_each(
    people: Cast, context: Flask, make_document: MakeDocument
) -> None:
    with stopped_at(PUBLISHED):
        bring(MAY, AT_ONCE, OTHER)
        number = make_document(body="Etter prøveloven § 2 A-1 og prøveloven § 3.")
    import_at(IMPORTED, JUNE, CHANGED, paragraph("3", "Straff", "Fengsel."))
    assert len(law_tasks(people.eva)) == 2
    assert told(people.eva) == [f"2 lovendringer gjelder {number}. Må dokumentet endres?"]


def test_answer_that_it_changes_nothing_is_kept_as_evidence(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    assert open_places(number) == ["2 A-1"]
    with pytest.raises(InvalidInput) as caught:
        answer(number, people.eva, LawAnswer.NO_CONSEQUENCE)
    assert caught.value.field == "reason"
    answer(number, people.eva, LawAnswer.NO_CONSEQUENCE, "Vi gjør det allerede.")
    (review,) = reviews()
    assert (review.answer, review.reason) == ("no_consequence", "Vi gjør det allerede.")
    assert (review.answered_by, review.answered_at) == (people.eva, IMPORTED)
    assert open_places(number) == []
    assert law_tasks(people.eva) == []
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "document.law_reviewed")
    ).one()
    assert "Vi gjør" not in entry.details
    with pytest.raises(NotPossibleNow):
        answer(number, people.mona, LawAnswer.REVISE)


def test_answer_that_it_must_be_revised_opens_a_draft(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    answer(number, people.eva, LawAnswer.REVISE)
    assert load_document(number).working_version == 2
    assert open_places(number) == []
    assert law_tasks(people.eva) == []


def test_draft_that_is_there_is_gone_on_with(people: Cast, number: str) -> None:
    revise(number, people, "Fortsatt prøveloven § 2 A-1.")
    import_at(LATER, JULY, CHANGED, OTHER)
    with transaction():
        start_revision(load_document(number), actor=cast.viewer(people.eva))
    answer(number, people.eva, LawAnswer.REVISE, "Tas med.")
    assert load_document(number).working_version == 3


def test_who_may_withdraw_does_so_with_the_answer(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    answer(number, people.mona, LawAnswer.WITHDRAW, "Loven gjør den overflødig.")
    document = load_document(number)
    assert document.state == "withdrawn"
    assert document.withdrawn_reason == "Loven gjør den overflødig."
    assert law_tasks(people.eva) == law_tasks(people.mona) == []


def test_owner_who_may_not_withdraw_asks_those_who_may(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    answer(number, people.eva, LawAnswer.WITHDRAW, "Overflødig.")
    assert load_document(number).state == "published"
    assert law_tasks(people.eva) == []
    assert law_tasks(people.mona) == [f"/bibliotek/{number}/lovendring/{reviews()[0].id}"]
    assert law_tasks(people.kaja) == []
    assert open_places(number) == ["2 A-1"]
    events = select(Notice.event).where(Notice.recipient_id == people.mona)
    assert "document.withdrawal_asked" in set(db.session.scalars(events))
    with pytest.raises(NotPossibleNow):
        answer(number, people.eva, LawAnswer.REVISE)
    answer(number, people.mona, LawAnswer.NO_CONSEQUENCE, "Vi trenger den.")
    assert law_tasks(people.mona) == open_places(number) == []


def test_withdrawal_by_any_way_answers_what_is_open(people: Cast, number: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    with transaction():
        approve.withdraw_document(load_document(number), "Utgått", actor=cast.viewer(people.kari))
    (review,) = reviews()
    assert (review.answer, review.answered_by, review.reason) == (
        "withdraw",
        people.kari,
        "Utgått",
    )
    assert law_tasks(people.eva) == []


@pytest.mark.parametrize("name", ["ingrid", "vera", "henrik", "rita", "hanne", "adam"])
def test_nobody_else_answers(people: Cast, number: str, name: str) -> None:
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    with pytest.raises(NotAllowed):
        answer(number, people.ids[name], LawAnswer.NO_CONSEQUENCE, "Nei.")
    viewer = cast.viewer(people.ids[name])
    with pytest.raises(NotAllowed):
        get_law_review_for(viewer, get_document_for(viewer, number), reviews()[0].id, BODY)


def test_owner_who_has_left_is_replaced_by_the_nearest_leader(people: Cast, number: str) -> None:
    with transaction():
        owner = db.session.get(Person, people.eva)
        assert owner is not None
        owner.is_directory_active = False
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    assert len(told(people.mona)) == 1
    assert told(people.eva) == told(people.kaja) == []
    assert len(law_tasks(people.mona)) == 1
    assert law_tasks(people.kaja) == law_tasks(people.kari) == []


def test_stand_in_of_an_owner_who_leads_sees_the_task(
    people: Cast, context: Flask, make_document: MakeDocument
) -> None:
    with stopped_at(PUBLISHED):
        bring(MAY, AT_ONCE, OTHER)
        make_document(body=BODY, owner_id=people.mona, approver=people.kaja)
    import_at(IMPORTED, JUNE, CHANGED, OTHER)
    with stopped_at(IMPORTED):
        with transaction():
            cast.away(people.mona, people.vera, today(), today() + timedelta(days=3))
        (task,) = [t for t in list_tasks_for(cast.viewer(people.vera)) if t.kind == "library.law"]
        assert task.on_behalf_of == "Mona Dahl"
        assert now() == IMPORTED
