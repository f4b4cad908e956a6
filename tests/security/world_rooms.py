"""Articles, vacancies, documents and whistleblowing cases in every state, for `world.py`."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from intranet.anonymous.actions.deliver import DeviationRoom
from intranet.anonymous.models import AnonymousReport
from intranet.anonymous.rooms import DEVIATIONS
from intranet.core.actor import SYSTEM
from intranet.core.clock import now, today
from intranet.core.files import receive_upload
from intranet.core.receipt_code import hash_code, make_code
from intranet.core.transaction import transaction
from intranet.core.unpacking import receive_archive
from intranet.deviations.actions import dialogue, ending, handle, types
from intranet.deviations.models import Deviation, DeviationFile
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.library.actions import approve, files, take_in_runs, write
from intranet.library.actions.take_in import Brought, take_in_document
from intranet.library.contents import DraftContents
from intranet.library.models import LawReview, Revision, RevisionFile
from intranet.library.queries.documents import load_document
from intranet.library.queries.take_in import Meant
from intranet.library.reading_models import ReadingRule
from intranet.library.take_in import ListRow, Outcome
from intranet.library.take_in_lines import Judged, save_line
from intranet.news.actions import publish as publish_news
from intranet.news.actions import write as write_news
from intranet.news.contents import ArticleContents
from intranet.news.models import ArticleComment
from intranet.people.models import Unit, UnitLevel
from intranet.vacancies import actions as vacancies
from intranet.vacancies.contents import Terms, VacancyContents
from intranet.whistleblowing.actions import steps
from intranet.whistleblowing.actions.move import move_deviation
from intranet.whistleblowing.actions.offer import Proposal, offer_to_send_on
from intranet.whistleblowing.models import WhistleCase, WhistleCheck, WhistleClock
from tests import cast
from tests.core.hostile import png, word, zipped
from tests.deviations.factories import do, report
from tests.security.world_hearing import put_on_hearing
from tests.whistleblowing.factories import file_of, make_case, take

Values = dict[str, Any]
NOBODY = 999_999


def build_articles(people: cast.Cast) -> dict[str, Values]:
    eva = cast.viewer(people.eva)

    def make(state: str) -> Values:
        contents = ArticleContents(
            title=f"Sak {state}",
            lead="En ingress.",
            body="Brødtekst.",
            owner_unit_id=people.strandheim,
            is_for_all=state != "unit_only",
            target_ids=frozenset({people.strandheim} if state == "unit_only" else ()),
            must_read_by=today() if state == "live" else None,
            allows_comments=state == "live",
        )
        with transaction():
            article = write_news.write_article(contents, actor=eva)
            if state != "draft":
                publish_news.publish_article(article, actor=eva)
            if state == "withdrawn":
                publish_news.withdraw_article(article, actor=eva)
            if state == "expired":
                article.publish_at = now() - timedelta(days=2)
                article.expire_at = now() - timedelta(days=1)
            db.session.flush()
            made = {"article_id": article.id, "size": "small", "version": article.version}
            if state != "live":
                return {**made, "comment_id": NOBODY}
            comment = ArticleComment(article_id=article.id, author_id=people.tor, text="Takk.")
            db.session.add(comment)
            db.session.flush()
            return {**made, "comment_id": comment.id}

    return {state: make(state) for state in ("draft", "live", "unit_only", "expired", "withdrawn")}


def build_vacancies(people: cast.Cast) -> dict[str, Values]:
    hanne = cast.viewer(people.hanne)

    def make(state: str) -> Values:
        contents = VacancyContents(
            title=f"Stilling {state}",
            unit_id=people.strandheim,
            percentage=Decimal("80"),
            terms=Terms.PERMANENT,
            workplace="Strandheim",
            body="Du har ansvar.",
            how_to_apply="Send søknad.",
            deadline_at=now() + timedelta(days=10),
            contact_id=people.mona,
        )
        with transaction():
            vacancy = vacancies.write_vacancy(contents, actor=hanne)
            if state != "draft":
                vacancies.publish_vacancy(vacancy, actor=hanne)
            if state == "withdrawn":
                vacancies.withdraw_vacancy(vacancy, actor=hanne)
            if state == "expired":
                vacancy.deadline_at = now() - timedelta(hours=1)
            db.session.flush()
            return {"vacancy_id": vacancy.id, "version": vacancy.version}

    return {state: make(state) for state in ("draft", "open", "expired", "withdrawn")}


def build_documents(people: cast.Cast) -> dict[str, Values]:
    eva, mona = people.eva, people.mona

    def make(state: str) -> Values:
        contents = DraftContents(
            title=f"Prosedyre {state}", body="Vask hendene.", change_note="Ny."
        )
        with transaction():
            document = write.write_document(
                contents, prefix="PRO", unit_id=people.strandheim, owner_id=None,
                actor=cast.viewer(eva),
            )  # fmt: skip
            number = document.number
        with transaction():
            note = receive_upload(io.BytesIO(b"Et vedlegg."), "vedlegg.txt")
            files.attach_file(load_document(number), note, "Et vedlegg.", actor=cast.viewer(eva))
            picture = receive_upload(io.BytesIO(png()), "bilde.png")
            files.attach_file(load_document(number), picture, "", actor=cast.viewer(eva))
        steps: list[Callable[[], Any]] = [
            lambda: approve.send_to_approval(
                load_document(number), version=_revision(number).version, actor=cast.viewer(eva)
            ),
            lambda: approve.approve_revision(
                load_document(number),
                version=_revision(number).version,
                actor=cast.viewer(mona),
            ),
            lambda: approve.withdraw_document(
                load_document(number), reason="Utgått.", actor=cast.viewer(mona)
            ),
        ]
        for step in steps[: ("draft", "approval", "published", "withdrawn").index(state)]:
            with transaction():
                step()
        rule_id = _reading_rule(number, people)
        review_id = _law_review(number) if state in ("published", "withdrawn") else NOBODY
        ids = {"review_id": review_id, "rule_id": rule_id}
        ids |= {"hearing_id": NOBODY, "comment_id": NOBODY}
        return {"number": number, "version": 1, **ids, **_of_revision(number)}

    found = {state: make(state) for state in ("draft", "approval", "published", "withdrawn")}
    found["hearing"] = make("draft")
    found["hearing"] |= put_on_hearing(found["hearing"]["number"], people)
    found["revised"] = make("published")
    with transaction():
        revised = write.start_revision(
            load_document(found["revised"]["number"]), actor=cast.viewer(eva)
        )
        db.session.flush()
        found["revised"]["form_version"] = revised.version
        found["revised"]["document_version"] = load_document(found["revised"]["number"]).version
    found["scheduled"] = make("published")
    _schedule_next(found["scheduled"], people)
    return found


def _schedule_next(values: Values, people: cast.Cast) -> None:
    """Have the document's next version approved with a day to come."""
    eva, mona, number = cast.viewer(people.eva), cast.viewer(people.mona), values["number"]
    with transaction():
        document = load_document(number)
        revision = write.start_revision(document, actor=eva)
        contents = DraftContents(title="Neste", body="Vask hendene.", change_note="Ny.")
        write.edit_draft(document, contents, version=revision.version, actor=eva)
        approve.send_to_approval(document, version=revision.version, actor=eva)
        day = today() + timedelta(days=9)
        approve.approve_revision(document, version=revision.version, actor=mona, valid_from=day)
        values |= {"form_version": revision.version, "document_version": document.version}


