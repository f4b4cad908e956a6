"""The written plan of a case: opened by a button since each opening is logged, saved, printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from intranet.core.clock import OSLO, now, today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.pdf import make_pdf
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import plans as actions
from intranet.deviations.clocks import is_late
from intranet.deviations.numbers import number_words
from intranet.deviations.plan_forms import MORE_ROWS, PlanForm, plan_form
from intranet.deviations.plan_models import DeviationPlan
from intranet.deviations.plans import PlanMeasure
from intranet.deviations.queries import plans as queries
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.clocks import kind_of
from intranet.deviations.type_policy import changes_plan, reads_plan, sees_clocks
from intranet.deviations.type_words import PLAN_DUTIES, PLAN_LAWS
from intranet.deviations.types import TYPES, Kind
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.workflow import OPEN_STATES
from intranet.people.queries.persons import names_of
from intranet.web.access import current_viewer, is_sensitive, requires
from intranet.web.downloads import send_made_file
from intranet.web.filters import full_day
from intranet.web.forms import add_to_form


@dataclass(frozen=True)
class PlanCard:
    """What the page of the case says of the plan: that there is one, and never what it says."""

    newest: DeviationPlan | None
    may_read: bool
    may_change: bool
    is_overdue: bool


@blueprint.context_processor
def add_plan_card() -> dict[str, Any]:
    """Give the page of the case its line on the plan."""
    return {"plan_card": plan_card}


def plan_card(case: Case, kind: Kind) -> PlanCard | None:
    """Return the card for who sees the kind of the case, or None when the kind has no plan."""
    viewer = current_viewer()
    if not TYPES[kind].has_plan or not sees_clocks(viewer, case.access):
        return None
    newest = queries.find_plan(case.deviation.id)
    is_open = case.deviation.state in OPEN_STATES
    return PlanCard(
        newest,
        may_read=reads_plan(viewer, case.access, kind),
        may_change=changes_plan(viewer, case.access, kind),
        is_overdue=is_open and newest is not None and newest.evaluate_on < today(),
    )


@blueprint.get("/avvik/<int:number>/plan")
@blueprint.get("/avvik/<int:number>/plan/lagre")
@requires()
def show_plan(number: int) -> Response:
    """Lead back to the case: the plan is opened by a button, for the opening is logged."""
    get_deviation_for(current_viewer(), number)
    return redirect(url_for("deviations.show_deviation", number=number))


@blueprint.post("/avvik/<int:number>/plan")
@requires()
def open_plan(number: int) -> Any:
    """Open the plan and log it."""
    viewer = current_viewer()
    with transaction():
        case = get_deviation_for(viewer, number)
        plans = actions.open_plans(case, actor=viewer)
        newest = plans[0] if plans else None
        form = plan_form(newest, is_late=_is_late(case))
    return _page(get_deviation_for(viewer, number), form, 200)


@blueprint.post("/avvik/<int:number>/plan/lagre")
@requires()
def save_plan(number: int) -> Any:
    """Keep a version of the plan, or give the form more rows."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    if not changes_plan(viewer, case.access, kind_of(case.deviation.id)):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    wants_more = request.form.get("step") == "more"
    rows = sum(name.startswith("what_") for name in request.form) + wants_more * MORE_ROWS
    newest = queries.find_plan(case.deviation.id)
    form = plan_form(newest, is_late=_is_late(case), rows=rows, is_sent=True)
    if wants_more:
        return _page(case, form, 200, is_writing=True)
    content, is_whole = form.content()
    if not form.validate() or content is None:
        return _page(case, form, 422)
    if not is_whole:
        add_to_form(form, InvalidInput(_("Hvert tiltak må ha hva, hvem og når."), "what_0"))
        return _page(case, form, 422)
    try:
        with transaction():
            actions.save_plan(
                get_deviation_for(viewer, number),
                content,
                actor=viewer,
                based_on=_number(form.based_on.data),
                late_reason=form.late_words(),
            )
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        if getattr(error, "field", None) == "measures":
            error = InvalidInput(error.message, "what_0")
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return _page(get_deviation_for(viewer, number), form, status)
    flash(_("Planen er lagret. Tidligere versjoner er tatt vare på."), "success")
    return redirect(url_for("deviations.show_deviation", number=number, _anchor="plan"))


