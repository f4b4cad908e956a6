"""The pages on which the administrator sets deadlines, copies and causes of all deviations."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.deviations import setting_forms as forms
from intranet.deviations.actions import settings as actions
from intranet.deviations.follow_up_models import FollowUpTemplate
from intranet.deviations.models import CopyRule, DeadlineSetting, DeviationCause
from intranet.deviations.queries import setting_pages as queries
from intranet.deviations.queries.follow_up import list_templates
from intranet.deviations.queries.settings import list_causes, read_categories
from intranet.deviations.setting_policy import can_edit_settings, can_read_settings
from intranet.deviations.severity import Severity
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.setting_editing import Values, edit_setting
from intranet.deviations.words import SEVERITIES, in_language
from intranet.web.access import current_viewer, requires

EVERY = ""


@blueprint.get("/administrasjon/avvik/frister")
@requires(can_read_settings)
def list_deadlines() -> str:
    """Show the working days of each severity."""
    return render_template(
        "deviations/list_deadlines.html",
        rows=queries.list_deadline_rows(),
        severity_of=Severity.of_rank,
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/frister/<int:rank>", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_deadline(rank: int) -> Any:
    """Change the working days of one severity."""
    queries.get_setting(DeadlineSetting, rank)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(DeadlineSetting, rank)
        actions.change_deadline(fresh, values, version=version, actor=actor)
        return url_for("deviations.list_deadlines")

    title = _("Frister: %(severity)s", severity=SEVERITIES[Severity.of_rank(rank)][0])
    crumb = (url_for("deviations.list_deadlines"), _("Frister"))
    return edit_setting(_deadline_form, save, title, crumb, DeadlineSetting, rank)


@blueprint.get("/administrasjon/avvik/kopi")
@requires(can_read_settings)
def list_copy_rules() -> str:
    """Show who is copied on what."""
    return render_template(
        "deviations/list_copy_rules.html",
        rows=queries.list_copy_rule_rows(),
        names={row.key: in_language(row.words) for row in read_categories().categories},
        severity_of=Severity.of_rank,
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/kopi/ny", methods=["GET", "POST"])
@requires(can_edit_settings)
def add_copy_rule() -> Any:
    """Add a rule of copies."""

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        actions.add_copy_rule(_category_or_none(values), actor=actor)
        return url_for("deviations.list_copy_rules")

    crumb = (url_for("deviations.list_copy_rules"), _("Kopi"))
    return edit_setting(_copy_form, save, _("Ny regel for kopi"), crumb)


@blueprint.route("/administrasjon/avvik/kopi/<int:rule_id>", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_copy_rule(rule_id: int) -> Any:
    """Change a rule of copies."""
    queries.get_setting(CopyRule, rule_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(CopyRule, rule_id)
        actions.change_copy_rule(fresh, _category_or_none(values), version=version, actor=actor)
        return url_for("deviations.list_copy_rules")

    crumb = (url_for("deviations.list_copy_rules"), _("Kopi"))
    return edit_setting(_copy_form, save, _("Endre regel for kopi"), crumb, CopyRule, rule_id)


@blueprint.get("/administrasjon/avvik/arsaker")
@requires(can_read_settings)
def list_cause_codes() -> str:
    """Show the causes that handlers choose from."""
    return render_template(
        "deviations/list_cause_codes.html",
        causes=list_causes(),
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/arsaker/ny", methods=["GET", "POST"])
@requires(can_edit_settings)
def add_cause() -> Any:
    """Add a cause."""

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        actions.add_cause(values, actor=actor)
        return url_for("deviations.list_cause_codes")

    crumb = (url_for("deviations.list_cause_codes"), _("Årsaker"))
    return edit_setting(_cause_form, save, _("Ny årsak"), crumb)


@blueprint.route("/administrasjon/avvik/arsaker/<int:cause_id>", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_cause(cause_id: int) -> Any:
    """Change a cause."""
    row = queries.get_setting(DeviationCause, cause_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(DeviationCause, cause_id)
        actions.change_cause(fresh, values, version=version, actor=actor)
        return url_for("deviations.list_cause_codes")

    crumb = (url_for("deviations.list_cause_codes"), _("Årsaker"))
    return edit_setting(_cause_form, save, row.name_nb, crumb, DeviationCause, cause_id)


@blueprint.get("/administrasjon/avvik/oppfolging")
@requires(can_read_settings)
def list_follow_up_templates() -> str:
    """Show what is proposed for the follow-up of employees, by kind of event."""
    return render_template(
        "deviations/list_follow_up_templates.html",
        rows=list_templates(),
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/oppfolging/ny", methods=["GET", "POST"])
@requires(can_edit_settings)
def add_follow_up_template() -> Any:
    """Add a proposal."""

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        actions.add_follow_up(values, actor=actor)
        return url_for("deviations.list_follow_up_templates")

    crumb = (url_for("deviations.list_follow_up_templates"), _("Oppfølging"))
    return edit_setting(_follow_up_form, save, _("Nytt forslag"), crumb)


@blueprint.route("/administrasjon/avvik/oppfolging/<int:template_id>", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_follow_up_template(template_id: int) -> Any:
    """Change a proposal."""
    queries.get_setting(FollowUpTemplate, template_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(FollowUpTemplate, template_id)
        actions.change_follow_up(fresh, values, version=version, actor=actor)
        return url_for("deviations.list_follow_up_templates")

    crumb = (url_for("deviations.list_follow_up_templates"), _("Oppfølging"))
    title = _("Endre forslaget")
    return edit_setting(_follow_up_form, save, title, crumb, FollowUpTemplate, template_id)


def _follow_up_form(row: FollowUpTemplate | None, **options: Any) -> forms.FollowUpForm:
    return forms.FollowUpForm(obj=row, **options)


def _category_or_none(values: Values) -> Values:
    return {**values, "category": values["category"] or None}


def _deadline_form(row: DeadlineSetting | None, **options: Any) -> forms.DeadlineForm:
    return forms.DeadlineForm(obj=row, **options)


def _copy_form(row: CopyRule | None, **options: Any) -> forms.CopyRuleForm:
    form = forms.CopyRuleForm(obj=row, **options)
    form.category.choices = [
        SelectChoice(EVERY, _("Alle typer")),
        *(
            SelectChoice(each.key, in_language(each.words))
            for each in read_categories().categories
            if each.is_active or (row is not None and row.category == each.key)
        ),
    ]
    # The row says None where the select says "".
    form.category.data = form.category.data if form.category.data not in (None, "None") else EVERY
    return form


def _cause_form(row: DeviationCause | None, **options: Any) -> forms.CauseForm:
    form = forms.CauseForm(obj=row, **options)
    form.parent_id.choices = [
        SelectChoice("", _("Øverst i lista")),
        *(
            SelectChoice(each.id, in_language(each.words))
            for each in list_causes()
            if each.parent_id is None and (row is None or each.id != row.id)
        ),
    ]
    return form
