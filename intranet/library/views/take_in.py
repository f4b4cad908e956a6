"""Documents from a former system: sent, looked through, confirmed, and how it went."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.actor import Viewer
from intranet.core.csv_text import csv_bytes
from intranet.core.errors import InvalidInput, NotFound
from intranet.core.files import ReceivedFile
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.core.unpacking import receive_archive
from intranet.extensions import db
from intranet.library.actions import take_in_runs
from intranet.library.forms import VersionForm
from intranet.library.policy import can_see_document, can_take_in_somewhere
from intranet.library.queries import take_in_runs as runs
from intranet.library.take_in import COLUMNS, REQUIRED, ListRow, Outcome
from intranet.library.take_in_forms import SendTakeInForm
from intranet.library.take_in_lists import receive_list
from intranet.library.take_in_models import RunState, TakeInRun
from intranet.library.take_in_words import (
    OUTCOMES,
    RUN_STATES,
    WOULD,
    in_words,
    report_headers,
    report_row,
)
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_made_file
from intranet.web.forms import add_to_form

ON_PAGE = 100


@blueprint.route("/bibliotek/inntak", methods=["GET", "POST"])
@requires(can_take_in_somewhere)
def list_take_ins() -> Any:
    """Show what was sent before, and take a list and its documents to be looked through."""
    viewer = current_viewer()
    form, status = SendTakeInForm(), 200
    if form.is_submitted():
        run_id = _send(form, viewer) if form.validate() else None
        if run_id is not None:
            return redirect(url_for("library.show_take_in", run_id=run_id))
        status = 422
    page = render_template(
        "library/list_take_ins.html",
        form=form,
        runs=runs.list_runs_for(viewer),
        run_states=RUN_STATES,
        columns=COLUMNS,
        required=REQUIRED,
        most_megabytes=get_settings().max_upload_bytes // 1024**2,
        form_has_errors=status != 200,
    )
    return page, status


@blueprint.get("/bibliotek/inntak/<int:run_id>")
@requires(can_take_in_somewhere)
def show_take_in(run_id: int) -> str:
    """Show what would happen, or what did: errors first."""
    viewer = current_viewer()
    run = runs.get_run_for(viewer, run_id)
    after = min(number_parameter("etter") or 0, 1_000_000)
    lines = runs.list_lines(run.id, most=ON_PAGE + 1, after=after)
    counts = runs.count_lines(run.id)
    taken = runs.count_taken(run.id)
    is_done = run.state in (RunState.RUNNING, RunState.DONE) or taken
    return render_template(
        "library/show_take_in.html",
        run=run,
        lines=lines[:ON_PAGE],
        newer=max(after - ON_PAGE, 0) if after else None,
        older=after + ON_PAGE if len(lines) > ON_PAGE else None,
        counts=counts,
        total=sum(counts.values()),
        waiting=counts.get(Outcome.WAITING, 0),
        made=counts.get(Outcome.DRAFT, 0) + counts.get(Outcome.PUBLISHED, 0),
        taken=taken,
        remarked=runs.count_remarked(run.id),
        run_states=RUN_STATES,
        outcomes=OUTCOMES if is_done else WOULD,
        may_open=lambda line: line.facts is not None and can_see_document(viewer, line.facts),
        say=in_words,
        version_form=VersionForm(formdata=None, data={"version": run.version}),
    )


@blueprint.get("/bibliotek/inntak/<int:run_id>/rapport")
@requires(can_take_in_somewhere)
def download_take_in_report(run_id: int) -> Response:
    """Send the report as CSV, in the order of the list."""
    run = runs.get_run_for(current_viewer(), run_id)
    made = csv_bytes(
        report_headers(),
        [
            report_row(one.row, one.outcome, one.number, one.remarks)
            for one in runs.list_all(run.id)
        ],
    )
    return send_made_file(made, "text/csv; charset=utf-8", f"inntak-{run.id}.csv")


@blueprint.post("/bibliotek/inntak/<int:run_id>/bekreft")
@requires(can_take_in_somewhere)
def confirm_take_in(run_id: int) -> AnyResponse:
    """Have the clock take in what the check found whole."""
    form = VersionForm()
    form.validate()
    with transaction():
        take_in_runs.confirm_run(_load(run_id), version=form.version.data, actor=current_viewer())
    return redirect(url_for("library.show_take_in", run_id=run_id))


@blueprint.post("/bibliotek/inntak/<int:run_id>/forkast")
@requires(can_take_in_somewhere)
def drop_take_in(run_id: int) -> AnyResponse:
    """Let go of what was sent."""
    form = VersionForm()
    form.validate()
    with transaction():
        take_in_runs.drop_run(_load(run_id), version=form.version.data, actor=current_viewer())
    return redirect(url_for("library.show_take_in", run_id=run_id))


def _load(run_id: int) -> TakeInRun:
    """Return the taking in for a step, locked. Raises NotFound for who may not see it."""
    run = runs.get_run_for(current_viewer(), run_id)
    found = db.session.get(TakeInRun, run.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_("Vi finner ikke dette inntaket."))
    return found


def _send(form: SendTakeInForm, viewer: Viewer) -> int | None:
    """Keep what was sent; return its number, or None when the form says what is wrong."""
    rows: list[ListRow] = []
    archive: ReceivedFile | None = None
    name = ""
    try:
        upload = request.files.get("list")
        if upload is None or not upload.filename:
            raise InvalidInput(_("Velg listen over dokumentene."), field="list")
        rows, name = receive_list(upload.stream, upload.filename)
    except InvalidInput as error:
        add_to_form(form, error)
    try:
        upload = request.files.get("archive")
        if upload is None or not upload.filename:
            raise InvalidInput(_("Velg zip-filen med dokumentene."), field="archive")
        if rows:
            archive = receive_archive(upload.stream, upload.filename)
    except InvalidInput as error:
        add_to_form(form, error)
    if archive is None:
        return None
    with transaction():
        return take_in_runs.send_run(rows, name, archive, actor=viewer).id
