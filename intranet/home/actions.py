"""What a person changes about the shell itself."""

from __future__ import annotations

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Role, Viewer
from intranet.core.text import _
from intranet.extensions import db
from intranet.home.models import PageProblem
from intranet.notifications.actions import notify
from intranet.people.models import Person
from intranet.people.queries.units import holders_of

COLOUR_SCHEMES = ("auto", "light", "dark")


def set_preferences(*, actor: Viewer, language: str = "", colour_scheme: str = "") -> None:
    """Remember the person's own language and appearance; empty leaves it as it is."""
    person = db.session.get_one(Person, actor.id)
    if language:
        person.language = language
    if colour_scheme in COLOUR_SCHEMES:
        person.colour_scheme = colour_scheme
    db.session.flush()


def report_page_problem(page: str, what: str, *, actor: Viewer) -> PageProblem:
    """Anyone may: the administrators are told, and the message stays until it is done."""
    problem = PageProblem(page=page, what=what, reporter_id=actor.id)
    db.session.add(problem)
    db.session.flush()
    record(
        AuditEvent.PAGE_PROBLEM_REPORTED,
        actor=actor,
        subject="page_problem",
        subject_id=problem.id,
        details={"page": page},
    )
    notify(
        holders_of(Role.ADMINISTRATOR),
        event="page_problem.reported",
        subject_key=f"page_problem:{problem.id}",
        title=_("Noen har meldt en feil på en side"),
        url="/feil-paa-siden/meldte",
    )
    return problem


def finish_page_problem(problem: PageProblem, *, actor: Viewer) -> None:
    """Administrators: take the message off the list and tell the one who wrote it."""
    problem.is_done = True
    db.session.flush()
    notify(
        [problem.reporter_id],
        event="page_problem.finished",
        subject_key=f"page_problem:{problem.id}",
        title=_("Feilen du meldte på en side, er rettet"),
        url=problem.page or "/",
    )
