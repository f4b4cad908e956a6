"""The pages of those who tend the search, and what a reader answers about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.search import queries, tended, tending_actions
from intranet.search.actions import Outcome, forget_question, note_question
from intranet.search.errors import IndexUnavailable
from intranet.search.forms import AddSynonymsForm, PinAnswerForm
from intranet.search.kinds import LOOKS
from intranet.search.policy import can_tend_search
from intranet.search.views.asked import typed_text
from intranet.search.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import text_parameter
from intranet.web.forms import add_to_form

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


@blueprint.get("/sok/hvorfor")
@requires(can_tend_search)
def explain_hit() -> str | tuple[str, int]:
    """Show why a hit stands where it stands, for the one who asks."""
    text, key = typed_text(), text_parameter("treff", 200)
    try:
        found = queries.explain_hit(current_viewer(), text, key)
    except IndexUnavailable:
        return render_template("search/show_search.html", text=text, is_building=True), 503
    return render_template("search/explain_hit.html", text=text, found=found)


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


@blueprint.route("/sok/synonymer", methods=["GET", "POST"])
@requires(can_tend_search)
def list_synonyms() -> Response | str | tuple[str, int]:
    """Show the municipality's own words of one meaning, and add to them."""
    form = AddSynonymsForm()
    if request.method == "GET":
        form.words.data = form.words.data or text_parameter("ord", 600)
    elif form.validate():
        try:
            with transaction():
                added = tending_actions.add_synonyms(form.words.data, actor=current_viewer()).words
        except InvalidInput as error:
            add_to_form(form, error)
        else:
            flash(_("Fra nå av finner disse hverandre: %(words)s.", words=added))
            return redirect(url_for("search.list_synonyms"))
    page = render_template("search/list_synonyms.html", form=form, groups=tended.list_groups())
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/sok/synonymer/<int:synonym_id>/fjern")
@requires(can_tend_search)
def remove_synonyms(synonym_id: int) -> Response:
    """Take a line out."""
    with transaction():
        tending_actions.remove_synonyms(tended.get_group(synonym_id), actor=current_viewer())
    flash(_("Linjen er fjernet."))
    return redirect(url_for("search.list_synonyms"))


@blueprint.get("/sok/festede")
@requires(can_tend_search)
def list_pins() -> str:
    """Show the answers that are fastened to questions, those that lead nowhere too."""
    return render_template("search/list_pins.html", pins=tended.list_pins(current_viewer()))


@blueprint.route("/sok/festede/ny", methods=["GET", "POST"])
@requires(can_tend_search)
def pin_answer() -> Response | str | tuple[str, int]:
    """Find the answer among the hits, or write a page's address, and fasten it to a question."""
    viewer, form = current_viewer(), PinAnswerForm()
    if request.method == "GET":
        form.question.data = form.question.data or text_parameter("q", 200)
    elif form.validate():
        try:
            with transaction():
                tending_actions.pin_answer(
                    form.question.data, form.target.data, form.title.data or "", actor=viewer
                )
        except InvalidInput as error:
            add_to_form(form, error)
        else:
            flash(_("Svaret er festet."))
            return redirect(url_for("search.show_search", q=form.question.data))
    words = text_parameter("finn", 200) or form.question.data or ""
    page = render_template(
        "search/pin_answer.html", form=form, words=words, hits=_hits(viewer, words), looks=LOOKS
    )
    return (page, 422) if form.is_submitted() else page


def _hits(viewer: Viewer, words: str) -> tuple[queries.Hit, ...]:
    try:
        return queries.find_hits(viewer, words).hits
    except IndexUnavailable:
        return ()


@blueprint.post("/sok/festede/<int:pin_id>/fjern")
@requires(can_tend_search)
def unpin_answer(pin_id: int) -> Response:
    """Let an answer be a hit like others."""
    with transaction():
        tending_actions.unpin_answer(tended.get_pin(pin_id), actor=current_viewer())
    flash(_("Svaret er ikke festet lenger."))
    return redirect(url_for("search.list_pins"))


@blueprint.post("/sok/sporsmal/<int:asked_id>/fjern")
@requires(can_tend_search)
def remove_question(asked_id: int) -> Response:
    """Take a question off the list."""
    with transaction():
        forget_question(asked_id)
    flash(_("Spørsmålet er tatt av lista."))
    return redirect(url_for("search.list_questions"))
