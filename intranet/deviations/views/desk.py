"""The leader's desk, the view over the municipality, and the page of one corrective action."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _, _l
from intranet.core.transaction import transaction
from intranet.deviations import forms
from intranet.deviations.actions import measures
from intranet.deviations.policy import can_see_deviation, can_see_overview, can_take_step
from intranet.deviations.queries import lists
from intranet.deviations.queries.cases import get_action_for
from intranet.deviations.severity import Category, Severity
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.workflow import OPEN_STATES, ActionState, Step
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

TABS = (
    ("mine", _l("Venter på meg")),
    ("over-frist", _l("Over fristen")),
    ("uten-ansvarlig", _l("Uten ansvarlig")),
    ("alle", _l("Alle åpne")),
    ("lukket", _l("Avsluttet")),
)
_LONGEST_QUERY = 200


@blueprint.get("/avvik")
@requires()
def show_desk() -> str:
    """Show the cases that the viewer may see, what waits for them first."""
    viewer = current_viewer()
    if request.args.get("visning") == "kommunen" and can_see_overview(viewer):
        return _render_overview()
    wanted = _wanted()
    page = lists.list_desk(viewer, wanted, request.args.get("etter"))
    kept = {key: value for key, value in request.args.items() if key != "etter" and value}
    return render_template(
        "deviations/show_desk.html",
        page=page,
        wanted=wanted,
        tabs=TABS,
        kept=kept,
        counts=lists.count_desk(viewer),
        units=lists.list_desk_units(viewer),
        severities=list(Severity),
        categories=list(Category),
        has_filter=wanted != lists.DeskFilter(show=wanted.show),
        sees_overview=can_see_overview(viewer),
        on_behalf={
            (led.unit_id, led.on_behalf_of): led.on_behalf_of_name
            for led in viewer.led
            if led.on_behalf_of is not None
        },
        led_ids={led.unit_id for led in viewer.led},
    )


@blueprint.get("/avvik/kommunen")
@requires(can_see_overview)
def show_overview() -> str:
    """Show sectors in numbers, and the cases that cannot wait."""
    return _render_overview()


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


def _render_overview() -> str:
    viewer = current_viewer()
    return render_template(
        "deviations/show_overview.html",
        sectors=lists.count_by_sector(viewer),
        rows=lists.list_alarming(viewer),
    )


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


def _wanted() -> lists.DeskFilter:
    """Read the filter from the address; what does not fit is left out."""
    args = request.args
    shows = {key for key, _words in TABS}
    show = args.get("visning", "mine")
    wanted = lists.DeskFilter(show=show if show in shows else "mine")
    severity, category = args.get("alvorlighet", ""), args.get("type", "")
    unit_id = args.get("enhet", type=int)
    return replace(
        wanted,
        severity=Severity(severity) if severity in set(Severity) else None,
        category=Category(category) if category in set(Category) else None,
        unit_id=unit_id if unit_id and 0 < unit_id < 2**31 else None,
        text=args.get("q", "").replace("\x00", "").strip()[:_LONGEST_QUERY],
    )
