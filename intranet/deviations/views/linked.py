"""Linking a case with another, and parting them again.

The step is checked before the other case is looked up: who may not take it learns of no number.
"""

from __future__ import annotations

from typing import Any

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotFound
from intranet.core.text import _
from intranet.deviations import forms
from intranet.deviations.actions import links
from intranet.deviations.actions import merge as merging
from intranet.deviations.actions.steps import check_step
from intranet.deviations.numbers import find_number
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.steps import take
from intranet.deviations.workflow import Step
from intranet.web.access import current_viewer, requires


@blueprint.post("/avvik/<int:number>/knytt")
@requires()
def link(number: int) -> Any:
    """Link the case with another."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        check_step(case, Step.LINK, actor=common["actor"])
        links.link_deviations(case, _other(current_viewer(), form.other.data), **common)

    return take(number, Step.LINK, act)


@blueprint.post("/avvik/<int:number>/slaa-sammen")
@requires()
def merge(number: int) -> Any:
    """Make the case a duplicate of another."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        check_step(case, Step.MERGE, actor=common["actor"])
        merging.merge_deviation(case, _other(current_viewer(), form.other.data), **common)

    return take(number, Step.MERGE, act)


@blueprint.post("/avvik/<int:number>/ta-ut")
@requires()
def unmerge(number: int) -> Any:
    """Take the case out of the other again."""
    return take(number, Step.UNMERGE, lambda c, f, k: merging.unmerge_deviation(c, **k))


@blueprint.post("/avvik/<int:number>/loesne")
@requires()
def part(number: int) -> Any:
    """Take the link away again."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        check_step(case, Step.UNLINK, actor=common["actor"])
        links.part_deviations(case, _other(current_viewer(), form.other.data), **common)

    return take(number, Step.LINK, act, forms.LinkForm())


def _other(viewer: Viewer, text: str) -> Case:
    """Return the case that the typed number names; one that the viewer may not see is no number."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    try:
        return get_deviation_for(viewer, number or find_number(text) or 0)
    except NotFound as error:
        raise InvalidInput(_("Vi finner ingen sak med dette nummeret."), "other") from error