def build_take_in(people: cast.Cast) -> Values:
    """A list from a former system that is looked through and waits for the adviser's word."""
    data = zipped({"a.docx": word()})
    archive = receive_archive(io.BytesIO(data), "gammelt.zip")
    row = ListRow(2, "a.docx", "Gammel", "K-1", "PRO", "eva", "Strandheim sykehjem")
    with transaction():
        run = take_in_runs.send_run([row], "liste.csv", archive, actor=cast.viewer(people.kari))
        save_line(Judged(row, Outcome.DRAFT), run.id)
        take_in_runs.finish_check(run, [])
    listed = b"Fil;Tittel;Type;Eier;Enhet\na.docx;Gammel;PRO;eva;Strandheim sykehjem"
    ids = {"run_id": run.id, "run_version": run.version, **_build_taken_in(people)}
    return {**ids, "gammelt.zip": data, "liste.csv": listed}


def _build_taken_in(people: cast.Cast) -> Values:
    """What the command on the server has taken in, as a draft that nobody has approved."""
    with transaction():
        row = ListRow(2, "b.docx", "Tatt inn", "K-2", "PRO", "eva", "Strandheim sykehjem")
        run = take_in_runs.begin_run([row], "gammelt.csv", None, actor=SYSTEM)
        path = db.session.get_one(Unit, people.strandheim).path
        meant = Meant("PRO", people.eva, people.strandheim, path, None, None)
        brought = Brought(row, meant, "Vask hendene.", (), "b.docx", "b" * 64)
        document = take_in_document(brought, run_id=run.id, actor=SYSTEM)
        save_line(Judged(row, Outcome.DRAFT, document_id=document.id), run.id)
        take_in_runs.finish_run(run, actor=SYSTEM)
    return {"taken_id": run.id, "taken_version": run.version}