@blueprint.post("/avvik/<int:number>/plan/<int:plan_number>/pdf")
@requires()
@is_sensitive
def print_plan(number: int, plan_number: int) -> Response:
    """Send one version as PDF."""
    viewer = current_viewer()
    with transaction():
        case = get_deviation_for(viewer, number)
        plan = actions.print_plan(case, plan_number, actor=viewer)
        made = _typeset(case, plan)
    name = f"plan-{number_words(number)}-{plan_number}.pdf"
    return send_made_file(made, "application/pdf", name)


def _typeset(case: Case, plan: DeviationPlan) -> bytes:
    kind, made_at = kind_of(case.deviation.id), now()
    who = names_of([plan.created_by]).get(plan.created_by or 0, "")
    parts = [
        _part(_("Hvilke problemer skal planen løse?"), plan.problem),
        _part(_("Hva mener barnet eller eleven selv?"), plan.child_view),
        *(
            _part(
                _("Tiltak %(number)s", number=place),
                each.what,
                _("%(who)s, innen %(day)s", who=each.who, day=full_day(each.day)),
            )
            for place, each in enumerate(map(PlanMeasure.of_row, plan.measures), start=1)
        ),
        _part(_("Når skal tiltakene evalueres?"), full_day(plan.evaluate_on)),
    ]
    if plan.change_note:
        parts.append(_part(_("Hva er endret siden sist?"), plan.change_note))
    data = {
        "title": _("Skriftlig plan"),
        "lang": str(get_locale() or "nb")[:2],
        "municipality": get_settings().municipality,
        "notice": _("Planen kan ha opplysninger som er underlagt taushetsplikt."),
        "page": _("Side"),
        "footer": _("Skrevet ut %(when)s", when=f"{made_at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"),
        "facts": [
            [_("Sak"), _("Avvik %(number)s", number=number_words(case.deviation.number))],
            [_("Sted"), case.unit_name],
            [_("Hjemmel"), str(PLAN_LAWS[kind])],
            [_("Versjon"), str(plan.number)],
            [_("Laget"), f"{plan.created_at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}, {who}"],
        ],
        "sections": [
            {"title": _("Planen"), "parts": parts},
            {"title": _("Plikten til å handle"), "parts": [_part("", str(PLAN_DUTIES[kind]))]},
        ],
        "refusal_title": "",
        "refusal": [],
    }
    return make_pdf("deviations/case.typ", data, made_at=made_at)


def _part(heading: str, text: str, about: str = "") -> dict[str, str]:
    return {"heading": heading, "about": about, "text": text, "withheld": ""}


def _page(case: Case, form: PlanForm, status: int, *, is_writing: bool = False) -> tuple[str, int]:
    viewer, kind = current_viewer(), kind_of(case.deviation.id)
    plans = queries.list_plans(case.deviation.id)
    page = render_template(
        "deviations/show_plan.html",
        case=case,
        deviation=case.deviation,
        kind=kind,
        form=form,
        plans=[(plan, list(map(PlanMeasure.of_row, plan.measures))) for plan in plans],
        names=names_of([plan.created_by for plan in plans]),
        duties=PLAN_DUTIES[kind],
        law=PLAN_LAWS[kind],
        may_change=changes_plan(viewer, case.access, kind),
        is_writing=is_writing or status != 200,
        form_has_errors=status != 200,
    )
    return page, status


def _is_late(case: Case) -> bool:
    clock = queries.find_plan_clock(case.deviation.id)
    return clock is not None and clock.is_open and is_late(now(), clock.due_at, clock.limit)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1
