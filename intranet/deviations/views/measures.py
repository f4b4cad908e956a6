"""The page of one corrective action, for the one responsible and for those who see the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotFound, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import receive_upload
from intranet.core.text import _l
from intranet.core.transaction import transaction
from intranet.deviations import measure_forms
from intranet.deviations.actions import measures
from intranet.deviations.models import CorrectiveAction
from intranet.deviations.policy import can_see_deviation, can_take_step
from intranet.deviations.queries import persons
from intranet.deviations.queries.cases import Case, get_action_for
from intranet.deviations.queries.measures import get_proof_for, list_proofs
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.step_forms import with_ids
from intranet.deviations.workflow import OPEN_STATES, ActionState, Effect, Step
from intranet.people.queries.persons import get_person_by_text, names_of
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.forms import VersionedForm, add_to_form

Act = Callable[[CorrectiveAction, Case, Any, dict[str, Any]], None]

FORMS: dict[str, type[VersionedForm]] = {
    "ferdig": measure_forms.FinishForm,
    "dropp": measure_forms.DropForm,
    "endre": measure_forms.ChangeForm,
    "virker": measure_forms.RateForm,
}


@blueprint.get("/avvik/tiltak/<int:action_id>")
@requires()
def show_action(action_id: int) -> Any:
    """Show one action to the one responsible, who sees the action and not the case."""
    return _render(action_id)


@blueprint.get("/avvik/tiltak/<int:action_id>/<any(ferdig, dropp, endre, virker):_form>")
@requires()
def show_action_after_login(action_id: int, _form: str) -> Response:
    """Lead back to the action whoever comes to the address of a form, as after a new login."""
    return redirect(url_for("deviations.show_action", action_id=action_id))


@blueprint.get("/avvik/tiltak/<int:action_id>/fil/<int:file_id>")
@requires()
def download_proof(action_id: int, file_id: int) -> Response:
    """Send a file of this action to whoever may see the action."""
    return send_stored_file(get_proof_for(current_viewer(), action_id, file_id))


@blueprint.post("/avvik/tiltak/<int:action_id>/ferdig")
@requires()
def finish_action(action_id: int) -> Any:
    """Say that the action is done; a file is checked before the transaction begins."""
    upload = request.files.get("proof")

    def prepare() -> Any:
        if upload is None or not upload.filename:
            return None
        try:
            return receive_upload(upload.stream, upload.filename)
        except InvalidInput as error:
            raise InvalidInput(error.message, "proof") from error

    def act(action: CorrectiveAction, case: Case, form: Any, common: dict[str, Any]) -> None:
        proof = common.pop("prepared")
        measures.finish_action(action, case, form.note.data, proof=proof, **common)

    return _take(action_id, "ferdig", act, _l("Takk. Tiltaket er avsluttet."), prepare)


@blueprint.post("/avvik/tiltak/<int:action_id>/dropp")
@requires()
def drop_action(action_id: int) -> Any:
    """Say that the action will not be done."""
    return _take(
        action_id,
        "dropp",
        lambda action, case, form, common: measures.drop_action(
            action, case, form.note.data, **common
        ),
        _l("Tiltaket er droppet."),
    )


@blueprint.post("/avvik/tiltak/<int:action_id>/endre")
@requires()
def change_action(action_id: int) -> Any:
    """Give the action to another person or another day."""

    def act(action: CorrectiveAction, case: Case, form: Any, common: dict[str, Any]) -> None:
        responsible = get_person_by_text(form.responsible.data, field="responsible")
        measures.change_action(
            action, case, responsible, form.due_on.data, form.reason.data, **common
        )

    return _take(action_id, "endre", act, _l("Tiltaket er endret."))


@blueprint.post("/avvik/tiltak/<int:action_id>/virker")
@requires()
def rate_action(action_id: int) -> Any:
    """Say whether the action works."""
    return _take(
        action_id,
        "virker",
        lambda action, case, form, common: measures.rate_action(
            action, case, Effect(form.effect.data), form.note.data, **common
        ),
        _l("Vurderingen er lagret."),
    )


def _take(
    action_id: int, name: str, act: Act, thanks: Any, prepare: Callable[[], Any] | None = None
) -> Any:
    """Do it, or show the action again with what was typed and why it was refused."""
    viewer = current_viewer()
    get_action_for(viewer, action_id)
    form = FORMS[name]()
    if not form.validate():
        return _render(action_id, name, form, 422)
    version = -1 if form.version.data is None else form.version.data
    common: dict[str, Any] = {"actor": viewer, "version": version}
    try:
        if prepare is not None:
            common["prepared"] = prepare()
        with transaction():
            action, case = get_action_for(viewer, action_id)
            act(action, case, form, common)
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        return _render(action_id, name, form, 422 if isinstance(error, InvalidInput) else 409)
    flash(str(thanks), "success")
    return _back(viewer, action_id)


def _back(viewer: Viewer, action_id: int) -> Response:
    """Lead back to the action; who gave away the last of it comes to the tasks."""
    try:
        get_action_for(viewer, action_id)
    except NotFound:
        return redirect(url_for("home.list_my_tasks"))
    return redirect(url_for("deviations.show_action", action_id=action_id))


def _render(action_id: int, name: str = "", form: Any = None, status: int = 200) -> tuple[str, int]:
    viewer = current_viewer()
    action, case = get_action_for(viewer, action_id)
    offered = _offered(viewer, action, case)
    if name:
        offered[name] = form
    names = names_of([action.responsible_id, case.deviation.handler_id])
    for key, each in offered.items():
        each.version.data, each.version.raw_data = action.version, None
        if key == "endre" and key != name:
            each.responsible.data = names.get(action.responsible_id, "")
            each.due_on.data = action.due_on
        with_ids(each, key)
    is_reporter = viewer.id == case.deviation.reporter_id
    sees_case = can_see_deviation(viewer, case.access) and not is_reporter
    page = render_template(
        "deviations/show_action.html",
        action=action,
        unit_name=case.unit_name,
        number=case.deviation.number if sees_case else None,
        responsible=names.get(action.responsible_id, ""),
        asks=None if case.deviation.handler_id == viewer.id else case.deviation.handler_id,
        asks_name=names.get(case.deviation.handler_id or 0, ""),
        proofs=list_proofs(action.id),
        forms=offered,
        refused=name,
        colleagues=persons.list_colleagues(case.access.unit_path) if "endre" in offered else [],
        form_has_errors=status != 200,
    )
    return page, status


def _offered(viewer: Viewer, action: CorrectiveAction, case: Case) -> dict[str, Any]:
    """Return the forms that the viewer may send now."""
    settles = can_take_step(viewer, case.access, Step.SETTLE_ACTION)
    is_open = action.state == ActionState.OPEN and case.deviation.state in OPEN_STATES
    is_done = action.state == ActionState.DONE
    may = {
        "ferdig": is_open and (settles or viewer.id == action.responsible_id),
        "dropp": is_open and settles,
        "endre": is_open and can_take_step(viewer, case.access, Step.CHANGE_ACTION),
        "virker": is_done and can_take_step(viewer, case.access, Step.RATE_ACTION),
    }
    return {name: FORMS[name](formdata=None) for name, is_offered in may.items() if is_offered}
