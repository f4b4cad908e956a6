"""The short questions after the receipt: three or four ticks that say how serious it was."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions.questions import answer_questions, may_answer
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.report_forms import QuestionsForm, report_form_class
from intranet.deviations.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.route("/avvik/<int:number>/sporsmal", methods=["GET", "POST"])
@requires()
def ask_questions(number: int) -> Any:
    """Ask what the report did not say; the reporter answers or goes on without."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    form = report_form_class(load_categories(), QuestionsForm)(
        data={"version": case.deviation.version, "category": case.deviation.category}
    )
    if not form.is_submitted():
        if not may_answer(case, viewer):
            return redirect(url_for("deviations.show_deviation", number=number))
        return _render(case, form, 200)
    chosen = form.chosen_answers() if form.validate() else None
    if form.category.data is None or chosen is None:
        form.category.errors = [_("Velg en type.")]
        return _render(case, form, 422)
    try:
        with transaction():
            answer_questions(
                get_deviation_for(viewer, number),
                form.category.data,
                chosen,
                actor=viewer,
                version=-1 if form.version.data is None else form.version.data,
            )
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        return _render(get_deviation_for(viewer, number), form, 409)
    flash(_("Takk. Svarene er lagt til i avviket."), "success")
    return redirect(url_for("deviations.show_deviation", number=number))


def _render(case: Case, form: QuestionsForm, status: int) -> tuple[str, int]:
    form.version.data, form.version.raw_data = case.deviation.version, None
    page = render_template(
        "deviations/ask_questions.html",
        case=case,
        deviation=case.deviation,
        form=form,
        form_has_errors=status >= 400,
    )
    return page, status
