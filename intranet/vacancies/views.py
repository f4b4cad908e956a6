"""The pages of vacancies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.clock import now
from intranet.core.errors import IntranetError, InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.keyset import page_request
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.vacancies import actions, queries
from intranet.vacancies.contents import application_link
from intranet.vacancies.deadline import VacancyState, closes_soon, days_left
from intranet.vacancies.forms import (
    EditVacancyForm,
    VacancyForm,
    WriteVacancyForm,
    contents_of,
    form_values,
    offer_units,
)
from intranet.vacancies.policy import can_write_vacancies
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

blueprint = Blueprint("vacancies", __name__)

# What the submit buttons of the form send.
PUBLISH, PREVIEW = "publish", "preview"
CLOSED = "lukkede"


@blueprint.get("/stillinger")
@requires()
def list_vacancies() -> str:
    """Show the open vacancies, the nearest deadline first, or the closed ones."""
    viewer = current_viewer()
    wanted = page_request(request.args)
    shows_closed = request.args.get("vis") == CLOSED
    read = queries.list_closed_page if shows_closed else queries.list_open_page
    may_write = can_write_vacancies(viewer)
    is_first = wanted.after is None and wanted.before is None
    return render_template(
        "vacancies/list_vacancies.html",
        page=read(viewer, wanted),
        shows_closed=shows_closed,
        may_write=may_write,
        drafts=queries.list_drafts_for(viewer) if may_write and is_first else [],
        closes_soon=lambda deadline: closes_soon(deadline, now()),
    )


@blueprint.get("/stillinger/<int:vacancy_id>")
@requires()
def show_vacancy(vacancy_id: int) -> str:
    """Show one vacancy, open or closed; those who announce it also see the proof."""
    vacancy = queries.get_vacancy_for(current_viewer(), vacancy_id)
    return render_template(
        "vacancies/show_vacancy.html",
        vacancy=vacancy,
        apply_url=application_link(vacancy.how_to_apply),
        days_left=days_left(vacancy.deadline_at, now()),
        announcements=queries.list_announcements(vacancy_id) if vacancy.can_edit else [],
    )


@blueprint.route("/stillinger/ny", methods=["GET", "POST"])
@requires(can_write_vacancies)
def write_vacancy() -> Any:
    """Write a new vacancy: keep it as a draft, preview it or announce it."""
    viewer = current_viewer()
    form = WriteVacancyForm(data={"unit": viewer.home_unit_id, "contact": viewer.username})
    offer_units(form, queries.list_editable_units(viewer))
    send_key = form.ensure_key()
    if not form.is_submitted() or _is_preview():
        return _render_form(form)
    if not form.validate():
        return _render_form(form, status=422)
    try:
        with transaction():
            vacancy = actions.write_vacancy(contents_of(form), actor=viewer, send_key=send_key)
            _publish_if_asked(vacancy.id)
            vacancy_id = vacancy.id
    except InvalidInput as error:
        return _refuse(form, error)
    return redirect(url_for("vacancies.show_vacancy", vacancy_id=vacancy_id))


@blueprint.route("/stillinger/<int:vacancy_id>/rediger", methods=["GET", "POST"])
@requires(can_write_vacancies)
def edit_vacancy(vacancy_id: int) -> Any:
    """Change a vacancy; whoever saves second sees the first one's text beside the own."""
    vacancy = _editable(vacancy_id)
    form = EditVacancyForm(data=form_values(vacancy))
    offer_units(form, queries.list_editable_units(current_viewer()))
    if not form.is_submitted() or _is_preview():
        return _render_form(form, vacancy)
    if not form.validate():
        return _render_form(form, vacancy, status=422)
    try:
        with transaction():
            _save(vacancy_id, form)
    except InvalidInput as error:
        return _refuse(form, error, vacancy)
    except SomeoneElseWasFirst:
        return _show_conflict(form, vacancy_id)
    return redirect(url_for("vacancies.show_vacancy", vacancy_id=vacancy_id))


@blueprint.post("/stillinger/<int:vacancy_id>/lys-ut")
@requires(can_write_vacancies)
def publish_vacancy(vacancy_id: int) -> Response:
    """Announce a draft or a withdrawn vacancy."""
    _editable(vacancy_id)
    with transaction():
        actions.publish_vacancy(queries.get_vacancy(vacancy_id), actor=current_viewer())
    return redirect(url_for("vacancies.show_vacancy", vacancy_id=vacancy_id))


@blueprint.post("/stillinger/<int:vacancy_id>/trekk")
@requires(can_write_vacancies)
def withdraw_vacancy(vacancy_id: int) -> Response:
    """Take a vacancy back."""
    _editable(vacancy_id)
    with transaction():
        actions.withdraw_vacancy(queries.get_vacancy(vacancy_id), actor=current_viewer())
    return redirect(url_for("vacancies.show_vacancy", vacancy_id=vacancy_id))


def _editable(vacancy_id: int) -> queries.VacancyPage:
    """Return the vacancy, 404 when the person may not see it, 403 when only reading is allowed."""
    vacancy = queries.get_vacancy_for(current_viewer(), vacancy_id)
    if not vacancy.can_edit:
        raise NotAllowed(
            _("Bare lederen for enheten, ledere over og HR kan lyse ut stillinger der.")
        )
    return vacancy


def _save(vacancy_id: int, form: EditVacancyForm) -> None:
    actions.edit_vacancy(
        queries.get_vacancy(vacancy_id),
        contents_of(form),
        version=form.version.data or 0,
        actor=current_viewer(),
    )
    _publish_if_asked(vacancy_id)


def _publish_if_asked(vacancy_id: int) -> None:
    vacancy = queries.get_vacancy(vacancy_id)
    if request.form.get("step") == PUBLISH and vacancy.state != VacancyState.PUBLISHED:
        actions.publish_vacancy(vacancy, actor=current_viewer())


def _is_preview() -> bool:
    return request.form.get("step") == PREVIEW


def _refuse(form: VacancyForm, error: IntranetError, vacancy: Any = None) -> tuple[str, int]:
    db.session.rollback()
    if error.field == "deadline_at":
        error.field = "deadline_day"
    add_to_form(form, error)
    return _render_form(form, vacancy, status=422)


def _show_conflict(form: EditVacancyForm, vacancy_id: int) -> tuple[str, int]:
    """Keep what was typed, show what the other saved, and let the person save over it knowingly."""
    theirs = _editable(vacancy_id)
    form.version.data = theirs.version
    form.version.raw_data = None
    return _render_form(form, theirs, theirs=theirs, status=409)


def _render_form(
    form: VacancyForm, vacancy: Any = None, *, theirs: Any = None, status: int = 200
) -> tuple[str, int]:
    return (
        render_template(
            "vacancies/edit_vacancy.html" if vacancy else "vacancies/write_vacancy.html",
            form=form,
            vacancy=vacancy,
            theirs=theirs,
            shows_preview=_is_preview(),
            form_has_errors=status != 200,
        ),
        status,
    )
