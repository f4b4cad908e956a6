"""The leader's desk, and the view over the municipality."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request

from intranet.core.actor import Viewer
from intranet.core.paging import Page
from intranet.core.text import _l
from intranet.deviations.policy import can_see_overview
from intranet.deviations.queries import lists
from intranet.deviations.queries.causes import count_by_cause
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.severity import Severity
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.workflow import ENDED_STATES, OPEN_STATES, DeviationState
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter, text_parameter

TABS = (
    ("mine", _l("Venter på meg")),
    ("stedfortreder", _l("Som stedfortreder")),
    ("over-frist", _l("Over fristen")),
    ("uten-ansvarlig", _l("Uten ansvarlig")),
    ("alle", _l("Alle åpne")),
    ("avvist", _l("Avvist hos dine")),
    ("lukket", _l("Avsluttet")),
)
_LONGEST_QUERY = 200


@blueprint.get("/avvik")
@requires()
def show_desk() -> str:
    """Show the cases that the viewer may see, what waits for them first."""
    viewer = current_viewer()
    if request.args.get("visning") == "kommunen" and can_see_overview(viewer):
        return _render_overview()
    wanted = read_filter()
    has_filter = wanted != lists.DeskFilter(show=wanted.show)
    after = request.args.get("etter")
    page = lists.list_desk(viewer, wanted, after)
    return render_template(
        "deviations/show_desk.html",
        page=page,
        wanted=wanted,
        tabs=_tabs_for(viewer),
        kept=kept_filter(),
        states=_states_of(wanted.show),
        most_counted=lists.MOST_COUNTED,
        counts=lists.count_desk(viewer),
        units=lists.list_desk_units(viewer),
        severities=list(Severity),
        causes=load_categories().causes,
        found=_count(viewer, wanted, page, after) if has_filter else 0,
        categories=load_categories().categories,
        has_filter=has_filter,
        sees_overview=can_see_overview(viewer),
        on_behalf={
            (led.unit_id, led.on_behalf_of): led.on_behalf_of_name
            for led in viewer.led
            if led.on_behalf_of is not None
        },
        led_ids={led.unit_id for led in viewer.led},
    )


@blueprint.get("/avvik/kommunen")
@requires(can_see_overview)
def show_overview() -> str:
    """Show sectors in numbers, and the cases that cannot wait."""
    return _render_overview()


def _count(
    viewer: Viewer, wanted: lists.DeskFilter, page: Page[lists.DeviationRow], after: str | None
) -> int:
    """Return how many the filter finds: all on the page, or asked for where causes are counted."""
    if not after and page.older is None:
        return len(page.rows)
    return lists.count_filtered(viewer, wanted) if wanted.cause_id is not None else 0


def _render_overview() -> str:
    viewer = current_viewer()
    return render_template(
        "deviations/show_overview.html",
        sectors=lists.count_by_sector(viewer),
        rows=lists.list_alarming(viewer),
        causes=count_by_cause(viewer),
    )


def kept_filter() -> dict[str, str]:
    """Return the filter as it stands in the address, without the place in the list."""
    return {key: value for key, value in request.args.items() if key != "etter" and value}


def read_filter() -> lists.DeskFilter:
    """Read the filter from the address; what does not fit is left out."""
    args = request.args
    shows = {key for key, _words in TABS}
    show = args.get("visning", "mine")
    wanted = lists.DeskFilter(show=show if show in shows else "mine")
    state = args.get("status", "")
    severity, category = args.get("alvorlighet", ""), args.get("type", "")
    cause_id = number_parameter("arsak")
    causes = {cause.id for cause in load_categories().causes}
    return replace(
        wanted,
        state=DeviationState(state) if state in _states_of(wanted.show) else None,
        is_overdue=args.get("frist") == "ute",
        severity=Severity(severity) if severity in set(Severity) else None,
        category=category if category in load_categories().by_key else None,
        cause_id=cause_id if cause_id in causes else None,
        unit_id=number_parameter("enhet"),
        text=text_parameter("q", _LONGEST_QUERY).strip(),
    )


def _states_of(show: str) -> list[DeviationState]:
    """Return the states that the tab can hold, in the order of a case's life."""
    holds = ENDED_STATES if show in lists.ENDED_TABS else OPEN_STATES
    return [state for state in DeviationState if state in holds]


def _tabs_for(viewer: Viewer) -> list[tuple[str, object]]:
    """Return the tabs: the stand-in's for who stands in today, the rejected for leaders."""
    wanted = {"stedfortreder": bool(viewer.stands_in_for), "avvist": viewer.is_leader}
    return [tab for tab in TABS if wanted.get(tab[0], True)]
