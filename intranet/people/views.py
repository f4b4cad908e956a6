"""The pages of persons, units, the organisation and stand-ins."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Role, Viewer
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.people.actions.access import block_person, grant_role, revoke_role, unblock_person
from intranet.people.actions.erasure import Claim, decide_erasure
from intranet.people.actions.stand_ins import end_stand_in, set_stand_in
from intranet.people.erasure_models import ErasureOutcome
from intranet.people.forms import (
    OUTCOME_NAMES,
    ROLE_NAMES,
    DecideErasureForm,
    GrantRoleForm,
    SetStandInForm,
)
from intranet.people.models import Person
from intranet.people.policy import (
    can_decide_erasure,
    can_manage_access,
    can_manage_stand_ins,
    sees_departed,
    sees_login,
)
from intranet.people.queries import pages
from intranet.people.queries.erasure import list_decisions
from intranet.people.queries.units import list_units, unit_choices
from intranet.web.access import current_viewer, is_sensitive, requires
from intranet.web.addresses import number_parameter, text_parameter
from intranet.web.forms import add_to_form

blueprint = Blueprint("people", __name__)

MOST_PROPOSED = 8


@blueprint.get("/organisasjon")
@requires()
def show_organisation() -> str:
    """Show the tree of units; find a person by name, or the safety representative of a unit."""
    typed = text_parameter("q", 100)
    unit_id = number_parameter("enhet")
    units = list_units()
    chosen = next((unit for unit in units if unit.id == unit_id), None)
    return render_template(
        "people/show_organisation.html",
        units=units,
        typed=typed,
        found=pages.search_persons(typed, with_departed=sees_departed(current_viewer())),
        most=pages.MOST_PERSONS,
        chosen=chosen,
        representatives=pages.safety_representatives_of(chosen.id) if chosen else [],
    )


@blueprint.get("/ansatte/forslag")
@requires()
def propose_persons() -> Response:
    """Return some who work here and whose names fit, for a field where somebody is chosen."""
    found = pages.search_persons(text_parameter("q", 100))
    times = Counter(row.name for row in found)
    return jsonify(
        [
            {
                # Two of one name are told apart by number; user names are nobody else's business.
                "value": f"{row.name} (nr. {row.id})" if times[row.name] > 1 else row.name,
                "title": row.name,
                "subtitle": " · ".join(filter(None, (row.title, row.unit_name))),
            }
            for row in found[:MOST_PROPOSED]
        ]
    )


@blueprint.get("/enhet/<int:unit_id>")
@requires()
def show_unit(unit_id: int) -> str:
    """Show a unit: its chain of leaders, what is below it, who works there, who is safety rep."""
    unit = pages.get_open_unit(unit_id)
    members = pages.list_members(unit.id, text_parameter("etter", 200))
    more = members[pages.MOST_PERSONS - 1].name_key if len(members) > pages.MOST_PERSONS else ""
    return render_template(
        "people/show_unit.html",
        unit=unit,
        chain=pages.chain_of(unit.id),
        children=pages.list_children(unit.id),
        members=members[: pages.MOST_PERSONS],
        more=more,
        count=pages.count_members(unit.path),
        representatives=pages.safety_representatives_of(unit.id),
    )


@blueprint.get("/ansatt/<int:person_id>")
@requires()
def show_person(person_id: int) -> str:
    """Show a person: how to reach, where, who leads, roles. The own page says more."""
    viewer = current_viewer()
    return _render_person(viewer, person_id, GrantRoleForm())


@blueprint.post("/ansatt/<int:person_id>/roller")
@requires(can_manage_access)
@is_sensitive
def add_role(person_id: int) -> Any:
    """Give the person a role by hand."""
    viewer = current_viewer()
    person = pages.get_person_for(viewer, person_id)
    form = GrantRoleForm()
    form.unit.choices = _unit_options()
    if not form.validate():
        return _render_person(viewer, person_id, form), 422
    with transaction():
        grant_role(person, Role(form.role.data), form.unit.data, actor=viewer)
    return redirect(url_for("people.show_person", person_id=person_id))


@blueprint.post("/ansatt/<int:person_id>/roller/<int:grant_id>/fjern")
@requires(can_manage_access)
@is_sensitive
def remove_role(person_id: int, grant_id: int) -> Response:
    """Take back a role that was given by hand."""
    with transaction():
        grant = pages.get_local_grant(person_id, grant_id)
        revoke_role(grant, actor=current_viewer())
    return redirect(url_for("people.show_person", person_id=person_id))


@blueprint.post("/ansatt/<int:person_id>/sperr")
@requires(can_manage_access)
@is_sensitive
def set_block(person_id: int) -> Response:
    """Shut the person out, or let the person in again."""
    viewer = current_viewer()
    with transaction():
        person = pages.get_person_for(viewer, person_id)
        if request.form.get("block") == "1":
            block_person(person, actor=viewer)
        else:
            unblock_person(person, actor=viewer)
    return redirect(url_for("people.show_person", person_id=person_id))


@blueprint.get("/ansatt/<int:person_id>/sletting")
@requires(can_decide_erasure)
def show_erasure(person_id: int) -> str:
    """Show what was decided about the person's data, and the form for a claim."""
    person = pages.get_person_for(current_viewer(), person_id)
    return _render_erasure(person, DecideErasureForm())


