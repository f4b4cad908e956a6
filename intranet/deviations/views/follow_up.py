"""Proposed follow-up of employees in a case: one press each, all at once, changed, or declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _, ngettext
from intranet.core.transaction import transaction
from intranet.deviations.actions import follow_up as actions
from intranet.deviations.actions.steps import keep_privacy_reason
from intranet.deviations.follow_up import due_on
from intranet.deviations.follow_up_models import DeviationFollowUp, FollowUpState
from intranet.deviations.measure_forms import DeclineFollowUpForm, TakeFollowUpForm
from intranet.deviations.policy import can_take_step
from intranet.deviations.queries import persons
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.follow_up import get_follow_up, list_follow_up
from intranet.deviations.type_policy import follows_up, sees_clocks
from intranet.deviations.types import Kind
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.step_forms import with_ids
from intranet.deviations.workflow import Step
from intranet.people.queries.persons import get_person_by_text, names_of
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

REFUSALS = (InvalidInput, NotPossibleNow, SomeoneElseWasFirst)


@dataclass(frozen=True)
class FollowUp:
    """The proposals of a case as its page shows them; `takes`: the viewer may set them up now."""

    rows: list[DeviationFollowUp]
    days: dict[int, date]
    waiting: int
    works: bool
    takes: bool


@blueprint.context_processor
def add_follow_up() -> dict[str, Any]:
    """Give the page of the case its proposals."""
    return {"follow_up_of": follow_up_of}


def follow_up_of(case: Case, kind: Kind) -> FollowUp | None:
    """Return the proposals of a case of this kind for who sees it, or None."""
    viewer = current_viewer()
    if kind == Kind.ORDINARY or not sees_clocks(viewer, case.access):
        return None
    rows = list_follow_up(case.deviation.id, kind)
    if not rows:
        return None
    return FollowUp(
        rows,
        {row.id: due_on(row.days, today()) for row in rows},
        sum(row.state == FollowUpState.WAITS for row in rows),
        follows_up(viewer, case.access),
        can_take_step(viewer, case.access, Step.ADD_ACTION),
    )


@blueprint.post("/avvik/<int:number>/oppfolging/alle")
@requires()
def take_all_follow_up(number: int) -> Response:
    """Set up all that wait."""
    viewer = current_viewer()
    with transaction():
        count = actions.take_all_follow_up(get_deviation_for(viewer, number), actor=viewer)
    flash(ngettext("%(num)d tiltak er satt opp.", "%(num)d tiltak er satt opp.", count), "success")
    return _back(number)


@blueprint.get("/avvik/<int:number>/oppfolging/<int:follow_up_id>")
@requires()
def show_follow_up(number: int, follow_up_id: int) -> Any:
    """Show one proposal, to set it up for another person or day, or to decline it."""
    case = get_deviation_for(current_viewer(), number)
    return _page(case, follow_up_id, 200)


@blueprint.post("/avvik/<int:number>/oppfolging/<int:follow_up_id>/ta")
@requires()
def take_follow_up(number: int, follow_up_id: int) -> Any:
    """Set one up: as it is proposed, or with the person and day that the form names."""
    viewer = current_viewer()
    if "due_on" not in request.form and "responsible" not in request.form:
        with transaction():
            case = get_deviation_for(viewer, number)
            actions.take_follow_up(
                case, get_follow_up(case.deviation.id, follow_up_id), actor=viewer
            )
        flash(_("Tiltaket er satt opp."), "success")
        return _back(number)
    case, form = get_deviation_for(viewer, number), TakeFollowUpForm()
    if not form.validate():
        return _page(case, follow_up_id, 422, take=form)
    try:
        with transaction():
            case = get_deviation_for(viewer, number)
            responsible = get_person_by_text(form.responsible.data, field="responsible")
            actions.take_follow_up(
                case,
                get_follow_up(case.deviation.id, follow_up_id),
                responsible_id=responsible,
                day=form.due_on.data,
                version=_version(form),
                actor=viewer,
            )
    except REFUSALS as error:
        add_to_form(form, error)
        return _page(get_deviation_for(viewer, number), follow_up_id, _status(error), take=form)
    flash(_("Tiltaket er satt opp."), "success")
    return _back(number)


@blueprint.post("/avvik/<int:number>/oppfolging/<int:follow_up_id>/trengs-ikke")
@requires()
def decline_follow_up(number: int, follow_up_id: int) -> Any:
    """Say that one is not needed, and why."""
    viewer, form = current_viewer(), DeclineFollowUpForm()
    case = get_deviation_for(viewer, number)
    if not form.validate() or holds_back(form, ["reason"], viewer):
        return _page(case, follow_up_id, 422, decline=form)
    try:
        with transaction():
            case = get_deviation_for(viewer, number)
            row = get_follow_up(case.deviation.id, follow_up_id)
            reason = form.reason.data or ""
            actions.decline_follow_up(case, row, reason, actor=viewer, version=_version(form))
            keep_privacy_reason(case.deviation, form.privacy_reason.data or "", actor=viewer)
    except REFUSALS as error:
        add_to_form(form, error)
        case = get_deviation_for(viewer, number)
        return _page(case, follow_up_id, _status(error), decline=form)
    flash(_("Forslaget er valgt bort. Grunnen er tatt vare på."), "success")
    return _back(number)


def _page(
    case: Case, follow_up_id: int, status: int, *, take: Any = None, decline: Any = None
) -> tuple[str, int]:
    viewer = current_viewer()
    if not follows_up(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    row = get_follow_up(case.deviation.id, follow_up_id)
    refused = take or decline
    if take is None:
        name = names_of([viewer.id])[viewer.id]
        values = {"responsible": name, "due_on": due_on(row.days, today())}
        take = TakeFollowUpForm(formdata=None, data=values)
    decline = decline or DeclineFollowUpForm(formdata=None)
    for form in (take, decline):
        form.version.data, form.version.raw_data = row.version, None
    page = render_template(
        "deviations/show_follow_up.html",
        case=case,
        deviation=case.deviation,
        row=row,
        take=with_ids(take, "take"),
        decline=with_ids(decline, "decline"),
        refused=refused,
        may_take=can_take_step(viewer, case.access, Step.ADD_ACTION),
        waits=row.state == FollowUpState.WAITS,
        colleagues=persons.list_colleagues(case.access.unit_path),
        form_has_errors=status != 200,
    )
    return page, status


def _back(number: int) -> Response:
    return redirect(url_for("deviations.show_deviation", number=number, _anchor="follow-up"))


def _version(form: Any) -> int:
    return -1 if form.version.data is None else int(form.version.data)


def _status(error: Exception) -> int:
    return 422 if isinstance(error, InvalidInput) else 409
