"""The steps of a case: one address for each, which takes the step or shows the case again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from intranet.core.errors import InvalidInput, NotFound, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import receive_upload
from intranet.core.text import _
from intranet.core.transaction import drop_session, transaction
from intranet.deviations import forms
from intranet.deviations.actions import dialogue, ending, handle, measures
from intranet.deviations.actions.steps import check_step, keep_privacy_reason
from intranet.deviations.numbers import number_words
from intranet.deviations.policy import can_take_step
from intranet.deviations.queries import persons
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.severity import Severity
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.case import render_case
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.step_forms import STEP_FORMS
from intranet.deviations.workflow import Step
from intranet.people.queries.persons import get_person_by_text
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form
from intranet.web.kept_text import KEY_ARGUMENT

log = logging.getLogger(__name__)

# Returns False for a sending that was taken before.
Act = Callable[[Case, Any, dict[str, Any]], object]


@blueprint.post("/avvik/<int:number>/bekreft")
@requires()
def acknowledge(number: int) -> Any:
    """Confirm that the report is received."""
    return take(number, Step.ACKNOWLEDGE, lambda c, f, k: handle.acknowledge_deviation(c, **k))


@blueprint.post("/avvik/<int:number>/start")
@requires()
def start(number: int) -> Any:
    """Begin to handle the case."""
    return take(number, Step.START, lambda c, f, k: handle.start_deviation(c, **k))


@blueprint.route("/avvik/<int:number>/videresend", methods=["GET", "POST"])
@requires()
def forward(number: int) -> Any:
    """Give the case to another leader, on a page of its own with all leaders to choose from."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    check_step(case, Step.FORWARD, actor=viewer)
    form = forms.ForwardForm(data={"version": case.deviation.version})
    form.unit_id.choices = [
        SelectChoice("", _("Velg en leder")),
        *[SelectChoice(unit_id, name) for unit_id, name in persons.list_leaders()],
    ]
    if not form.is_submitted():
        return _render_forward(case, form, 200)
    if not form.validate():
        return _render_forward(case, form, 422)
    try:
        with transaction():
            case = get_deviation_for(viewer, number)
            handle.forward_deviation(
                case, form.unit_id.data, form.reason.data, actor=viewer, version=_version(form)
            )
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        return _render_forward(get_deviation_for(viewer, number), form, _status(error))
    flash(_("Avviket er sendt videre."), "success")
    return redirect(url_for("deviations.show_desk"))


@blueprint.post("/avvik/<int:number>/loft")
@requires()
def lift(number: int) -> Any:
    """Give the case to the level above."""
    return take(number, Step.LIFT, lambda c, f, k: handle.lift_deviation(c, f.reason.data, **k))


@blueprint.post("/avvik/<int:number>/melding")
@requires()
def write(number: int) -> Any:
    """Write to the other side, or an internal note: the part that the writer plays decides."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    if can_take_step(viewer, case.access, Step.MESSAGE):
        form: Any = forms.HandlerMessageForm()
        step = Step.NOTE if form.is_internal.data else Step.MESSAGE
    else:
        form = forms.MessageForm()
        is_reporter = viewer.id == case.deviation.reporter_id
        step = Step.REPLY if is_reporter else Step.NOTE
    act = {
        Step.MESSAGE: dialogue.send_message,
        Step.REPLY: dialogue.send_reply,
        Step.NOTE: dialogue.write_note,
    }[step]
    key = form.ensure_key()
    return take(
        number, step, lambda c, f, k: act(c, f.text.data, actor=k["actor"], send_key=key), form
    )


@blueprint.post("/avvik/<int:number>/tiltak")
@requires()
def add_action(number: int) -> Any:
    """Set up a corrective action."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        responsible = get_person_by_text(form.responsible.data, field="responsible")
        measures.add_action(
            case,
            form.what.data,
            responsible,
            form.due_on.data,
            background=form.background.data or "",
            **common,
        )

    return take(number, Step.ADD_ACTION, act)


@blueprint.post("/avvik/<int:number>/effekt-dato")
@requires()
def plan_evaluation(number: int) -> Any:
    """Set the day for looking at the effect."""
    return take(
        number,
        Step.PLAN_EVALUATION,
        lambda c, f, k: ending.plan_evaluation(c, f.evaluate_on.data, **k),
    )


@blueprint.post("/avvik/<int:number>/effekt")
@requires()
def evaluate(number: int) -> Any:
    """Write down the effect."""
    return take(
        number, Step.EVALUATE, lambda c, f, k: ending.evaluate_deviation(c, f.evaluation.data, **k)
    )


@blueprint.post("/avvik/<int:number>/avvis")
@requires()
def reject(number: int) -> Any:
    """End the case as no deviation."""
    return take(number, Step.REJECT, lambda c, f, k: ending.reject_deviation(c, f.reason.data, **k))


@blueprint.post("/avvik/<int:number>/gjenapne")
@requires()
def reopen(number: int) -> Any:
    """Take the case up again."""
    return take(number, Step.REOPEN, lambda c, f, k: ending.reopen_deviation(c, f.reason.data, **k))


