"""Judging a case: its risk, its causes, closing it, confidentiality, correcting the report."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.core.word_diff import compare_texts
from intranet.deviations.actions import causes, ending, judge
from intranet.deviations.forms import CausesForm
from intranet.deviations.judging_forms import CorrectForm
from intranet.deviations.policy import can_take_step
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.causes import list_chosen
from intranet.deviations.queries.corrections import list_corrections_for
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.opening import open_case
from intranet.deviations.views.step_forms import with_ids
from intranet.deviations.views.steps import take
from intranet.deviations.words import TEXTS
from intranet.deviations.workflow import Step
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.post("/avvik/<int:number>/risiko")
@requires()
def assess_risk(number: int) -> Any:
    """Say how grave it can be and how often it can happen."""
    return take(
        number,
        Step.ASSESS_RISK,
        lambda c, f, k: judge.assess_risk(c, f.consequence.data, f.probability.data, **k),
    )


@blueprint.post("/avvik/<int:number>/arsaker")
@requires()
def set_causes(number: int) -> Any:
    """Say why it happened."""
    case = get_deviation_for(current_viewer(), number)
    return take(
        number,
        Step.SET_CAUSES,
        lambda c, f, k: causes.set_causes(c, f.causes.data or [], f.cause_note.data or "", **k),
        CausesForm(kept=list_chosen(case.deviation.id)),
    )


@blueprint.post("/avvik/<int:number>/lukk")
@requires()
def close(number: int) -> Any:
    """End the case with an answer."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        found, note = form.causes.data or [], form.cause_note.data or ""
        if found or note:
            causes.set_causes(case, found, note, **common)
            # The version that the page showed was the one before.
            common = {**common, "version": None}
        ending.close_deviation(case, form.answer.data, **common)

    return take(number, Step.CLOSE, act)


@blueprint.post("/avvik/<int:number>/fortrolig")
@requires()
def set_confidential(number: int) -> Any:
    """Make the case confidential, or take that back; the page's version says which."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        wanted = not case.deviation.is_confidential
        judge.set_confidential(case, form.reason.data, is_confidential=wanted, **common)

    return take(number, Step.SET_CONFIDENTIAL, act)


@blueprint.get("/avvik/<int:number>/rettelser")
@requires()
def show_corrections(number: int) -> Any:
    """Show what the texts said before, and let the handler correct them."""
    viewer = current_viewer()
    return _render(viewer, open_case(viewer, number))


@blueprint.post("/avvik/<int:number>/rettelser/<any(what, immediate_action):field>")
@requires()
def correct(number: int, field: str) -> Any:
    """Put another text in place of one that was reported."""
    viewer, form = current_viewer(), CorrectForm()
    case = get_deviation_for(viewer, number)
    if not form.validate():
        return _render(viewer, case, field, form, 422)
    version = -1 if form.version.data is None else form.version.data
    try:
        with transaction():
            judge.correct_text(
                get_deviation_for(viewer, number),
                field,
                form.text.data,
                form.reason.data,
                actor=viewer,
                version=version,
            )
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return _render(viewer, get_deviation_for(viewer, number), field, form, status)
    flash(_("Teksten er rettet. Den opprinnelige er tatt vare på."), "success")
    return redirect(url_for("deviations.show_corrections", number=number))


def _render(
    viewer: Viewer, case: Case, refused: str = "", form: Any = None, status: int = 200
) -> tuple[str, int]:
    deviation, offered = case.deviation, {}
    if can_take_step(viewer, case.access, Step.CORRECT):
        for field in TEXTS:
            if not getattr(deviation, field):
                continue
            made = form if field == refused else CorrectForm(formdata=None)
            if field != refused:
                made.text.data = getattr(deviation, field)
            made.version.data, made.version.raw_data = deviation.version, None
            offered[field] = with_ids(made, field)
    corrections = list_corrections_for(viewer, case)
    page = render_template(
        "deviations/show_corrections.html",
        deviation=deviation,
        corrections=[(each, compare_texts(each.before, each.after)) for each in corrections],
        forms=offered,
        refused=refused,
        text_words=TEXTS,
        form_has_errors=status != 200,
    )
    return page, status
