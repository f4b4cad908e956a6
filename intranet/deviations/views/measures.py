"""The page of one corrective action, for the one responsible and for those who see the case."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations import forms
from intranet.deviations.actions import measures
from intranet.deviations.policy import can_see_deviation, can_take_step
from intranet.deviations.queries.cases import get_action_for
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.workflow import OPEN_STATES, ActionState, Step
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.get("/avvik/tiltak/<int:action_id>")
@requires()
def show_action(action_id: int) -> Any:
    """Show one action to the one responsible, who sees the action and not the case."""
    return _render_action(action_id, forms.SettleForm(formdata=None))


@blueprint.post("/avvik/tiltak/<int:action_id>/ferdig")
@requires()
def finish_action(action_id: int) -> Any:
    """Say that the action is done."""
    return _settle(action_id, measures.finish_action)


@blueprint.post("/avvik/tiltak/<int:action_id>/dropp")
@requires()
def drop_action(action_id: int) -> Any:
    """Say that the action will not be done."""
    return _settle(action_id, measures.drop_action)


def _settle(action_id: int, act: Any) -> Any:
    viewer = current_viewer()
    form = forms.SettleForm()
    if not form.validate():
        return _render_action(action_id, form, 422)
    version = -1 if form.version.data is None else form.version.data
    try:
        with transaction():
            action, case = get_action_for(viewer, action_id)
            act(action, case, form.note.data, actor=viewer, version=version)
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        return _render_action(action_id, form, 422 if isinstance(error, InvalidInput) else 409)
    flash(_("Takk. Tiltaket er avsluttet."), "success")
    return redirect(url_for("deviations.show_action", action_id=action_id))


def _render_action(action_id: int, form: Any, status: int = 200) -> tuple[str, int] | Response:
    viewer = current_viewer()
    action, case = get_action_for(viewer, action_id)
    form.version.data, form.version.raw_data = action.version, None
    sees_case = can_see_deviation(viewer, case.access) and (viewer.id != case.deviation.reporter_id)
    is_handler = can_take_step(viewer, case.access, Step.SETTLE_ACTION)
    is_open = action.state == ActionState.OPEN and case.deviation.state in OPEN_STATES
    page = render_template(
        "deviations/show_action.html",
        action=action,
        unit_name=case.unit_name,
        number=case.deviation.number if sees_case else None,
        form=form,
        may_finish=is_open and (is_handler or viewer.id == action.responsible_id),
        may_drop=is_open and is_handler,
        form_has_errors=status != 200,
    )
    return page, status