@blueprint.post("/avvik/<int:number>/enig")
@requires()
def agree_to_rejection(number: int) -> Any:
    """Agree that it was no deviation."""
    return take(number, Step.AGREE_TO_REJECTION, lambda c, f, k: ending.agree_to_rejection(c, **k))


@blueprint.post("/avvik/<int:number>/ikke-lost")
@requires()
def say_not_solved(number: int) -> Any:
    """Say that the problem is not solved."""
    return take(
        number, Step.NOT_SOLVED, lambda c, f, k: ending.say_not_solved(c, f.reason.data, **k)
    )


@blueprint.post("/avvik/<int:number>/trekk")
@requires()
def withdraw(number: int) -> Any:
    """Take the report back."""
    return take(number, Step.WITHDRAW, lambda c, f, k: ending.withdraw_deviation(c, **k))


@blueprint.post("/avvik/<int:number>/alvorlighet")
@requires()
def change_severity(number: int) -> Any:
    """Judge the severity anew."""
    return take(
        number,
        Step.CHANGE_SEVERITY,
        lambda c, f, k: handle.change_severity(c, Severity(f.severity.data), f.reason.data, **k),
    )


@blueprint.post("/avvik/<int:number>/type")
@requires()
def change_category(number: int) -> Any:
    """Say what it touches."""
    return take(
        number,
        Step.CHANGE_CATEGORY,
        lambda c, f, k: handle.change_category(c, f.category.data, **k),
    )


@blueprint.post("/avvik/<int:number>/gjelder")
@requires()
def add_concerned(number: int) -> Any:
    """Say whom it concerns."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        person_id = get_person_by_text(form.person.data, field="person")
        handle.add_concerned(case, person_id, **common)

    return take(number, Step.ADD_CONCERNED, act)


@blueprint.post("/avvik/<int:number>/fil")
@requires()
def attach_file(number: int) -> Any:
    """Attach one more file; it is checked before the transaction begins."""
    upload = request.files.get("file")

    def prepare() -> Any:
        if upload is None or not upload.filename:
            raise InvalidInput(_("Velg en fil."), "file")
        return receive_upload(upload.stream, upload.filename)

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        is_public = "is_public" in form and bool(form.is_public.data)
        dialogue.attach_file(case, common["prepared"], actor=common["actor"], is_public=is_public)

    return take(number, Step.ATTACH_FILE, act, prepare=prepare)


@blueprint.get(
    "/avvik/<int:number>/<any(bekreft, start, loft, melding, tiltak, lukk, avvis):_step>"
)
@requires()
def show_after_login(number: int, _step: str) -> Response:
    """Lead back to the case whoever comes to the address of a step, as after a new login."""
    key = request.args.get(KEY_ARGUMENT)
    kept: dict[str, Any] = {KEY_ARGUMENT: key} if key else {}
    return redirect(url_for("deviations.show_deviation", number=number, **kept))


def take(
    number: int,
    step: Step,
    act: Act,
    form: Any = None,
    prepare: Callable[[], Any] | None = None,
) -> Any:
    """Take the step, or show the case again with what was typed and why it was refused."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    form = form or STEP_FORMS[step]()
    guarded = [
        name
        for name in ("text", "answer", "cause_note")
        if name in form and "privacy_reason" in form
    ]
    if not form.validate() or (guarded and holds_back(form, guarded, viewer)):
        return render_case(case, viewer, step=step, form=form, status=422)
    try:
        common: dict[str, Any] = {"actor": viewer, "version": _version(form)}
        if prepare is not None:
            common["prepared"] = prepare()
        with transaction():
            case = get_deviation_for(viewer, number)
            is_new = act(case, form, common) is not False
            if guarded and is_new:
                keep_privacy_reason(case.deviation, form.privacy_reason.data or "", actor=viewer)
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        case = get_deviation_for(viewer, number)
        return render_case(case, viewer, step=step, form=form, status=_status(error))
    return _done(number)


def _done(number: int) -> Response:
    """Lead back to the case, or to the desk when the step took the case from the viewer."""
    try:
        get_deviation_for(current_viewer(), number)
    except NotFound:
        flash(_("Avvik %(number)s er gitt til en annen.", number=number_words(number)), "success")
        return redirect(url_for("deviations.show_desk"))
    except SQLAlchemyError:
        # The step stands: a page that said otherwise would have it taken once more.
        log.exception("the case could not be read after its step")
        drop_session()
    return redirect(url_for("deviations.show_deviation", number=number))


def _version(form: Any) -> int:
    """Return the version that the page showed; one that is missing is nobody's."""
    version = form.version.data if "version" in form else 0
    return -1 if version is None else int(version)


def _status(error: Exception) -> int:
    return 422 if isinstance(error, InvalidInput) else 409


def _render_forward(case: Case, form: Any, status: int) -> tuple[str, int]:
    if status != 200:
        form.version.data, form.version.raw_data = case.deviation.version, None
    page = render_template(
        "deviations/forward.html",
        case=case,
        deviation=case.deviation,
        form=form,
        form_has_errors=status != 200,
    )
    return page, status
