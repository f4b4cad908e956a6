"""The page of one case: what the reporter reads, and what the handler works with."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.deviations import forms
from intranet.deviations.models import Deviation
from intranet.deviations.policy import (
    acts_for,
    can_move_to_whistleblowing,
    can_read_notes,
    can_read_originals,
    can_take_step,
    parties_of,
)
from intranet.deviations.queries import cases, links, openings, persons
from intranet.deviations.queries.cases import ActionRow, Case
from intranet.deviations.queries.causes import ChosenCause, list_chosen
from intranet.deviations.queries.forwards import find_forward_for
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.opening import open_case
from intranet.deviations.views.step_forms import (
    STEP_FORMS,
    endpoint_of,
    forms_for,
    list_more,
    talk_form,
)
from intranet.deviations.views.story import list_lacks, list_steps, story_line
from intranet.deviations.workflow import (
    ActionState,
    DeviationState,
    Party,
    Step,
    last_day_of_protest,
    next_step,
)
from intranet.library.queries.documents import find_document_title
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.kept_text import restored

_UNDECIDED = (DeviationState.REPORTED, DeviationState.ACKNOWLEDGED, DeviationState.IN_PROGRESS)


@blueprint.get("/avvik/<int:number>")
@requires()
def show_deviation(number: int) -> Any:
    """Show a case to whoever may see it."""
    viewer = current_viewer()
    try:
        case = open_case(viewer, number)
    except NotFound:
        forward = find_forward_for(viewer, number)
        if forward is None:
            raise
        return redirect(forward)
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
    actions = [] if is_reporter else cases.list_actions(deviation.id)
    next_up = _next_step(case, viewer, actions)
    step_forms = forms_for(case, viewer, step, form, chosen := _causes(deviation, is_reporter))
    page = render_template(
        "deviations/show_deviation.html",
        case=case,
        deviation=deviation,
        is_reporter=is_reporter,
        is_handler=Party.HANDLER in parties,
        lending=_lending(viewer, case),
        reads_notes=reads_notes,
        may_move=can_move_to_whistleblowing(viewer, case.access),
        may_forward=can_take_step(viewer, case.access, Step.FORWARD),
        steps=list_steps(deviation),
        story=_story(deviation, reads_notes),
        actions=actions,
        causes=chosen,
        files=cases.list_files(deviation.id, public_only=is_reporter),
        linked=[] if is_reporter else links.list_linked(viewer, deviation),
        similar=_similar(viewer, deviation, step_forms),
        next_up=next_up,
        may_correct=can_take_step(viewer, case.access, Step.CORRECT),
        may_read_originals=can_read_originals(viewer, case.access),
        lacks=list_lacks(deviation, actions) if Step.CLOSE in step_forms else [],
        opened=step or request.args.get("steg"),
        forms=step_forms,
        more=[each for each in list_more(step_forms, _has_open(actions), step) if each != next_up],
        refused=step,
        not_solved_until=_last_protest(deviation, step_forms),
        talk=talk_form(case, viewer, step, form),
        colleagues=_colleagues(case, step_forms),
        procedure_title=_procedure_title(deviation),
        openings=_openings(case, reads_notes),
        form_has_errors=status >= 400,
    )
    return page, status


def _story(deviation: Deviation, reads_notes: bool) -> list[Any]:
    entries = cases.list_entries(deviation.id, public_only=not reads_notes)
    return [story_line(entry, is_anonymous=deviation.is_anonymous) for entry in entries]


def _last_protest(deviation: Deviation, step_forms: Any) -> date | None:
    if Step.NOT_SOLVED not in step_forms or deviation.closed_at is None:
        return None
    return last_day_of_protest(deviation.closed_at)


def _causes(deviation: Deviation, is_reporter: bool) -> list[ChosenCause]:
    return [] if is_reporter else list_chosen(deviation.id)


def _has_open(actions: list[ActionRow]) -> bool:
    return any(action.state == ActionState.OPEN for action in actions)


def _lending(viewer: Viewer, case: Case) -> tuple[str, date] | None:
    """Return for whom the viewer has the case as stand-in, and until when; None in own right."""
    leader_id = acts_for(viewer, case.access)
    return persons.find_lending(leader_id, viewer.id) if leader_id is not None else None


def _similar(viewer: Viewer, deviation: Deviation, step_forms: dict[Step, Any]) -> list[Any]:
    """Return similar cases while it is still to be decided what to do with this one."""
    if Step.MERGE not in step_forms or deviation.state not in _UNDECIDED:
        return []
    return links.list_similar(viewer, deviation)


def _colleagues(case: Case, step_forms: dict[Step, Any]) -> list[str]:
    """Return the names to propose for an action."""
    needs = Step.ADD_ACTION in step_forms
    return persons.list_colleagues(case.access.unit_path) if needs else []


def _openings(case: Case, reads_notes: bool) -> list[openings.OpeningRow]:
    is_shown = reads_notes and case.deviation.is_confidential
    return openings.list_openings(case.deviation.id) if is_shown else []


def _next_step(case: Case, viewer: Viewer, actions: list[ActionRow]) -> Step | None:
    deviation = case.deviation
    step = next_step(
        deviation.state,
        has_open_actions=_has_open(actions),
        severity=deviation.severity,
        is_evaluated=deviation.evaluated_at is not None,
    )
    if step is None or not can_take_step(viewer, case.access, step):
        return None
    return step


def _procedure_title(deviation: Deviation) -> str | None:
    number = deviation.procedure_number
    return find_document_title(number) if number else None
