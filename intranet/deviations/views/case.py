"""The page of one case: what the reporter reads, and what the handler works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.text import _
from intranet.deviations import forms
from intranet.deviations.models import Deviation
from intranet.deviations.policy import acts_for, can_read_notes, can_take_step, parties_of
from intranet.deviations.queries import cases, links, openings, persons
from intranet.deviations.queries.cases import ActionRow, Case, EntryRow
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.opening import open_case
from intranet.deviations.words import EVENT_ICONS, STATES, STEP_LOOKS, event_words
from intranet.deviations.workflow import (
    REPORTER_CODES,
    ActionState,
    DeviationState,
    Party,
    Step,
    may_say_not_solved,
    next_step,
)
from intranet.library.queries.documents import find_document_title
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.filters import day_short
from intranet.web.forms import BaseForm
from intranet.web.kept_text import restored

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
    Step.LIFT,
    Step.LINK,
    Step.ADD_CONCERNED,
    Step.REJECT,
    Step.NOT_SOLVED,
    Step.REOPEN,
    Step.WITHDRAW,
    Step.ACKNOWLEDGE,
)


@dataclass(frozen=True)
class StoryLine:
    """One line of the timeline as the template's macro wants it."""

    who: str
    initials: str
    action: str
    at: Any
    text: str
    kind: str
    icon: str


@blueprint.get("/avvik/<int:number>")
@requires()
def show_deviation(number: int) -> Any:
    """Show a case to whoever may see it."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    # Written before the session ended: the form stands open with the text.
    kept = restored()
    step = next((each for each in STEP_FORMS if kept and kept.endpoint == endpoint_of(each)), None)
    if kept and kept.endpoint == "deviations.write":
        form = forms.HandlerMessageForm if "Handler" in kept.form_name else forms.MessageForm
        return render_case(case, viewer, step=Step.MESSAGE, form=form())
    if step is not None:
        return render_case(case, viewer, step=step, form=STEP_FORMS[step]())
    return render_case(case, viewer)


@blueprint.get("/avvik/<int:number>/fil/<int:file_id>")
@requires()
def download_file(number: int, file_id: int) -> Response:
    """Send a file of this case to whoever may see it there."""
    viewer = current_viewer()
    # First whether there is such a file: only what was there to read is noted.
    cases.get_file_for(viewer, number, file_id)
    open_case(viewer, number, file_id=file_id)
    return send_stored_file(cases.get_file_for(viewer, number, file_id))


def render_case(
    case: Case, viewer: Viewer, *, step: Step | None = None, form: Any = None, status: int = 200
) -> tuple[str, int]:
    """Return the page; `form` is the one of `step` that was refused, with what was typed."""
    deviation = case.deviation
    parties = parties_of(viewer, case.access)
    reads_notes = can_read_notes(viewer, case.access)
    is_reporter = Party.REPORTER in parties
    entries = cases.list_entries(deviation.id, public_only=not reads_notes)
    actions = [] if is_reporter else cases.list_actions(deviation.id)
    next_up = _next_step(case, viewer, actions)
    has_open = any(action.state == ActionState.OPEN for action in actions)
    step_forms = _forms_for(case, viewer, step, form)
    needs_names = Step.ADD_ACTION in step_forms
    page = render_template(
        "deviations/show_deviation.html",
        case=case,
        deviation=deviation,
        is_reporter=is_reporter,
        is_handler=Party.HANDLER in parties,
        on_behalf=acts_for(viewer, case.access),
        reads_notes=reads_notes,
        may_forward=can_take_step(viewer, case.access, Step.FORWARD),
        steps=list_steps(deviation),
        story=[_line(entry, is_anonymous=deviation.is_anonymous) for entry in entries],
        actions=actions,
        files=cases.list_files(deviation.id, public_only=is_reporter),
        linked=[] if is_reporter else links.list_linked(viewer, deviation.id),
        next_up=next_up,
        forms=step_forms,
        more=[each for each in _more(step_forms, has_open, step) if each != next_up],
        refused=step,
        talk=_talk_form(case, viewer, step, form),
        colleagues=persons.list_colleagues(case.access.unit_path) if needs_names else [],
        procedure_title=_procedure_title(deviation),
        openings=_openings(case, reads_notes),
        form_has_errors=status >= 400,
    )
    return page, status


def _openings(case: Case, reads_notes: bool) -> list[openings.OpeningRow]:
    is_shown = reads_notes and case.deviation.is_confidential
    return openings.list_openings(case.deviation.id) if is_shown else []


def endpoint_of(step: Step) -> str:
    """Return the endpoint that a step's form is sent to."""
    return f"deviations.{STEP_LOOKS[step].endpoint}"


