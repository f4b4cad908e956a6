"""Answers to what a report says that it was: one press to accept, or no with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import proposals as actions
from intranet.deviations.actions.steps import keep_privacy_reason
from intranet.deviations.clock_forms import AcceptKindForm, DeclineKindForm
from intranet.deviations.clock_models import DeviationDetails, KindProposal
from intranet.deviations.clocks import Limit, due_after, rules_for, start_of
from intranet.deviations.models import Deviation
from intranet.deviations.proposals import Source
from intranet.deviations.queries import clocks as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.type_words import CLOCKS, KINDS, limit_words
from intranet.deviations.types import Kind
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.step_forms import with_ids
from intranet.deviations.words import answer_words, category_name
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for an answer, as the top of the case shows it.

    `clocks`: what would run, as (what, limit, last moment; None at once); empty when they run.
    """

    kind: Kind
    source: Source
    because: list[str]
    clocks: list[tuple[str, str, datetime | None]]
    accept: Any
    decline: Any


@blueprint.context_processor
def add_waiting() -> dict[str, Any]:
    """Give the page of the case the proposal that waits."""
    return {"waiting_kind": waiting_kind}


def waiting_kind(
    case: Case, details: DeviationDetails | None, row: KindProposal | None
) -> Waiting | None:
    """Return the proposal that waits for an answer in the case, or None."""
    deviation = case.deviation
    is_begun = details is not None and details.is_proposed
    if not is_begun and (row is None or row.outcome is not None):
        return None
    kind = Kind(details.kind if is_begun and details is not None else row.kind if row else "")
    is_told = row is not None and row.kind == kind
    source = Source(row.source) if row is not None and is_told else Source.REPORTER
    return Waiting(
        kind,
        source,
        _because(deviation, source, row.because) if row is not None and is_told else [],
        [] if is_begun else _would_run(deviation, kind),
        AcceptKindForm(formdata=None, data={"kind": kind}),
        with_ids(DeclineKindForm(formdata=None, data={"kind": kind}), "decline"),
    )


@blueprint.post("/avvik/<int:number>/hendelse/ja")
@requires()
def accept_kind(number: int) -> Response:
    """Say that it was what the report says."""
    viewer, form = current_viewer(), AcceptKindForm()
    with transaction():
        case = get_deviation_for(viewer, number)
        _demand_same(case, form.kind.data, viewer)
        actions.accept_kind(case, actor=viewer)
    flash(_("Typen er valgt. Svar på spørsmålene som hører til."), "success")
    return redirect(url_for("deviations.show_deviation", number=number, _anchor="kind"))


@blueprint.route("/avvik/<int:number>/hendelse/nei", methods=["GET", "POST"])
@requires()
def decline_kind(number: int) -> Any:
    """Say that it was an ordinary case, and why."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    kind = actions.proposed_kind(case, viewer)
    form = DeclineKindForm(data={"kind": kind})
    if not form.is_submitted():
        return _page(case, kind, form, 200)
    if not form.validate() or holds_back(form, ["reason"], viewer):
        return _page(case, kind, form, 422)
    try:
        with transaction():
            fresh = get_deviation_for(viewer, number)
            _demand_same(fresh, form.kind.data, viewer)
            actions.decline_kind(fresh, form.reason.data or "", actor=viewer)
            keep_privacy_reason(fresh.deviation, form.privacy_reason.data or "", actor=viewer)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _page(case, kind, form, 422 if isinstance(error, InvalidInput) else 409)
    flash(_("Saken er et vanlig avvik. Grunnen er tatt vare på."), "success")
    return redirect(url_for("deviations.show_deviation", number=number))


def _demand_same(case: Case, shown: str | None, viewer: Viewer) -> None:
    """Refuse an answer to another question than the page asked."""
    if actions.proposed_kind(case, viewer) != shown:
        raise NotPossibleNow(_("Forslaget er endret. Se hva det er nå, og svar på nytt."))


def _because(deviation: Deviation, source: Source, because: list[str]) -> list[str]:
    if source == Source.CATEGORY:
        return [category_name(each, deviation.reported_words) for each in because]
    return [answer_words(each, deviation.reported_words) for each in because]


def _would_run(deviation: Deviation, kind: Kind) -> list[tuple[str, str, datetime | None]]:
    aware_at = deviation.reported_at
    found: list[tuple[str, str, datetime | None]] = []
    for rule in rules_for(queries.load_clock_rules(), kind, {}, aware_at):
        start = start_of(rule.counts_from, aware_at, deviation.happened_at, {})
        due_at = due_after(start, rule.limit, rule.amount)
        words = str(CLOCKS.get(f"{rule.key}.{rule.phase}", rule.key))
        is_at_once = rule.limit == Limit.AT_ONCE
        limit = limit_words(rule.limit, rule.amount)
        found.append((words, limit, None if is_at_once else due_at))
    return found


def _page(case: Case, kind: Kind, form: Any, status: int) -> tuple[str, int]:
    page = render_template(
        "deviations/decline_kind.html",
        case=case,
        deviation=case.deviation,
        kind=kind,
        kind_name=KINDS[kind],
        form=form,
        form_has_errors=status != 200,
    )
    return page, status
