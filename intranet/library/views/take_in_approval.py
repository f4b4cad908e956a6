"""The page where what a taking in made is approved all at once."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions.take_in_approval import approve_run
from intranet.library.forms import VersionForm
from intranet.library.policy import can_see_take_in
from intranet.library.queries.take_in_approval import get_run_to_approve
from intranet.library.take_in_models import TakeInRun
from intranet.library.take_in_words import HINDRANCES
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires


@blueprint.get("/bibliotek/inntak/<int:taken_id>/godkjenning")
@requires()
def show_take_in_approval(taken_id: int) -> Any:
    """Show what one press would let apply, and what stays a draft and why."""
    viewer = current_viewer()
    run, drafts = get_run_to_approve(viewer, taken_id)
    return render_template(
        "library/show_take_in_approval.html",
        run=run,
        ready=[one for one in drafts if one.hindrance is None],
        others=[one for one in drafts if one.hindrance is not None],
        hindrances=HINDRANCES,
        may_see_run=can_see_take_in(viewer, run.created_by),
        version_form=VersionForm(formdata=None, data={"version": run.version}),
    )


@blueprint.post("/bibliotek/inntak/<int:taken_id>/godkjenning")
@requires()
def approve_take_in(taken_id: int) -> AnyResponse:
    """Have the clock let apply what the viewer may approve."""
    viewer = current_viewer()
    form = VersionForm()
    form.validate()
    run, _drafts = get_run_to_approve(viewer, taken_id)
    with transaction():
        found = db.session.get(TakeInRun, run.id, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound(_("Vi finner ikke dette inntaket."))
        approve_run(found, version=form.version.data, actor=viewer)
    return redirect(url_for("library.show_take_in_approval", taken_id=taken_id))