def list_steps(deviation: Deviation) -> list[tuple[str, str, str]]:
    """Return (words, note, "done" | "current" | "todo") for the line of steps at the top."""
    order = (
        DeviationState.REPORTED,
        DeviationState.ACKNOWLEDGED,
        DeviationState.ACTIONS_UNDER_WAY,
        DeviationState.AWAITING_EVALUATION,
        DeviationState.CLOSED,
    )
    state = deviation.state
    if state in (DeviationState.REJECTED, DeviationState.WITHDRAWN):
        return [
            (_("Meldt"), day_short(deviation.reported_at), "done"),
            (str(STATES[state][0]), day_short(deviation.closed_at), "current"),
        ]
    place = {
        DeviationState.REPORTED: 1,
        DeviationState.ACKNOWLEDGED: 2,
        DeviationState.IN_PROGRESS: 2,
        DeviationState.ACTIONS_UNDER_WAY: 2,
        DeviationState.AWAITING_EVALUATION: 3,
        DeviationState.CLOSED: 5,
    }[state]
    words = (_("Meldt"), _("Mottatt"), _("Tiltak"), _("Effekt sjekket"), _("Lukket"))
    items = []
    for number, text in enumerate(words[: len(order)]):
        note = ""
        if number == 0:
            note = day_short(deviation.reported_at)
        elif number == place and deviation.due_on is not None:
            note = _("frist %(day)s", day=day_short(deviation.due_on))
        elif number == len(words) - 1 and deviation.closed_at is not None:
            note = day_short(deviation.closed_at)
        looks = "done" if number < place else ("current" if number == place else "todo")
        items.append((text, note, looks))
    return items


def with_ids(form: Any, name: str) -> Any:
    """Give the fields ids of their own, since a page holds many forms with equal field names."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form


def _next_step(case: Case, viewer: Viewer, actions: list[ActionRow]) -> Step | None:
    deviation = case.deviation
    step = next_step(
        deviation.state,
        has_open_actions=any(action.state == ActionState.OPEN for action in actions),
        severity=deviation.severity,
        is_evaluated=deviation.evaluated_at is not None,
    )
    if step is None or not can_take_step(viewer, case.access, step):
        return None
    return step


def _forms_for(case: Case, viewer: Viewer, step: Step | None, form: Any) -> dict[Step, Any]:
    """Return the forms of the steps that the viewer may take; the refused one as it was sent."""
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
        if each == Step.ATTACH_FILE and viewer.id == deviation.reporter_id:
            # The reporter's own files are always open to both sides.
            del made.is_public
        _show_version(made, deviation.version)
        found[each] = with_ids(made, each)
    return found


def _more(offered: dict[Step, Any], has_open: bool, refused: Step | None) -> list[Step]:
    """Return the steps under "more"; those that open actions stand in the way of come later."""
    waits = {Step.CLOSE, Step.PLAN_EVALUATION} if has_open else set()
    return [step for step in MORE if step in offered and (step not in waits or step == refused)]


def _show_version(form: Any, version: int) -> None:
    """Put the version that the page shows in the form, also in one that was refused."""
    if "version" in form:
        form.version.data, form.version.raw_data = version, None


def _is_offered(case: Case, viewer: Viewer, step: Step) -> bool:
    if not can_take_step(viewer, case.access, step):
        return False
    if step == Step.NOT_SOLVED:
        deviation = case.deviation
        return may_say_not_solved(
            deviation.state, deviation.closed_at, has_said=deviation.has_said_not_solved, at=now()
        )
    return True


def _talk_form(case: Case, viewer: Viewer, step: Step | None, form: Any) -> Any:
    """Return the form below the timeline: the reporter's, the handler's, or none."""
    if step in (Step.MESSAGE, Step.REPLY, Step.NOTE) and form is not None:
        return with_ids(form, "talk")
    if can_take_step(viewer, case.access, Step.MESSAGE):
        return with_ids(forms.HandlerMessageForm(formdata=None), "talk")
    if can_take_step(viewer, case.access, Step.REPLY) or can_take_step(
        viewer, case.access, Step.NOTE
    ):
        return with_ids(forms.MessageForm(formdata=None), "talk")
    return None


def _line(entry: EntryRow, *, is_anonymous: bool) -> StoryLine:
    by_reporter = is_anonymous and entry.author_id is None and entry.code in REPORTER_CODES
    who = entry.author_name or (_("Anonym melder") if by_reporter else _("Systemet"))
    action = event_words(entry.code, entry.params)
    if entry.leader_name:
        action = _("%(what)s på vegne av %(name)s", what=action, name=entry.leader_name)
    return StoryLine(
        who=who,
        initials="".join(part[0] for part in who.split()[:2]),
        action=action,
        at=entry.at,
        text=entry.text,
        kind=entry.kind,
        icon=EVENT_ICONS.get(entry.code, "Clock"),
    )


def _procedure_title(deviation: Deviation) -> str | None:
    number = deviation.procedure_number
    return find_document_title(number) if number else None