@blueprint.post("/ansatt/<int:person_id>/sletting")
@requires(can_decide_erasure)
@is_sensitive
def decide_claim(person_id: int) -> Any:
    """Decide a claim for erasure: erased, restricted or refused."""
    viewer = current_viewer()
    person = pages.get_person_for(viewer, person_id)
    form = DecideErasureForm()
    if not form.validate():
        return _render_erasure(person, form), 422
    claim = Claim(
        outcome=ErasureOutcome(form.outcome.data),
        basis=form.basis.data or "",
        reason=form.reason.data or "",
    )
    try:
        with transaction():
            decide_erasure(person, claim, actor=viewer)
    except InvalidInput as error:
        add_to_form(form, error)
        return _render_erasure(person, form), 422
    flash(_("Avgjørelsen er tatt vare på."), "success")
    return redirect(url_for("people.show_erasure", person_id=person_id))


@blueprint.route("/stedfortreder", methods=["GET", "POST"])
@requires()
def manage_stand_ins() -> Any:
    """Set a stand-in from a day to a day; see own periods and for whom one stands in."""
    viewer = current_viewer()
    form = SetStandInForm(data={"leader": viewer.id})
    choices = pages.list_leader_choices(viewer)
    form.leader.choices = [SelectChoice(number, name) for number, name in choices]
    if not form.is_submitted():
        return _render_stand_ins(viewer, form, choices)
    if not can_manage_stand_ins(viewer):
        raise NotAllowed(_("Bare ledere og administratorer velger stedfortreder."))
    if not form.validate():
        return _render_stand_ins(viewer, form, choices), 422
    try:
        with transaction():
            set_stand_in(
                form.leader.data,
                pages.find_by_name(form.stand_in.data),
                form.starts_on.data,
                form.ends_on.data,
                form.note.data or "",
                actor=viewer,
            )
    except InvalidInput as error:
        add_to_form(form, error)
        return _render_stand_ins(viewer, form, choices), 422
    return redirect(url_for("people.manage_stand_ins"))


@blueprint.post("/stedfortreder/<int:period_id>/avslutt")
@requires(can_manage_stand_ins)
def end_period(period_id: int) -> Response:
    """End a stand-in's period: the tasks come back today."""
    with transaction():
        end_stand_in(pages.get_stand_in(period_id), actor=current_viewer())
    return redirect(url_for("people.manage_stand_ins"))


def _render_stand_ins(viewer: Viewer, form: SetStandInForm, choices: list[tuple[int, str]]) -> str:
    return render_template(
        "people/manage_stand_ins.html",
        form=form,
        may_set=can_manage_stand_ins(viewer),
        periods=pages.list_stand_ins([leader_id for leader_id, _name in choices]),
        mine=pages.list_standing_in(viewer.id),
    )


def _render_erasure(person: Person, form: DecideErasureForm) -> str:
    return render_template(
        "people/show_erasure.html",
        person=person,
        form=form,
        decisions=list_decisions(person.id),
        outcome_names=OUTCOME_NAMES,
    )


def _render_person(viewer: Viewer, person_id: int, form: GrantRoleForm) -> str:
    person = pages.get_person_for(viewer, person_id)
    manages = can_manage_access(viewer)
    if manages:
        form.unit.choices = _unit_options()
    home = person.home_unit_id
    return render_template(
        "people/show_person.html",
        person=person,
        units=pages.list_units_of(person_id),
        led=pages.list_led_by(person_id),
        roles=pages.list_roles_of(person_id),
        role_names=ROLE_NAMES,
        chain=pages.chain_of(home) if home else [],
        representatives=pages.safety_representatives_of(home) if home else [],
        stand_ins=pages.list_stand_ins([person_id]),
        is_me=viewer.id == person_id,
        shows_login=sees_login(viewer, person_id),
        manages=manages,
        decides_erasure=can_decide_erasure(viewer),
        form=form,
    )


def _unit_options() -> list[SelectChoice]:
    return [
        SelectChoice("", _("Hele kommunen")),
        *(SelectChoice(number, name) for number, name in unit_choices()),
    ]
