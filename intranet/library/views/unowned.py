"""Documents without an owner, and a new owner for several at once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _, ngettext
from intranet.core.transaction import transaction
from intranet.library.actions.owners import give_owner
from intranet.library.policy import can_give_owner, can_give_some_owner
from intranet.library.queries import unowned
from intranet.library.register_forms import GiveOwnerForm, offer_owner_units
from intranet.library.views.blueprint import blueprint
from intranet.people.queries.persons import get_person_by_text
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.forms import add_to_form


@blueprint.route("/bibliotek/uten-eier", methods=["GET", "POST"])
@requires(can_give_some_owner)
def list_unowned() -> Any:
    """Show what the viewer may give an owner; a post gives the ticked ones theirs, all or none."""
    viewer = current_viewer()
    form, status = GiveOwnerForm(), 200
    offer_owner_units(form, [unit for unit in list_units() if can_give_owner(viewer, unit.path)])
    ticked = request.form.getlist("dokument")[: unowned.ON_PAGE]
    if form.is_submitted():
        try:
            if form.validate():
                return _give(form, ticked)
            status = 422
        except InvalidInput as error:
            add_to_form(form, error)
            status = 422
    page = render_template(
        "library/list_unowned.html",
        form=form,
        ticked=ticked,
        page=unowned.list_unowned_for(viewer, number_parameter("etter") or 0),
        form_has_errors=status != 200,
    )
    return page, status


def _give(form: GiveOwnerForm, ticked: list[str]) -> Any:
    if not ticked:
        raise InvalidInput(_("Kryss av for dokumentene først."))
    owner_id = get_person_by_text(form.owner.data or "", field="owner")
    with transaction():
        found = unowned.load_documents(ticked)
        if len(found) != len(set(ticked)):
            raise NotAllowed(_("Du har ikke rett til å gjøre dette med dokumentet."))
        given = give_owner(found, owner_id=owner_id, unit_id=form.unit.data, actor=current_viewer())
    if given:
        flash(
            ngettext(
                "%(num)d dokument har fått ny eier.", "%(num)d dokumenter har fått ny eier.", given
            ),
            "success",
        )
    return redirect(url_for("library.list_unowned"))
