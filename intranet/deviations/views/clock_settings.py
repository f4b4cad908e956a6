"""The administrator's page of statutory clocks: which there are, from when, to whom."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import clock_rules as actions
from intranet.deviations.actions import settings as setting_actions
from intranet.deviations.clock_forms import ClockRuleForm
from intranet.deviations.clock_models import AuthorityNumber, ClockDefinition
from intranet.deviations.clocks import Limit
from intranet.deviations.queries.clocks import get_definition, list_definitions, list_numbers
from intranet.deviations.queries.setting_pages import get_setting
from intranet.deviations.setting_forms import AuthorityNumberForm
from intranet.deviations.setting_policy import can_edit_settings, can_read_settings
from intranet.deviations.type_policy import edits_clock_rules
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.setting_editing import Values, edit_setting
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


@blueprint.get("/administrasjon/avvik/telefon")
@requires(can_read_settings)
def list_authority_numbers() -> str:
    """Show whom cases say to call, by kind of event."""
    return render_template(
        "deviations/list_authority_numbers.html",
        rows=list_numbers(),
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/telefon/nytt", methods=["GET", "POST"])
@requires(can_edit_settings)
def add_authority_number() -> Any:
    """Add a telephone number."""

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        setting_actions.add_number(values, actor=actor)
        return url_for("deviations.list_authority_numbers")

    return edit_setting(_number_form, save, _("Nytt telefonnummer"), _numbers_crumb())


@blueprint.route("/administrasjon/avvik/telefon/<int:number_id>", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_authority_number(number_id: int) -> Any:
    """Change a telephone number."""
    row = get_setting(AuthorityNumber, number_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = get_setting(AuthorityNumber, number_id)
        setting_actions.change_number(fresh, values, version=version, actor=actor)
        return url_for("deviations.list_authority_numbers")

    crumb = _numbers_crumb()
    return edit_setting(_number_form, save, row.name_nb, crumb, AuthorityNumber, number_id)


def _number_form(row: AuthorityNumber | None, **options: Any) -> AuthorityNumberForm:
    return AuthorityNumberForm(obj=row, **options)


def _numbers_crumb() -> tuple[str, str]:
    return url_for("deviations.list_authority_numbers"), _("Telefonnumre")


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
