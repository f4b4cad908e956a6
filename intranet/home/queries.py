"""Puts together what waits for the person from every room, and the messages about pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import current_app, g
from sqlalchemy import select

from intranet.core.actor import Role, Viewer
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.home.models import PageProblem
from intranet.notifications.tasks import Task, most_urgent_first
from intranet.people.models import Person


def list_tasks_for(viewer: Viewer) -> list[Task]:
    """Return everything that waits for the person, most urgent first; read once per request."""
    if "tasks" not in g:
        sources = cast(
            tuple[Callable[[Viewer], list[Task]], ...], current_app.extensions["task_sources"]
        )
        g.tasks = most_urgent_first(task for source in sources for task in source(viewer))
    return cast(list[Task], g.tasks)


def can_see_page_problems(viewer: Viewer) -> bool:
    """Administrators."""
    return viewer.has_role(Role.ADMINISTRATOR)


def list_page_problems() -> list[AnyRow]:
    """Return the open messages about pages, newest first."""
    return list(
        db.session.execute(
            select(
                PageProblem.id,
                PageProblem.page,
                PageProblem.what,
                PageProblem.created_at,
                Person.name,
            )
            .join(Person, Person.id == PageProblem.reporter_id)
            .where(~PageProblem.is_done)
            .order_by(PageProblem.id.desc())
            .limit(100)
        )
    )


def get_page_problem(problem_id: int) -> PageProblem:
    """Return the message. Raises NotFound."""
    problem = db.session.get(PageProblem, problem_id)
    if problem is None:
        raise NotFound(_("Vi finner ikke denne meldingen."))
    return problem
