"""All versions of a document, and an old text taken up again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.transaction import transaction
from intranet.library.actions.restore import restore_revision
from intranet.library.lifecycle import DocumentState
from intranet.library.queries import documents, revisions
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter

ON_PAGE = 50


@blueprint.get("/bibliotek/<string:number>/historikk")
@requires()
def show_history(number: str) -> str:
    """Show every version that the viewer may read, newest first, fifty at a time."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    rows = revisions.list_revisions_for(
        viewer, document, most=ON_PAGE + 1, below=number_parameter("under")
    )
    return render_template(
        "library/show_history.html",
        document=document,
        rows=rows[:ON_PAGE],
        older=rows[ON_PAGE - 1].number if len(rows) > ON_PAGE else None,
        may_restore=document.can_work
        and document.working_version is None
        and document.facts.state is not DocumentState.WITHDRAWN,
    )


@blueprint.post("/bibliotek/<string:number>/versjon/<int:version>/ta-fram")
@requires()
def restore_version(number: str, version: int) -> AnyResponse:
    """Begin a new version with the text of an old one, and go on to write in it."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    revisions.get_revision_for(viewer, document, version)
    with transaction():
        restore_revision(documents.load_document(number), version, actor=viewer)
    return redirect(url_for("library.edit_document", number=document.number))
