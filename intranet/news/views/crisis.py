"""The page where a notice of a crisis is written, approved and ended."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import InvalidInput
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions import crisis as actions
from intranet.news.crisis_forms import RaiseCrisisForm
from intranet.news.policy import can_raise_crisis
from intranet.news.queries import crisis as queries
from intranet.news.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

ALONE = "alone"


@blueprint.route("/nyheter/krisemelding", methods=["GET", "POST"])
@requires(can_raise_crisis)
def raise_crisis() -> Any:
    """Show the notices; write one and have it approved, or publish it alone with a reason."""
    form = RaiseCrisisForm()
    send_key = form.ensure_key()
    if not form.is_submitted():
        return _render(form)
    if not form.validate():
        return _render(form, 422)
    words: dict[str, Any] = {
        "title": form.title.data or "",
        "text": form.text.data or "",
        "sends_mail": bool(form.sends_mail.data),
        "send_key": send_key,
        "actor": current_viewer(),
    }
    try:
        with transaction():
            if request.form.get("step") == ALONE:
                actions.raise_crisis_alone(reason=form.alone_reason.data or "", **words)
            else:
                actions.propose_crisis(**words)
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return _render(form, 422)
    return redirect(url_for("news.raise_crisis"))


@blueprint.post("/nyheter/krisemelding/<int:crisis_id>/godkjenn")
@requires(can_raise_crisis)
def approve_crisis(crisis_id: int) -> AnyResponse:
    """Put what another has written on every page."""
    with transaction():
        actions.approve_crisis(queries.get_crisis(crisis_id), actor=current_viewer())
    return redirect(url_for("news.raise_crisis"))


@blueprint.post("/nyheter/krisemelding/<int:crisis_id>/avslutt")
@requires(can_raise_crisis)
def end_crisis(crisis_id: int) -> AnyResponse:
    """Take a notice off every page, or turn a proposal down."""
    with transaction():
        actions.end_crisis(queries.get_crisis(crisis_id), actor=current_viewer())
    return redirect(url_for("news.raise_crisis"))


def _render(form: RaiseCrisisForm, status: int = 200) -> tuple[str, int]:
    return (
        render_template("news/raise_crisis.html", form=form, crises=queries.list_crises()),
        status,
    )
