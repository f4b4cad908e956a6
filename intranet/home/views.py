"""The front page, my tasks, preferences, and what is wrong on a page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.setting_policy import can_read_settings
from intranet.extensions import db
from intranet.home import actions, administration, front_page, queries
from intranet.home.forms import ReportPageProblemForm
from intranet.news.queries.front_page import article_url
from intranet.notifications.queries import crisis_words
from intranet.web.access import current_viewer, find_viewer, public, requires
from intranet.web.i18n import LANGUAGE_COOKIE, LANGUAGES
from intranet.web.redirects import internal_url
from intranet.web.template_globals import COLOUR_COOKIE

blueprint = Blueprint("home", __name__)

YEAR_SECONDS = 365 * 24 * 3600
TASKS_ON_FRONT_PAGE = 5


@blueprint.app_context_processor
def add_counts() -> dict[str, Any]:
    """Give the layout the number behind the bell, and what every page says in a crisis."""
    viewer = find_viewer()
    if viewer is None:
        return {"notice_count": 0, "crisis": None}
    crisis = viewer.crisis_id and crisis_words(str(db.engine.url), viewer.crisis_id)
    return {"notice_count": viewer.unread_notices, "crisis": crisis}


@blueprint.get("/")
@requires()
def show_front_page() -> str:
    """Greet, search, report; what waits for me; what is new."""
    viewer = current_viewer()
    tasks, page = queries.list_tasks_for(viewer), front_page.compose(viewer)
    shown = {article_url(article.id) for article in page.news.need_to_know}
    return render_template(
        "home/show_front_page.html",
        viewer=viewer,
        # Nothing twice: what one needs to know stands below by itself.
        tasks=[task for task in tasks if task.url not in shown][:TASKS_ON_FRONT_PAGE],
        task_count=len(tasks),
        page=page,
    )


@blueprint.get("/mine-oppgaver")
@requires()
def list_my_tasks() -> str:
    """Show everything that waits for me."""
    tasks = queries.list_tasks_for(current_viewer())
    return render_template("home/list_my_tasks.html", tasks=tasks)


@blueprint.get("/administrasjon")
@requires(can_read_settings)
def show_administration() -> str:
    """List what can be set for the whole municipality, and what is worth a look."""
    viewer = current_viewer()
    return render_template(
        "home/show_administration.html",
        groups=administration.list_places(viewer),
        concerns=administration.list_concerns(viewer),
    )


@blueprint.get("/tilgjengelighet")
@public
def show_accessibility_statement() -> str:
    """Show the accessibility statement."""
    return render_template("home/show_accessibility_statement.html")


@blueprint.get("/personvern")
@public
def show_privacy() -> str:
    """Tell what the portal stores about its users."""
    return render_template("home/show_privacy.html")


@blueprint.post("/innstillinger")
@public
def set_preferences() -> Response:
    """Remember language and appearance: in the browser, and on the person when logged in."""
    language = request.form.get("language", "")
    scheme = request.form.get("colour_scheme", "")
    response = redirect(internal_url(request.form.get("next", "")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    chosen = {
        LANGUAGE_COOKIE: (language, LANGUAGES),
        COLOUR_COOKIE: (scheme, actions.COLOUR_SCHEMES),
    }
    for cookie, (value, allowed) in chosen.items():
        if value in allowed:
            response.set_cookie(
                cookie, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
            )
    viewer = find_viewer()
    if viewer is not None:
        known = language if language in LANGUAGES else ""
        with transaction():
            actions.set_preferences(actor=viewer, language=known, colour_scheme=scheme)
    return response  # type: ignore[return-value]


@blueprint.route("/feil-paa-siden", methods=["GET", "POST"])
@requires()
def report_page_problem() -> Response | str | tuple[str, int]:
    """Let anybody say what is wrong on a page."""
    form = ReportPageProblemForm(page=request.args.get("side", "")[:300])
    if form.validate_on_submit():
        page = internal_url(form.page.data or "")
        with transaction():
            actions.report_page_problem(page, form.what.data, actor=current_viewer())
        flash(_("Takk! Den som har ansvar for portalen, har fått meldingen."))
        return redirect(page)  # type: ignore[return-value]
    status = 422 if form.is_submitted() else 200
    return render_template("home/report_page_problem.html", form=form), status


@blueprint.get("/feil-paa-siden/meldte")
@requires(queries.can_see_page_problems)
def list_page_problems() -> str:
    """Show the administrators what people have said is wrong."""
    return render_template("home/list_page_problems.html", problems=queries.list_page_problems())


@blueprint.post("/feil-paa-siden/<int:problem_id>/ferdig")
@requires(queries.can_see_page_problems)
def finish_page_problem(problem_id: int) -> Response:
    """Take a message off the list."""
    with transaction():
        problem = queries.get_page_problem(problem_id)
        actions.finish_page_problem(problem, actor=current_viewer())
    return redirect(url_for("home.list_page_problems"))  # type: ignore[return-value]