def build_unowned(people: cast.Cast) -> str:
    """Return the number of a published document of a closed unit below Strandheim."""
    number = build_published(people, "Prosedyre uten enhet")
    with transaction():
        above = db.session.get_one(Unit, people.strandheim)
        closed = Unit(
            name="Dagsenteret",
            level=UnitLevel.DEPARTMENT,
            directory_key="unit-closed",
            parent_id=above.id,
            is_active=False,
        )
        db.session.add(closed)
        db.session.flush()
        closed.path = f"{above.path}{closed.id}/"
        load_document(number).unit_id = closed.id
    return number


def build_published(people: cast.Cast, title: str) -> str:
    """Return the number of a document that Eva has written and Mona approved."""
    eva, mona = cast.viewer(people.eva), cast.viewer(people.mona)
    contents = DraftContents(title=title, body="Vask hendene.", change_note="Ny.")
    with transaction():
        number = write.write_document(
            contents, prefix="PRO", unit_id=people.strandheim, owner_id=None, actor=eva
        ).number
        approve.send_to_approval(load_document(number), version=1, actor=eva)
        approve.approve_revision(
            load_document(number), version=_revision(number).version, actor=mona
        )
    return number


def _revision(number: str) -> Revision:
    document = load_document(number)
    return db.session.execute(
        select(Revision).where(Revision.document_id == document.id)
    ).scalar_one()


def _reading_rule(number: str, people: cast.Cast) -> int:
    """Return the rule that has all of Strandheim read the document."""
    with transaction():
        rule = ReadingRule(
            document_id=load_document(number).id, unit_id=people.strandheim, days=14, value=""
        )
        db.session.add(rule)
        db.session.flush()
        return rule.id


def _law_review(number: str) -> int:
    """Return a change of the law that the document's owner is asked about."""
    with transaction():
        review = LawReview(
            document_id=load_document(number).id,
            revision_number=1,
            refid="lov/2001-01-05-1",
            section="3",
            section_key="3",
            change_key="act:lov/2025-06-20-74",
            change="amended",
            amended_by="lov/2025-06-20-74",
            effective_on=today(),
            due_on=today(),
        )
        db.session.add(review)
        db.session.flush()
        return review.id


def _of_revision(number: str) -> Values:
    """Return the version that a form carries, and the file and picture of the only revision."""
    revision, document = _revision(number), load_document(number)
    note, picture = db.session.scalars(
        select(RevisionFile)
        .where(RevisionFile.revision_id == revision.id)
        .order_by(RevisionFile.id)
    ).all()
    return {
        "form_version": revision.version,
        "document_version": document.version,
        "file_id": note.id,
        "stored_id": picture.stored_file_id,
    }


