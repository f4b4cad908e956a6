"""Saves a draft while it is being written; answers the script in the page."""

from __future__ import annotations

from flask import Response

from intranet.core.clock import OSLO
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library.actions import autosave as actions
from intranet.library.forms import EditDocumentForm, contents_of, offer_choices
from intranet.library.queries import documents, revisions
from intranet.library.views.blueprint import blueprint
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.autosaving import answer_autosave
from intranet.web.form_fields import form_faults


@blueprint.post("/bibliotek/<string:number>/autolagre")
@requires()
def autosave_draft(number: str) -> Response:
    """Save what is in the form; say when, or in words why not. Nothing of another's is lost."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    form = EditDocumentForm()
    offer_choices(form, list_units())

    def save() -> int:
        if not revisions.get_working_for(viewer, document).can_edit:
            raise NotPossibleNow(_("Denne versjonen kan ikke redigeres nå."))
        if not form.validate():
            raise InvalidInput(form_faults(form)[0].text)
        with transaction():
            revision = actions.autosave_draft(
                documents.load_document(number),
                contents_of(form),
                version=form.version.data,
                actor=viewer,
            )
            return revision.version

    return answer_autosave(save, lambda: _told_who(number), form.body.data)


def _told_who(number: str) -> str:
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    theirs = revisions.get_working_for(viewer, document)
    return _(
        "Ikke lagret. %(name)s lagret kl. %(time)s mens du skrev. Teksten din står her. "
        "Trykk «Lagre utkast» for å se forskjellen.",
        name=theirs.changer_name or _("Noen andre"),
        time=f"{theirs.changed_at.astimezone(OSLO):%H.%M}",
    )
