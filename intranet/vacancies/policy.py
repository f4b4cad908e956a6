"""Who may announce and read vacancies. Pure; `queries.visible_to` says the same in SQL."""

from __future__ import annotations

from intranet.core.actor import Role, Viewer
from intranet.vacancies.deadline import VacancyState


def can_write_vacancies(viewer: Viewer) -> bool:
    """Whether the viewer leads some unit or is HR for one."""
    return viewer.is_leader or viewer.has_role_anywhere(Role.HR)


def can_edit_vacancy(viewer: Viewer, unit_path: str) -> bool:
    """Whether the viewer leads the unit or one above it, or is HR for it."""
    return viewer.leads(unit_path) or viewer.has_role_on_path(Role.HR, unit_path)


def can_read_vacancy(
    viewer: Viewer, state: VacancyState, was_published: bool, unit_path: str
) -> bool:
    """Whether it is or was announced, which is for everybody, or the viewer may edit it."""
    if state == VacancyState.PUBLISHED or (state == VacancyState.WITHDRAWN and was_published):
        return True
    return can_edit_vacancy(viewer, unit_path)
