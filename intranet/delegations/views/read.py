"""The pages for readers: the register, one delegation, who could sign, and the file."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from intranet.core.clock import today
from intranet.core.text import _
from intranet.delegations.forms import AskSignersForm, ListFilterForm, offer_kinds, offer_units
from intranet.delegations.policy import can_keep_register
from intranet.delegations.queries import register, signers
from intranet.delegations.register_file import write_file
from intranet.delegations.views.blueprint import blueprint
from intranet.people.models import Person
from intranet.people.queries.leadership import leaders_known_from
from intranet.people.queries.persons import find_row
from intranet.people.queries.units import get_unit, list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_made_file

_IN_ADDRESS = ("person", "type", "enhet", "vis", "dag", "ansatt")


@blueprint.get("/fullmakter")
@requires()
def list_delegations() -> str:
    """Show the register, narrowed by name, unit, kind and day."""
    viewer = current_viewer()
    form = _filter_form()
    wanted = _wanted(form)
    return render_template(
        "delegations/list_delegations.html",
        form=form,
        wanted=wanted,
        page=register.list_delegations(wanted, min(number_parameter("side") or 1, 10_000)),
        person=find_row(Person, wanted.person_id) if wanted.person_id else None,
        arguments={k: v for k, v in request.args.items() if k in _IN_ADDRESS and v},
        may_keep=can_keep_register(viewer),
        lapsed=register.count_lapsed() if can_keep_register(viewer) or viewer.is_leader else 0,
    )


@blueprint.get("/fullmakter/register.csv")
@requires()
def export_delegations() -> Response:
    """Hand out what the list is narrowed to, as a file for a spreadsheet."""
    lines = register.list_all(_wanted(_filter_form()))
    made = write_file(lines)
    return send_made_file(made, "text/csv; charset=utf-8", f"fullmakter-{today()}.csv")


@blueprint.get("/fullmakter/<int:delegation_id>")
@requires()
def show_delegation(delegation_id: int) -> str:
    """Show one delegation: how far, from whom up to the council, and what was passed on."""
    return render_template(
        "delegations/show_delegation.html",
        delegation=register.get_delegation_for(current_viewer(), delegation_id),
    )


@blueprint.get("/fullmakter/hvem")
@requires()
def show_signers() -> tuple[str, int]:
    """Answer who could sign something in a unit on a day, with the chain as proof."""
    form = AskSignersForm(request.args, data={"dag": today()})
    offer_kinds(form.type, register.list_kinds(), _("Velg"))
    offer_units(form.enhet, list_units(), _("Velg enhet"))
    is_asked = "type" in request.args
    answer = unit = kind = None
    status = 200
    if not is_asked:
        form.dag.data, form.dag.raw_data = today(), None
        form.enhet.data = current_viewer().home_unit_id
    elif form.validate():
        unit, kind = get_unit(form.enhet.data or 0), register.get_kind(form.type.data or 0)
        amount = form.belop.amount if kind.has_amount else None
        answer = signers.find_signers(kind.id, amount, unit.path, form.dag.data or today())
    else:
        status = 422
    page = render_template(
        "delegations/show_signers.html",
        form=form,
        answer=answer,
        unit=unit,
        kind=kind,
        known_from=leaders_known_from(),
        form_has_errors=status != 200,
    )
    return page, status


def _filter_form() -> ListFilterForm:
    form = ListFilterForm(request.args)
    offer_kinds(form.type, register.list_kinds(), _("Alt"))
    offer_units(form.enhet, list_units(), _("Alle enheter"))
    form.validate()
    return form


def _wanted(form: ListFilterForm) -> register.Wanted:
    def said(field: Any) -> Any:
        return None if field.errors else field.data

    shown = said(form.vis) or ""
    return register.Wanted(
        name=said(form.person) or "",
        person_id=number_parameter("ansatt"),
        unit_id=said(form.enhet),
        kind_id=said(form.type),
        on=None if shown in ("alle", "bortfalt") else said(form.dag) or today(),
        lapsed_only=shown == "bortfalt",
    )
