"""Several cases at once from the desk: one transaction for each, and a page of what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Viewer
from intranet.core.errors import IntranetError
from intranet.core.text import _, _l
from intranet.core.transaction import transaction
from intranet.deviations import forms
from intranet.deviations.actions import handle, links
from intranet.deviations.numbers import number_words
from intranet.deviations.queries import persons
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.desk import kept_filter
from intranet.web.access import current_viewer, requires

# As many as a page of the desk shows, and some more for whoever comes back with an older page.
_MOST = 50
_LARGEST = 2**62

HEADINGS = {
    "bekreft": _l("Bekreft mottatt"),
    "videresend": _l("Send videre"),
    "knytt": _l("Knytt sammen"),
}


@dataclass(frozen=True)
class Chosen:
    """A case that was ticked, and the version that the page showed."""

    number: int
    version: int

    @property
    def key(self) -> str:
        """What the checkbox sends."""
        return f"{self.number}.{self.version}"


@dataclass(frozen=True)
class Outcome:
    """What became of one case: done, or the words that say why not."""

    number: int
    refusal: str = ""


@blueprint.get("/avvik/flere")
@requires()
def show_desk_again() -> Response:
    """Lead back to the desk whoever comes to the address of a form, as after a new login."""
    kept: dict[str, Any] = dict(kept_filter())
    return redirect(url_for("deviations.show_desk", **kept))


@blueprint.post("/avvik/flere")
@requires()
def handle_many() -> Any:
    """Do the pressed thing with every ticked case, or ask for what it needs."""
    viewer, chosen, step = current_viewer(), _chosen(), request.form.get("gjor", "")
    if not chosen or step not in HEADINGS:
        flash(_("Kryss av for avvikene først. Så velger du hva du vil gjøre med dem."), "warning")
        return show_desk_again()
    if step == "videresend":
        return _render_forward(chosen, _forward_form())
    if step == "knytt":
        return _link(viewer, chosen)
    return _render_outcomes(step, _for_each(viewer, chosen, _acknowledge))


@blueprint.post("/avvik/flere/videresend")
@requires()
def forward_many() -> Any:
    """Give every chosen case to the same leader, with the same reason."""
    viewer, chosen, form = current_viewer(), _chosen(), _forward_form()
    if not chosen:
        return show_desk_again()
    if not form.validate():
        return _render_forward(chosen, form, 422)
    unit_id, reason = form.unit_id.data, form.reason.data

    def act(case: Case, version: int) -> None:
        handle.forward_deviation(case, unit_id, reason, actor=viewer, version=version)

    return _render_outcomes("videresend", _for_each(viewer, chosen, act))


def _acknowledge(case: Case, version: int) -> None:
    handle.acknowledge_deviation(case, actor=current_viewer(), version=version)


def _link(viewer: Viewer, chosen: list[Chosen]) -> Any:
    """Link every chosen case to the oldest of them."""
    first, *rest = sorted(chosen, key=lambda each: each.number)
    if not rest:
        flash(_("Kryss av for minst to avvik for å knytte dem sammen."), "warning")
        return show_desk_again()

    def act(case: Case, version: int) -> None:
        other = get_deviation_for(viewer, first.number)
        links.link_deviations(case, other, actor=viewer, version=version)

    return _render_outcomes("knytt", _for_each(viewer, rest, act), first.number)


def _for_each(
    viewer: Viewer, chosen: list[Chosen], act: Callable[[Case, int], None]
) -> list[Outcome]:
    """Act on each case in a transaction of its own: one refusal stops none of the others."""
    outcomes = []
    for each in chosen:
        try:
            with transaction():
                act(get_deviation_for(viewer, each.number), each.version)
        except IntranetError as error:
            outcomes.append(Outcome(each.number, str(error.message)))
        else:
            outcomes.append(Outcome(each.number))
    return outcomes


def _chosen() -> list[Chosen]:
    """Read what was ticked, each case once; what no page of ours sends is left out."""
    found = {}
    for text in request.form.getlist("valgt")[:_MOST]:
        number, _dot, version = text.partition(".")
        if not (_is_number(number) and _is_number(version)):
            continue
        if int(number) < _LARGEST:
            found[int(number)] = Chosen(int(number), int(version))
    return list(found.values())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _forward_form() -> Any:
    form = forms.ForwardManyForm(formdata=request.form if "reason" in request.form else None)
    form.unit_id.choices = [
        SelectChoice("", _("Velg en leder")),
        *[SelectChoice(unit_id, name) for unit_id, name in persons.list_leaders()],
    ]
    return form


def _render_forward(chosen: list[Chosen], form: Any, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "deviations/forward_many.html",
        chosen=chosen,
        shown=[number_words(each.number) for each in chosen],
        form=form,
        kept=kept_filter(),
        form_has_errors=status != 200,
    )
    return page, status


def _render_outcomes(step: str, outcomes: list[Outcome], first: int | None = None) -> str:
    return render_template(
        "deviations/show_batch.html",
        heading=HEADINGS[step],
        step=step,
        done=[outcome.number for outcome in outcomes if not outcome.refusal],
        refused=[outcome for outcome in outcomes if outcome.refusal],
        first=first,
        kept=kept_filter(),
    )
