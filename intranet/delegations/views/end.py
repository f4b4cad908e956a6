"""The page where a delegation is withdrawn, with all that ends along with it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.delegations.actions import end
from intranet.delegations.forms import WithdrawDelegationForm
from intranet.delegations.queries import register
from intranet.delegations.rules import Standing
from intranet.delegations.views.blueprint import blueprint
from intranet.extensions import db
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.route("/fullmakter/<int:delegation_id>/trekk-tilbake", methods=["GET", "POST"])
@requires()
def withdraw_delegation(delegation_id: int) -> Any:
    """Let it hold no longer, after having shown what ends with it."""
    delegation = register.get_delegation_for(current_viewer(), delegation_id)
    if not delegation.may_end:
        raise NotAllowed(
            _("Bare den som ga fullmakten, de over og administratorer kan trekke den tilbake.")
        )
    form = WithdrawDelegationForm(data={"version": delegation.version, "first_day_off": today()})
    if not form.is_submitted():
        if not delegation.can_withdraw:
            raise NotPossibleNow(_("Fullmakten gjelder ikke lenger."))
        return _render(delegation, form)
    if not form.validate():
        return _render(delegation, form, status=422)
    try:
        with transaction():
            end.withdraw_delegation(
                delegation_id,
                form.first_day_off.data or today(),
                form.reason.data or "",
                version=form.version.data,
                actor=current_viewer(),
            )
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return _render(delegation, form, status=422)
    except SomeoneElseWasFirst as error:
        db.session.rollback()
        delegation = register.get_delegation_for(current_viewer(), delegation_id)
        form.version.data, form.version.raw_data = delegation.version, None
        return _render(delegation, form, refusal=error.message, status=409)
    flash(_("Fullmakten er trukket tilbake. De det gjelder, har fått beskjed."), "success")
    return redirect(url_for("delegations.show_delegation", delegation_id=delegation_id), 303)


def _render(
    delegation: register.DelegationPage,
    form: WithdrawDelegationForm,
    *,
    refusal: object = "",
    status: int = 200,
) -> tuple[str, int]:
    ending = [
        line
        for _depth, line in delegation.below
        if line.standing in (Standing.IN_FORCE, Standing.COMING)
    ]
    page = render_template(
        "delegations/withdraw_delegation.html",
        delegation=delegation,
        ending=ending,
        form=form,
        refusal=refusal,
        form_has_errors=status == 422,
    )
    return page, status