def build_whistles(people: cast.Cast) -> dict[str, Values]:
    """Hanne receives; Eva investigates one and Jonas reads it; one concerns Hanne."""
    eva, jonas, hanne = people.eva, people.jonas, people.hanne
    found = {
        state: make_case(without_ids=[hanne] if state == "concerned" else [], attach=True)
        for state in ("received", "confirmed", "assessed", "closed", "concerned")
    }
    for state in ("confirmed", "assessed", "closed"):
        take(hanne, found[state], steps.confirm_case)
    for state in ("assessed", "closed"):
        take(hanne, found[state], steps.assess_case, "Det er varsling.", is_whistleblowing=True)
    take(hanne, found["assessed"], steps.appoint_investigator, eva, "Kan faget.")
    take(hanne, found["assessed"], steps.name_reader, jonas, "Skal svare.")
    take(hanne, found["closed"], steps.close_case, "Undersøkt og rettet.")
    with transaction():
        db.session.get_one(WhistleCheck, (found["closed"], 1)).due_on = today()
    for state in ("moved", "returned", "offered"):
        found[state] = _moved(people)
    for state in ("returned", "offered"):
        take(hanne, found[state], steps.confirm_case)
        take(hanne, found[state], steps.assess_case, "Et avvik.", is_whistleblowing=False)
    take(hanne, found["offered"], offer_to_send_on, _proposal(people))
    return {
        state: {
            "case_id": case_id,
            "file_id": file_of(case_id),
            "months": 1,
            "version": db.session.get_one(WhistleCase, case_id).version,
            "clock_id": _clock_of(case_id),
        }
        for state, case_id in found.items()
    }


def _proposal(people: cast.Cast) -> Proposal:
    return Proposal("Møblene er kjøpt uten anbud.", people.strandheim, today())


def _clock_of(case_id: str) -> int:
    found = db.session.execute(
        select(WhistleClock.id).where(WhistleClock.case_id == case_id).limit(1)
    ).scalar_one_or_none()
    return found or NOBODY


def _moved(people: cast.Cast) -> str:
    """Ingrid reported it as a deviation, Mona gave it a deadline of the law, and Kaja moved it."""
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
    note = receive_upload(io.BytesIO(b"Et notat."), "notat.txt")
    do(people.ingrid, number, dialogue.attach_file, note)
    with transaction():
        kaja = cast.viewer(people.kaja)
        return move_deviation(get_deviation_for(kaja, number), "Trusler.", actor=kaja).id


def build_anonymous(people: cast.Cast) -> Values:
    """Return the code of a closed case without a reporter, and its file for the reporter."""
    code = make_code()
    content = {
        "what": "Rekkverket er løst.",
        "unit_id": people.strandheim,
        "happened_on": today().isoformat(),
        "category": None,
        "answers": None,
        "immediate_action": "",
        "concerns": [],
    }
    with transaction():
        sent = AnonymousReport(
            code_hash=hash_code(code), sent_on=today(), room=DEVIATIONS, is_ready=True,
            content=content,
        )  # fmt: skip
        db.session.add(sent)
        db.session.flush()
        DeviationRoom().take_report(sent, [])
        sent.content = None
        number = db.session.get_one(Deviation, sent.deviation_id).number
    note = receive_upload(io.BytesIO(b"Et svar."), "svar.txt")
    do(people.mona, number, dialogue.attach_file, note, is_public=True)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, ending.close_deviation, "Rekkverket er festet.")
    return {"code": code, "file_id": db.session.execute(
        select(DeviationFile.id)
        .join(Deviation, Deviation.id == DeviationFile.deviation_id)
        .where(Deviation.number == number)
    ).scalar_one()}  # fmt: skip


def build_notice(people: cast.Cast) -> Values:
    """Return the code of a notice that was no whistleblowing and may be sent on, and its file."""
    code = make_code()
    case_id = make_case(code=code, attach=True)
    take(people.hanne, case_id, steps.confirm_case)
    take(people.hanne, case_id, steps.assess_case, "Et avvik.", is_whistleblowing=False)
    take(people.hanne, case_id, offer_to_send_on, _proposal(people))
    return {"code": code, "file_id": file_of(case_id)}
