"""The pages on which the administrator sets categories and their questions."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.deviations import setting_forms as forms
from intranet.deviations.actions import settings as actions
from intranet.deviations.models import DeviationCategory, DeviationQuestion
from intranet.deviations.proposals import Meaning
from intranet.deviations.queries import setting_pages as queries
from intranet.deviations.queries.settings import question_of, read_categories
from intranet.deviations.setting_policy import can_edit_settings, can_read_settings
from intranet.deviations.severity import assess_severity
from intranet.deviations.type_words import meaning_words
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.setting_editing import Values, edit_setting
from intranet.deviations.words import SEVERITIES
from intranet.web.access import current_viewer, requires


@blueprint.get("/administrasjon/avvik/typer")
@requires(can_read_settings)
def list_categories() -> str:
    """Show the categories with their questions and what each tick means."""
    questions = queries.list_question_rows()
    return render_template(
        "deviations/list_categories.html",
        categories=queries.list_category_rows(),
        questions=questions,
        meaning_of=_meaning_of,
        proposal_of=_proposal_of,
        cases=queries.count_cases_by_category(),
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.get("/administrasjon/avvik/typer/<int:category_id>")
@requires(can_read_settings)
def show_category(category_id: int) -> str:
    """Show a category, where it is used, and what ticks would make of the severity."""
    row = queries.get_setting(DeviationCategory, category_id)
    settings = read_categories()
    category = settings.by_key[row.key]
    ticked = [name for name in request.args.getlist("svar") if len(name) < 50]
    return render_template(
        "deviations/show_category.html",
        row=row,
        category=category,
        questions=queries.list_question_rows().get(row.id, []),
        meaning_of=_meaning_of,
        proposal_of=_proposal_of,
        cases=queries.count_cases_by_category().get(row.key, (0, 0)),
        rules=queries.names_in_copy_rules(row.key),
        ticked=ticked,
        outcome=assess_severity(settings.table, row.key, ticked),
        may_edit=can_edit_settings(current_viewer()),
    )


@blueprint.route("/administrasjon/avvik/typer/ny", methods=["GET", "POST"])
@requires(can_edit_settings)
def add_category() -> Any:
    """Add a category; its questions come next."""

    def make(_row: Any, **options: Any) -> Any:
        form = forms.CategorySettingForm(**options)
        del form.is_active
        return form

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        made = actions.add_category(values, actor=actor)
        return url_for("deviations.show_category", category_id=made.id)

    return edit_setting(make, save, _("Ny type avvik"), _categories_crumb())


@blueprint.route("/administrasjon/avvik/typer/<int:category_id>/rediger", methods=["GET", "POST"])
@requires(can_edit_settings)
def edit_category(category_id: int) -> Any:
    """Change a category, or take it into or out of use."""
    row = queries.get_setting(DeviationCategory, category_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(DeviationCategory, category_id)
        actions.change_category(fresh, values, version=version, actor=actor)
        return url_for("deviations.show_category", category_id=category_id)

    crumb = _categories_crumb()
    return edit_setting(_category_form, save, row.name_nb, crumb, DeviationCategory, category_id)


@blueprint.route(
    "/administrasjon/avvik/typer/<int:category_id>/sporsmal/ny", methods=["GET", "POST"]
)
@requires(can_edit_settings)
def add_question(category_id: int) -> Any:
    """Add a question to a category."""
    category = queries.get_setting(DeviationCategory, category_id)

    def save(values: Values, _version: int | None, actor: Viewer) -> str:
        fresh = queries.get_setting(DeviationCategory, category_id)
        actions.add_question(fresh, _ranks(values), actor=actor)
        return url_for("deviations.show_category", category_id=category_id)

    return edit_setting(_question_form, save, _("Nytt spørsmål"), _category_crumb(category))


@blueprint.route(
    "/administrasjon/avvik/typer/<int:category_id>/sporsmal/<int:question_id>",
    methods=["GET", "POST"],
)
@requires(can_edit_settings)
def edit_question(category_id: int, question_id: int) -> Any:
    """Change a question."""
    category = queries.get_setting(DeviationCategory, category_id)
    queries.get_question(category_id, question_id)

    def save(values: Values, version: int | None, actor: Viewer) -> str:
        actions.change_question(
            queries.get_question(category_id, question_id),
            queries.get_setting(DeviationCategory, category_id),
            _ranks(values),
            version=version,
            actor=actor,
        )
        return url_for("deviations.show_category", category_id=category_id)

    crumb = _category_crumb(category)
    title = _("Endre spørsmål")
    return edit_setting(_question_form, save, title, crumb, DeviationQuestion, question_id)


def _ranks(values: Values) -> Values:
    """Return the values with the choice of what a tick means as the two ranks of the row."""
    kind, _dot, rank = values.pop("means").partition(".")
    lifts = kind == "raises"
    return {
        **values,
        "means_rank": 0 if lifts else int(rank),
        "raises_to_rank": int(rank) if lifts else None,
    }


def _meaning_of(row: DeviationQuestion) -> str:
    rule = question_of(row).rule
    if rule.raises_to is not None:
        words = SEVERITIES[rule.raises_to][0]
        return _("Ett trinn opp, høyst til «%(severity)s»", severity=words)
    return _("Minst «%(severity)s»", severity=SEVERITIES[rule.means][0])


def _proposal_of(row: DeviationCategory | DeviationQuestion) -> str:
    """Return what the row proposes that it was, in words; empty when nothing."""
    meaning = Meaning.read(row.proposes)
    return "" if meaning is None else str(meaning_words(meaning))


def _category_form(row: DeviationCategory | None, **options: Any) -> forms.CategorySettingForm:
    return forms.CategorySettingForm(obj=row, **options)


def _question_form(row: DeviationQuestion | None, **options: Any) -> forms.QuestionForm:
    if row is None:
        return forms.QuestionForm(**options)
    lifts = row.raises_to_rank is not None
    meaning = f"raises.{row.raises_to_rank}" if lifts else f"means.{row.means_rank}"
    return forms.QuestionForm(obj=row, data={"means": meaning}, **options)


def _categories_crumb() -> tuple[str, str]:
    return url_for("deviations.list_categories"), _("Typer avvik")


def _category_crumb(category: DeviationCategory) -> tuple[str, str]:
    return url_for("deviations.show_category", category_id=category.id), category.name_nb
