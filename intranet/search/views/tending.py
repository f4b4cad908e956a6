"""The pages of those who tend the search, and what a reader answers about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.search import tended
from intranet.search.actions import Outcome, forget_question, note_question
from intranet.search.policy import can_tend_search
from intranet.search.views.asked import typed_text
from intranet.search.views.blueprint import blueprint
from intranet.web.access import requires

_SHOWN = {"uten-treff": "missed", "svar": "answered"}


@blueprint.post("/sok/svar")
@requires()
def answer_feedback() -> Response:
    """Count whether somebody found what they looked for, without who it was."""
    text = typed_text(request.form)
    helped = request.form.get("svar") == "ja"
    with transaction():
        note_question(text, Outcome.HELPED if helped else Outcome.FAILED)
    if helped:
        flash(_("Takk for svaret."))
    else:
        flash(
            _(
                "Takk. Svaret går til dem som steller med søket, uten navnet ditt. Prøv gjerne "
                "andre ord, eller spør lederen din."
            )
        )
    return redirect(url_for("search.show_search", q=text))


@blueprint.get("/sok/sporsmal")
@requires(can_tend_search)
def list_questions() -> str:
    """Show what was asked for and not found, and what readers answered."""
    shown = request.args.get("vis", "")
    return render_template(
        "search/list_questions.html",
        shown=shown if shown in _SHOWN else "",
        questions=tended.list_questions(_SHOWN.get(shown, "")),
        most=tended.MOST_SHOWN,
    )


@blueprint.post("/sok/sporsmal/<int:asked_id>/fjern")
@requires(can_tend_search)
def remove_question(asked_id: int) -> Response:
    """Take a question off the list."""
    with transaction():
        forget_question(asked_id)
    flash(_("Spørsmålet er tatt av lista."))
    return redirect(url_for("search.list_questions"))
