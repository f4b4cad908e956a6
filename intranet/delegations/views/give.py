"""The pages where authority is given: by the council, and by those who hold it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.delegations import policy
from intranet.delegations.actions import give
from intranet.delegations.forms import (
    PERSON,
    GiveForm,
    PassOnForm,
    RegisterDelegationForm,
    amount_text,
    offer_kinds,
    offer_units,
    receiver_fault,
)
from intranet.delegations.queries import register
from intranet.delegations.queries.register import DelegationPage
from intranet.delegations.views.blueprint import blueprint
from intranet.extensions import db
from intranet.people.queries.pages import find_by_name
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.route("/fullmakter/ny", methods=["GET", "POST"])
@requires(policy.can_keep_register)
def register_delegation() -> Any:
    """Write down what the council or a law has given, with its source."""
    form = RegisterDelegationForm(data={"starts_on": today(), "may_pass_on": True})
    kinds = register.list_kinds(only_active=True)
    offer_kinds(form.kind, kinds, _("Velg"))
    units = list_units()
    offer_units(form.unit, units, _("Velg enhet"))
    offer_units(form.office, units, _("Velg enhet"))
    key = form.ensure_key()
    page = "delegations/register_delegation.html"
    if not form.is_submitted():
        return render_template(page, form=form, kinds=kinds)
    if not form.validate() or receiver_fault(form):
        return render_template(page, form=form, kinds=kinds, form_has_errors=True), 422
    try:
        with transaction():
            terms = _terms(form, form.kind.data or 0, form.source.data or "")
            made = give.register_delegation(terms, actor=current_viewer(), send_key=key)
            made_id = made.id
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return render_template(page, form=form, kinds=kinds, form_has_errors=True), 422
    flash(_("Fullmakten er ført inn."), "success")
    return redirect(url_for("delegations.show_delegation", delegation_id=made_id), 303)


@blueprint.route("/fullmakter/<int:delegation_id>/gi-videre", methods=["GET", "POST"])
@requires()
def pass_on(delegation_id: int) -> Any:
    """Give on all or a part of what one holds."""
    parent = register.get_delegation_for(current_viewer(), delegation_id)
    if not policy.holds(current_viewer(), parent.line.grant):
        raise NotAllowed(_("Bare den som har fullmakten, kan gi den videre."))
    if not parent.can_pass_on:
        raise NotPossibleNow(_("Fullmakten gjelder ikke nå, eller kan ikke gis videre."))
    form = PassOnForm(data=_proposed(parent))
    units = list_units()
    within = [unit for unit in units if unit.path.startswith(parent.unit_path)]
    offer_units(form.unit, within, _("Velg enhet"))
    offer_units(form.office, units, _("Velg enhet"))
    if not parent.has_amount:
        del form.amount
    key = form.ensure_key()
    page = {"form": form, "parent": parent}
    if not form.is_submitted():
        return render_template("delegations/pass_on.html", **page)
    if not form.validate() or receiver_fault(form):
        return render_template("delegations/pass_on.html", **page, form_has_errors=True), 422
    try:
        with transaction():
            terms = _terms(form, parent.kind_id)
            made = give.pass_on(delegation_id, terms, actor=current_viewer(), send_key=key)
            made_id = made.id
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return render_template("delegations/pass_on.html", **page, form_has_errors=True), 422
    flash(_("Fullmakten er gitt videre. Den som får den, har fått beskjed."), "success")
    return redirect(url_for("delegations.show_delegation", delegation_id=made_id), 303)


def _proposed(parent: DelegationPage) -> dict[str, Any]:
    """Return what the form holds from the beginning: as much as may be given, and not further."""
    return {
        "unit": parent.unit_id,
        "amount": amount_text(parent.amount),
        "starts_on": max(today(), parent.starts_on),
        "ends_on": parent.line.grant.last_day,
        "law_reference": parent.law_reference,
    }


def _terms(form: GiveForm, kind_id: int, source: str = "") -> give.Terms:
    """Return what the form says. Raises InvalidInput when nobody is called what was typed."""
    holder_id = None
    if form.receiver.data == PERSON:
        found = find_by_name(form.person.data or "")
        if found is None:
            raise InvalidInput(_("Vi finner ingen ansatt med dette navnet."), field="person")
        holder_id = found.id
    return give.Terms(
        kind_id=kind_id,
        unit_id=form.unit.data or 0,
        holder_id=holder_id,
        office_id=None if holder_id is not None else form.office.data,
        amount=form.amount.amount if "amount" in form else None,
        starts_on=form.starts_on.data or today(),
        ends_on=form.ends_on.data,
        may_pass_on=bool(form.may_pass_on.data),
        source=source,
        law_reference=form.law_reference.data or "",
        conditions=form.conditions.data or "",
    )
