"""A municipality with something in every state, built by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.anonymous.code_pages import TYPED
from intranet.core.actor import Role
from intranet.core.clock import OSLO, now, today
from intranet.core.receipt_code import make_code, seal_code
from intranet.core.transaction import transaction
from intranet.deviations.clock_models import ClockDefinition
from intranet.deviations.clocks import Limit
from intranet.deviations.types import Kind
from intranet.extensions import db
from intranet.home.models import PageProblem
from intranet.library.actions import write
from intranet.login.actions import open_session
from intranet.login.models import LoginSession
from intranet.notifications.models import CrisisNotice, CrisisState, Notice
from intranet.people.actions.access import LOCAL
from intranet.people.models import RoleGrant, StandIn
from intranet.search.indexing import JOBS as SEARCH_JOBS
from intranet.search.models import AskedQuestion, PinnedAnswer, SynonymGroup
from tests import cast
from tests.security import world_delegations, world_laws, world_rooms
from tests.security.world_cases import build_actions, build_cases
from tests.whistleblowing.factories import add_recipients

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
        world.kinds["case"] = build_cases(people)
        world.kinds["action"] = build_actions(world.kinds["case"])
        world.kinds["article"] = world_rooms.build_articles(people)
        world.kinds["vacancy"] = world_rooms.build_vacancies(people)
        world.kinds["document"] = world_rooms.build_documents(people)
        world.kinds["whistle"] = world_rooms.build_whistles(people)
        world.kinds["anonymous"] = {"any": world_rooms.build_anonymous(people)}
        world.kinds["notice"] = {"any": world_rooms.build_notice(people)}
        world.single = _single(people) | {
            "picked": world.kinds["case"]["injury"]["picked"],
            "unit_law_id": world_laws.build_law(people),
            **world_delegations.build_delegations(people),
            "unowned_number": world_rooms.build_unowned(people),
            **world_rooms.build_take_in(people),
        }
        db.session.remove()
    index(app)
    return world


def index(app: Flask) -> None:
    """Let the search catch up, as the clock does."""
    with app.app_context():
        for job in SEARCH_JOBS:
            job.run()
        db.session.remove()


def _single(people: cast.Cast) -> Values:
    """Values of addresses and forms whose object has no state that decides anything."""
    with transaction():
        grant = RoleGrant(person_id=people.eva, role=Role.EDITOR, unit_id=people.ward, source=LOCAL)
        problem = PageProblem(page="/", what="Lenka virker ikke.", reporter_id=people.tor)
        rule = ClockDefinition(
            key="data_breach", phase="authority", kind=Kind.DATA_BREACH, law="GDPR art. 33",
            limit=Limit.HOURS, amount=72, recipient="Datatilsynet", valid_from=date(2018, 7, 20),
        )  # fmt: skip
        asked = AskedQuestion(words="sykkelparkering", missed_count=1, last_on=today())
        crisis = CrisisNotice(
            state=CrisisState.PROPOSED, title="Vannet", text="Kok det.", proposed_by=people.adam
        )
        synonyms = SynonymGroup(words="lommelykt, hodelykt", created_by=people.adam)
        pin = PinnedAnswer(
            question="ferie", question_key="feri", target="/stillinger", created_by=people.adam
        )
        db.session.add_all([grant, problem, rule, asked, crisis, synonyms, pin])
        open_session(people.ingrid, address="127.0.0.1", agent="another browser")
        db.session.flush()
        made = {
            "grant_id": grant.id,
            "problem_id": problem.id,
            "asked_id": asked.id,
            "crisis_id": crisis.id,
            "synonym_id": synonyms.id,
            "pin_id": pin.id,
            "definition_id": rule.id,
        }
    code = make_code()
    return {
        **made,
        **people.ids,
        "person_id": people.eva,
        "unit_id": people.strandheim,
        "notice_id": _first(Notice.id, Notice.recipient_id == people.siri),
        "session_id": _first(LoginSession.id, LoginSession.person_id == people.ingrid),
        "period_id": _first(StandIn.id, StandIn.leader_id == people.mona),
        "refid": "lov/2005-06-17-62",
        "filename": "theme/portal.css",
        "category_id": 1,
        "question_id": 1,
        "rank": 0,
        "rule_id": 1,
        "cause_id": 1,
        "template_id": 1,
        "number_id": 1,
        "_step": "bekreft",
        "_form": "ferdig",
        "field": "what",
        "slug": "melding-til-datatilsynet",
        "kind": "prosedyre",
        "today": f"{today():%Y-%m-%d}",
        "next_week": f"{today() + timedelta(days=7):%Y-%m-%d}",
        "next_month": f"{today() + timedelta(days=30):%Y-%m-%d}",
        "day": f"{now().astimezone(OSLO):%Y-%m-%d}",
        "clock": f"{now().astimezone(OSLO):%H:%M}",
        "new_code": code,
        "new_seal": seal_code(code, TYPED),
    }


def _first(column: Any, *conditions: Any) -> Any:
    """Return the column of the first row that fits."""
    return db.session.execute(select(column).where(*conditions).limit(1)).scalar_one()
