"""Pages of what the law asks for: the kind, its questions, the clocks and the closed part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now, oslo_moment
from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations import clock_forms
from intranet.deviations.actions import clocks as clock_actions
from intranet.deviations.actions import types as type_actions
from intranet.deviations.actions.steps import keep_privacy_reason
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.queries import clocks as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.type_policy import (
    chooses_kind,
    is_asked_for_kind,
    leads_case,
    proposes_kind,
    reads_hidden,
    sees_clocks,
    works_clocks,
)
from intranet.deviations.types import PROPOSED_KINDS, Kind
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.letter_pages import decided_reason
from intranet.deviations.views.special import roles_of
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

REFUSALS = (InvalidInput, NotPossibleNow, SomeoneElseWasFirst)


@blueprint.route("/avvik/<int:number>/hendelse", methods=["GET", "POST"])
@requires()
def choose_kind(number: int) -> Any:
    """Say what kind of event it is; the reporter proposes it."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    proposes = proposes_kind(viewer, case.access)
    if not is_asked_for_kind(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if not proposes and not chooses_kind(viewer, case.access):
        raise NotPossibleNow(_("Typen kan ikke velges nå."))
    if proposes and queries.find_details(case.deviation.id) is not None:
        raise NotPossibleNow(_("Typen er valgt. Skriv til den som behandler saken."))
    form = clock_forms.KindForm(data={"kind": queries.kind_of(case.deviation.id)})
    if proposes:
        form.kind.choices = [each for each in form.kind.choices if each.value in PROPOSED_KINDS]
    return _handle(
        case,
        form,
        "deviations/choose_kind.html",
        lambda fresh: type_actions.choose_kind(fresh, Kind(form.kind.data), actor=viewer),
        done=_("Takk. Den som behandler saken, ser det.") if proposes else _("Typen er valgt."),
        proposes=proposes,
    )


@blueprint.route("/avvik/<int:number>/hendelse/svar", methods=["GET", "POST"])
@requires()
def answer_type(number: int) -> Any:
    """Answer the questions of the kind."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    if not leads_case(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    details = queries.find_details(case.deviation.id)
    if details is None or not chooses_kind(viewer, case.access):
        raise NotPossibleNow(_("Spørsmålene kan ikke besvares nå."))
    kind = Kind(details.kind)
    form = clock_forms.answers_form(
        kind, details.answers, details.version, is_sent=request.method == "POST"
    )

    def act(fresh: Case) -> None:
        version = -1 if form.version.data is None else int(form.version.data)
        answers = clock_forms.answers_of(form)
        type_actions.save_answers(fresh, answers, actor=viewer, version=version)

    return _handle(
        case,
        form,
        "deviations/answer_type.html",
        act,
        done=_("Svarene er lagret."),
        guarded=clock_forms.text_names(form, kind),
        kind=kind,
        details=details,
    )


@blueprint.route("/avvik/<int:number>/frist/<int:clock_id>/gjort", methods=["GET", "POST"])
@requires()
def settle_clock(number: int, clock_id: int) -> Any:
    """Say that what the clock asks for is done."""
    form = clock_forms.SettleClockForm(data=_moment_now())

    def act(case: Case, clock: StatutoryClock, viewer: Viewer) -> None:
        sent = clock_actions.Sent(
            _moment_of(form),
            form.note.data or "",
            form.reference.data or "",
            form.reason.data or "",
        )
        clock_actions.settle_clock(case, clock, sent, actor=viewer)

    return _handle_clock(number, clock_id, "settle", form, act, ["note", "reason"])


@blueprint.route("/avvik/<int:number>/frist/<int:clock_id>/gjelder-ikke", methods=["GET", "POST"])
@requires()
def dismiss_clock(number: int, clock_id: int) -> Any:
    """Say that the clock does not apply; a finished decision hands on its reason."""
    form = clock_forms.DismissClockForm(data={"reason": decided_reason(number)})

    def act(case: Case, clock: StatutoryClock, viewer: Viewer) -> None:
        clock_actions.dismiss_clock(case, clock, form.reason.data or "", actor=viewer)

    return _handle_clock(number, clock_id, "dismiss", form, act, ["reason"])


@blueprint.route("/avvik/<int:number>/frist/<int:clock_id>/tidspunkt", methods=["GET", "POST"])
@requires()
def correct_clock(number: int, clock_id: int) -> Any:
    """Set the moment of awareness right."""
    form = clock_forms.CorrectStartForm(data=_moment_now())

    def act(case: Case, clock: StatutoryClock, viewer: Viewer) -> None:
        moment, reason = _moment_of(form), form.reason.data or ""
        clock_actions.correct_start(case, clock, moment, reason, actor=viewer)

    return _handle_clock(number, clock_id, "correct", form, act, ["reason"])


@blueprint.get("/avvik/<int:number>/lukket-del")
@blueprint.get("/avvik/<int:number>/lukket-del/lagre")
@requires()
def show_hidden(number: int) -> Response:
    """Lead back to the case: the closed part is opened by a button, for the opening is logged."""
    return redirect(url_for("deviations.show_deviation", number=number))


@blueprint.post("/avvik/<int:number>/lukket-del")
@requires()
def open_hidden(number: int) -> Any:
    """Open the closed part and log it."""
    viewer = current_viewer()
    with transaction():
        case = get_deviation_for(viewer, number)
        text = type_actions.open_hidden(case, actor=viewer)
        details = queries.find_details(case.deviation.id)
        assert details is not None
        values = {"text": text, "version": details.version}
    form = clock_forms.HiddenTextForm(formdata=None, data=values)
    return _page("deviations/show_hidden.html", get_deviation_for(viewer, number), form, 200)


@blueprint.post("/avvik/<int:number>/lukket-del/lagre")
@requires()
def write_hidden(number: int) -> Any:
    """Keep the closed part."""
    viewer = current_viewer()
    form = clock_forms.HiddenTextForm()

    def act(case: Case) -> None:
        version = -1 if form.version.data is None else int(form.version.data)
        type_actions.write_hidden(case, form.text.data or "", actor=viewer, version=version)

    case = get_deviation_for(viewer, number)
    if not reads_hidden(viewer, case.access):
        raise NotAllowed(_("Du har ikke tilgang til denne siden."))
    return _handle(case, form, "deviations/show_hidden.html", act, done=_("Teksten er lagret."))


def _handle_clock(
    number: int,
    clock_id: int,
    step: str,
    form: Any,
    act: Callable[[Case, StatutoryClock, Viewer], None],
    guarded: list[str],
) -> Any:
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    if not sees_clocks(viewer, case.access):
        raise NotFound(_("Vi finner ikke denne fristen."))
    clock = queries.get_clock(case.deviation.id, clock_id)
    if not works_clocks(viewer, case.access, queries.kind_of(case.deviation.id), roles_of(case)):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    return _handle(
        case,
        form,
        "deviations/work_clock.html",
        lambda fresh: act(fresh, queries.get_clock(fresh.deviation.id, clock_id), viewer),
        done=_("Fristen er oppdatert."),
        guarded=guarded,
        clock=clock,
        step=step,
    )


def _handle(
    case: Case,
    form: Any,
    template: str,
    act: Callable[[Case], None],
    *,
    done: str,
    guarded: list[str] | None = None,
    **values: Any,
) -> Any:
    """Show the form, or do what it asks, or show it again with what was typed and why not."""
    viewer, number = current_viewer(), case.deviation.number
    if not form.is_submitted():
        return _page(template, case, form, 200, **values)
    if not form.validate() or (guarded and holds_back(form, guarded, viewer)):
        return _page(template, case, form, 422, **values)
    try:
        with transaction():
            fresh = get_deviation_for(viewer, number)
            act(fresh)
            if guarded:
                keep_privacy_reason(fresh.deviation, form.privacy_reason.data or "", actor=viewer)
    except REFUSALS as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return _page(template, get_deviation_for(viewer, number), form, status, **values)
    flash(done, "success")
    return redirect(url_for("deviations.show_deviation", number=number))


def _page(template: str, case: Case, form: Any, status: int, **values: Any) -> tuple[str, int]:
    page = render_template(
        template,
        case=case,
        deviation=case.deviation,
        form=form,
        form_has_errors=status != 200,
        **values,
    )
    return page, status


def _moment_now() -> dict[str, Any]:
    local = now().astimezone(OSLO)
    return {"day": local.date(), "clock": local.time().replace(second=0, microsecond=0)}


def _moment_of(form: Any) -> datetime:
    return oslo_moment(form.day.data, form.clock.data)
