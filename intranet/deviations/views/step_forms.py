"""The forms of the steps on the page of a case: which are offered, and in what order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.deviations import forms, judging_forms
from intranet.deviations.forms import offer_causes
from intranet.deviations.models import Deviation
from intranet.deviations.policy import can_take_step
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.causes import ChosenCause
from intranet.deviations.step_looks import STEP_LOOKS
from intranet.deviations.workflow import (
    Step,
    may_say_not_solved,
)
from intranet.web.forms import BaseForm

# Which form each step has. The steps without a row are plain buttons.
STEP_FORMS: dict[Step, type[BaseForm]] = {
    Step.ADD_ACTION: forms.ActionForm,
    Step.PLAN_EVALUATION: forms.PlanForm,
    Step.EVALUATE: forms.EvaluateForm,
    Step.CLOSE: forms.CloseForm,
    Step.REJECT: forms.RejectForm,
    Step.REOPEN: forms.ReasonForm,
    Step.NOT_SOLVED: forms.NotSolvedForm,
    Step.LIFT: forms.ReasonForm,
    Step.CHANGE_SEVERITY: forms.SeverityForm,
    Step.CHANGE_CATEGORY: forms.CategoryForm,
    Step.ADD_CONCERNED: forms.ConcernedForm,
    Step.ATTACH_FILE: forms.AttachFileForm,
    Step.LINK: forms.LinkForm,
    Step.MERGE: forms.MergeForm,
    Step.UNMERGE: forms.StepForm,
    Step.ASSESS_RISK: judging_forms.RiskForm,
    Step.SET_CAUSES: forms.CausesForm,
    Step.SET_CONFIDENTIAL: judging_forms.ConfidentialForm,
    Step.AGREE_TO_REJECTION: forms.StepForm,
    Step.ACKNOWLEDGE: forms.StepForm,
    Step.START: forms.StepForm,
    Step.WITHDRAW: forms.StepForm,
}
# The order of the steps under "more", the most usual first.
MORE = (
    Step.START,
    Step.ADD_ACTION,
    Step.PLAN_EVALUATION,
    Step.EVALUATE,
    Step.CLOSE,
    Step.ATTACH_FILE,
    Step.CHANGE_SEVERITY,
    Step.CHANGE_CATEGORY,
    Step.SET_CAUSES,
    Step.ASSESS_RISK,
    Step.LIFT,
    Step.LINK,
    Step.MERGE,
    Step.UNMERGE,
    Step.ADD_CONCERNED,
    Step.SET_CONFIDENTIAL,
    Step.REJECT,
    Step.NOT_SOLVED,
    Step.AGREE_TO_REJECTION,
    Step.REOPEN,
    Step.WITHDRAW,
    Step.ACKNOWLEDGE,
)


def endpoint_of(step: Step) -> str:
    """Return the endpoint that a step's form is sent to."""
    return f"deviations.{STEP_LOOKS[step].endpoint}"


def with_ids(form: Any, name: str) -> Any:
    """Give the fields ids of their own, since a page holds many forms with equal field names."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form


def forms_for(
    case: Case,
    viewer: Viewer,
    step: Step | None,
    form: Any,
    chosen: Collection[ChosenCause] = (),
) -> dict[Step, Any]:
    """Return the forms of the steps that the viewer may take; the refused one as it was sent.

    `chosen`: the causes that the case has.
    """
    deviation = case.deviation
    found: dict[Step, Any] = {}
    for each, form_class in STEP_FORMS.items():
        is_refused = each == step and form is not None
        # A step that was refused is shown all the same, so that its text is not lost.
        if not is_refused and not _is_offered(case, viewer, each):
            continue
        made = form if is_refused else form_class(formdata=None)
        if not is_refused and each == Step.CHANGE_SEVERITY:
            made.severity.data = deviation.severity
        if not is_refused and each == Step.ASSESS_RISK:
            made.consequence.data = deviation.risk_consequence
            made.probability.data = deviation.risk_probability
        if not is_refused:
            _show_causes(made, each, deviation, chosen)
        if each == Step.ATTACH_FILE and viewer.id == deviation.reporter_id:
            # The reporter's own files are always open to both sides.
            del made.is_public
        _show_version(made, deviation.version)
        found[each] = with_ids(made, each)
    return found


def list_more(offered: dict[Step, Any], has_open: bool, refused: Step | None) -> list[Step]:
    """Return the steps under "more"; those that open actions stand in the way of come later."""
    waits = {Step.CLOSE, Step.PLAN_EVALUATION} if has_open else set()
    return [step for step in MORE if step in offered and (step not in waits or step == refused)]


def _show_version(form: Any, version: int) -> None:
    """Put the version that the page shows in the form, also in one that was refused."""
    if "version" in form:
        form.version.data, form.version.raw_data = version, None


def _show_causes(
    form: Any, step: Step, deviation: Deviation, chosen: Collection[ChosenCause]
) -> None:
    """Show the causes that the case has; closing asks only where nobody has chosen any."""
    if step == Step.SET_CAUSES:
        offer_causes(form.causes, chosen)
        form.causes.data = [cause.id for cause in chosen]
        form.cause_note.data = deviation.cause_note
    elif step == Step.CLOSE and (chosen or deviation.cause_note):
        del form.causes
        del form.cause_note


def _is_offered(case: Case, viewer: Viewer, step: Step) -> bool:
    if not can_take_step(viewer, case.access, step):
        return False
    if step == Step.NOT_SOLVED:
        deviation = case.deviation
        return may_say_not_solved(
            deviation.state, deviation.closed_at, has_said=deviation.has_said_not_solved, at=now()
        )
    if step == Step.AGREE_TO_REJECTION:
        return case.deviation.rejection_seen_at is None
    return True


def talk_form(case: Case, viewer: Viewer, step: Step | None, form: Any) -> Any:
    """Return the form below the timeline: the reporter's, the handler's, or none."""
    if step in (Step.MESSAGE, Step.REPLY, Step.NOTE) and form is not None:
        made = form
    elif can_take_step(viewer, case.access, Step.MESSAGE):
        made = forms.HandlerMessageForm(formdata=None)
    elif can_take_step(viewer, case.access, Step.REPLY) or can_take_step(
        viewer, case.access, Step.NOTE
    ):
        made = forms.MessageForm(formdata=None)
    else:
        return None
    made.ensure_key()
    return with_ids(made, "talk")
