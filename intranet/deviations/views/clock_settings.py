"""The administrator's page of statutory clocks: which there are, from when, to whom."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import clock_rules as actions
from intranet.deviations.clock_forms import ClockRuleForm
from intranet.deviations.clock_models import ClockDefinition
from intranet.deviations.clocks import Limit
from intranet.deviations.queries.clocks import get_definition, list_definitions
from intranet.deviations.type_policy import edits_clock_rules
from intranet.deviations.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.get("/administrasjon/avvik/klokker")
@requires(edits_clock_rules)
def show_clock_rules() -> str:
    """List the rules by what starts them; `type` says whose are unfolded."""
    return render_template(
        "deviations/show_clock_rules.html",
        rules=list_definitions(),
        unfolded=request.args.get("type", ""),
    )


@blueprint.route("/administrasjon/avvik/klokker/<int:definition_id>", methods=["GET", "POST"])
@requires(edits_clock_rules)
def edit_clock_rule(definition_id: int) -> Any:
    """Correct one rule, or let a new one follow it."""
    row = get_definition(definition_id)
    kind = row.kind
    form = ClockRuleForm(obj=row)
    if not form.is_submitted():
        return _page(row, form, 200)
    if not form.validate():
        return _page(row, form, 422)
    viewer = current_viewer()
    act = actions.add_successor if request.form.get("step") == "follow" else actions.change_rule
    version = -1 if form.version.data is None else int(form.version.data)
    try:
        with transaction():
            act(get_definition(definition_id), _values_of(form), actor=viewer, version=version)
    except (InvalidInput, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return _page(get_definition(definition_id), form, status)
    flash(_("Lagret. Frister som alt løper, beholder regelen de startet med."), "success")
    return redirect(url_for("deviations.show_clock_rules", type=kind))


def _values_of(form: Any) -> actions.RuleValues:
    return actions.RuleValues(
        law=form.law.data,
        recipient=form.recipient.data,
        limit=Limit(form.limit.data),
        amount=form.amount.data,
        is_own=form.is_own.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        is_active=form.is_active.data,
    )


def _page(row: ClockDefinition, form: Any, status: int) -> tuple[str, int]:
    if status != 200:
        form.version.data, form.version.raw_data = row.version, None
    page = render_template(
        "deviations/edit_clock_rule.html", rule=row, form=form, form_has_errors=status != 200
    )
    return page, status
