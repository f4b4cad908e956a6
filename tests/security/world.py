"""A municipality with something in every state, built by the product's own actions."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.core.clock import now, today
from intranet.core.files import receive_upload
from intranet.core.transaction import transaction
from intranet.deviations.actions import dialogue, ending, handle, measures
from intranet.deviations.models import CorrectiveAction, Deviation, DeviationFile
from intranet.deviations.queries.cases import get_deviation_for
from intranet.extensions import db
from intranet.library.actions import approve, write
from intranet.library.contents import DraftContents
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from intranet.news import actions as news
from intranet.news.contents import ArticleContents
from intranet.notifications.models import Notice
from intranet.people.models import RoleGrant
from intranet.search.indexing import JOBS as SEARCH_JOBS
from intranet.vacancies import actions as vacancies
from intranet.vacancies.contents import Terms, VacancyContents
from intranet.whistleblowing.actions import steps
from intranet.whistleblowing.actions.move import move_deviation
from tests import cast
from tests.deviations.factories import do, report
from tests.whistleblowing.factories import add_recipients, file_of, make_case, take

# What each role is called in the table, and who plays it. Nobody is logged in as the visitor.
ROLES = {
    "reporter": "ingrid",
    "colleague": "jonas",
    "elsewhere": "tor",
    "leader": "mona",
    "above": "kaja",
    "chief": "ragnhild",
    "other_leader": "rita",
    "stand_in": "siri",
    "quality": "kari",
    "safety": "vera",
    "privacy": "petter",
    "hr": "hanne",
    "editor": "eva",
    "admin": "adam",
}
VISITOR = "visitor"
Values = dict[str, Any]


@dataclass
class World:
    """The values that fill an address, by kind of object and its state."""

    kinds: dict[str, dict[str, Values]] = field(default_factory=dict)
    single: Values = field(default_factory=dict)


def build(app: Flask, people: cast.Cast) -> World:
    """Commit the objects and return how to address them. Siri stands in for Mona today."""
    world = World()
    with app.app_context():
        with transaction():
            cast.away(people.mona, people.siri, today(), today() + timedelta(days=7))
            write.ensure_document_types()
            add_recipients(people.hanne)
        world.kinds["case"] = _cases(people)
        world.kinds["article"] = _articles(people)
        world.kinds["vacancy"] = _vacancies(people)
        world.kinds["document"] = _documents(people)
        world.kinds["whistle"] = _whistles(people)
        world.single = _single(people)
        for job in SEARCH_JOBS:
            job.run()
        db.session.remove()
    return world


def _cases(people: cast.Cast) -> dict[str, Values]:
    ward, mona = people.strandheim, people.mona
    made = {
        "own": report(people.ingrid, ward),
        "other_unit": report(people.tor, people.school),
        "closed": report(people.ingrid, ward),
        "rejected": report(people.ingrid, ward),
        "withdrawn": report(people.ingrid, ward),
        "confidential": report(people.ingrid, ward),
        "concerned": report(people.ingrid, ward, concerned=[mona]),
    }
    found = {}
    for state, number in made.items():
        found[state] = {"number": number, "file_id": _attach(number)}
    for number in (made["own"], made["closed"]):
        do(mona, number, handle.acknowledge_deviation)
    do(mona, made["closed"], ending.close_deviation, "Gulvet er byttet.")
    do(mona, made["rejected"], ending.reject_deviation, "Dette er ikke et avvik.")
    do(people.ingrid, made["withdrawn"], ending.withdraw_deviation)
    due = today() + timedelta(days=7)
    action = do(mona, made["own"], measures.add_action, "Bytt gulvet.", people.jonas, due)
    action_id = db.session.merge(action).id
    for values in found.values():
        values["action_id"] = action_id
    with transaction():
        _row(made["confidential"]).is_confidential = True
    return found


def _row(number: int) -> Deviation:
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def _attach(number: int) -> int:
    reporter_id = _row(number).reporter_id
    assert reporter_id is not None
    received = receive_upload(io.BytesIO(b"Et notat."), "notat.txt")
    do(reporter_id, number, dialogue.attach_file, received)
    return db.session.execute(
        select(DeviationFile.id).where(DeviationFile.deviation_id == _row(number).id)
    ).scalar_one()


def _articles(people: cast.Cast) -> dict[str, Values]:
    eva = cast.viewer(people.eva)

    def make(state: str) -> Values:
        contents = ArticleContents(
            title=f"Sak {state}",
            lead="En ingress.",
            body="Brødtekst.",
            owner_unit_id=people.strandheim,
            is_for_all=state != "unit_only",
            target_ids=frozenset({people.strandheim} if state == "unit_only" else ()),
        )
        with transaction():
            article = news.write_article(contents, actor=eva)
            if state != "draft":
                news.publish_article(article, actor=eva)
            if state == "withdrawn":
                news.withdraw_article(article, actor=eva)
            if state == "expired":
                article.publish_at = now() - timedelta(days=2)
                article.expire_at = now() - timedelta(days=1)
            return {"article_id": article.id, "size": "small"}

    return {state: make(state) for state in ("draft", "live", "unit_only", "expired", "withdrawn")}


def _vacancies(people: cast.Cast) -> dict[str, Values]:
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
            return {"vacancy_id": vacancy.id}

    return {state: make(state) for state in ("draft", "open", "expired", "withdrawn")}


def _documents(people: cast.Cast) -> dict[str, Values]:
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
        steps: list[Callable[[], Any]] = [
            lambda: approve.send_to_approval(
                load_document(number), version=1, actor=cast.viewer(eva)
            ),
            lambda: approve.approve_revision(
                load_document(number),
                version=load_working_revision(load_document(number)).version,
                actor=cast.viewer(mona),
            ),
            lambda: approve.withdraw_document(
                load_document(number), reason="Utgått.", actor=cast.viewer(mona)
            ),
        ]
        for step in steps[: ("draft", "approval", "published", "withdrawn").index(state)]:
            with transaction():
                step()
        return {"number": number, "version": 1, "file_id": 1}

    return {state: make(state) for state in ("draft", "approval", "published", "withdrawn")}


def _whistles(people: cast.Cast) -> dict[str, Values]:
    """Hanne receives; Eva investigates one and Jonas reads it; one concerns Hanne."""
    eva, jonas, hanne = people.eva, people.jonas, people.hanne
    found = {
        state: make_case(without_ids=[hanne] if state == "concerned" else [], attach=True)
        for state in ("received", "assessed", "closed", "concerned")
    }
    for state in ("assessed", "closed"):
        take(hanne, found[state], steps.confirm_case)
        take(hanne, found[state], steps.assess_case, "Det er varsling.", is_whistleblowing=True)
    take(hanne, found["assessed"], steps.appoint_investigator, eva, "Kan faget.")
    take(hanne, found["assessed"], steps.name_reader, jonas, "Skal svare.")
    take(hanne, found["closed"], steps.close_case, "Undersøkt og rettet.")
    found["moved"] = _moved(people)
    return {
        state: {"case_id": case_id, "file_id": file_of(case_id), "months": 1}
        for state, case_id in found.items()
    }


def _moved(people: cast.Cast) -> str:
    """Ingrid reported it as a deviation, and Kaja moved it."""
    number = report(people.ingrid, people.strandheim)
    _attach(number)
    with transaction():
        kaja = cast.viewer(people.kaja)
        return move_deviation(get_deviation_for(kaja, number), "Trusler.", actor=kaja).id


def _single(people: cast.Cast) -> Values:
    """Values of addresses whose object has no state that decides anything."""
    grant = db.session.execute(
        select(RoleGrant.id).where(RoleGrant.person_id == people.eva)
    ).scalar_one()
    notice = db.session.execute(
        select(Notice.id).where(Notice.recipient_id == people.siri).limit(1)
    ).scalar_one()
    action_id = db.session.execute(select(CorrectiveAction.id)).scalars().one()
    return {
        "person_id": people.eva,
        "unit_id": people.strandheim,
        "grant_id": grant,
        "notice_id": notice,
        "action_id": action_id,
        "refid": "lov/2005-06-17-62",
        "filename": "theme/portal.css",
        "period_id": 1,
        "session_id": 999_999,
        "problem_id": 999_999,
        "file_id": 999_999,
        "clock_id": 999_999,
        "letter_id": 999_999,
        "slug": "melding-til-datatilsynet",
        "definition_id": 999_999,
        "category_id": 1,
        "question_id": 1,
        "rank": 0,
        "rule_id": 1,
        "cause_id": 1,
        "_step": "bekreft",
        "_form": "ferdig",
        "field": "what",
        "kind": "prosedyre",
    }
