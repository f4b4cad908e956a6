"""Moving a deviation to whistleblowing: what it means, and why."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.headline import headline
from intranet.deviations.numbers import number_words
from intranet.deviations.policy import can_move_to_whistleblowing
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form
from intranet.whistleblowing import forms
from intranet.whistleblowing.actions.move import move_deviation as move
from intranet.whistleblowing.actions.opening import demand_recipients
from intranet.whistleblowing.queries.cases import list_recipients
from intranet.whistleblowing.views.blueprint import blueprint


@blueprint.route("/varsling/flytt/<int:number>", methods=["GET", "POST"])
@requires()
def move_deviation(number: int) -> Any:
    """Ask why, say what follows, and move it."""
    viewer = current_viewer()
    case = _case_for(viewer, number)
    demand_recipients()
    form = forms.MoveForm()
    recipients = [each for each in list_recipients() if each[0] != case.deviation.reporter_id]
    form.without_ids.choices = [SelectChoice(each, name) for each, name in recipients]
    if not form.is_submitted():
        form.version.data = case.deviation.version
        return _render(case, form, viewer)
    if not form.validate():
        return _render(case, form, viewer, 422)
    try:
        with transaction():
            whistle = move(
                _case_for(viewer, number),
                form.reason.data,
                without_ids=form.without_ids.data or (),
                actor=viewer,
                version=form.version.data or -1,
            )
            case_id, is_own = whistle.id, whistle.reporter_id == viewer.id
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        case = _case_for(viewer, number)
        form.version.data, form.version.raw_data = case.deviation.version, None
        return _render(case, form, viewer, 422 if isinstance(error, InvalidInput) else 409)
    if is_own:
        return redirect(url_for("whistleblowing.show_own", case_id=case_id))
    flash(_("Saken er flyttet til varsling. Snakk ikke om den med andre."), "success")
    return redirect(url_for("home.show_front_page"))


def _case_for(viewer: Viewer, number: int) -> Case:
    case = get_deviation_for(viewer, number)
    if not can_move_to_whistleblowing(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke flytte den."))
    return case


def _render(case: Case, form: forms.MoveForm, viewer: Viewer, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "whistleblowing/move_deviation.html",
        deviation=case.deviation,
        shown_number=number_words(case.deviation.number),
        title=headline(case.deviation.what),
        is_reporter=viewer.id == case.deviation.reporter_id,
        recipients=[name for _id, name in list_recipients()],
        form=form,
        form_has_errors=status >= 400,
    )
    return page, status
