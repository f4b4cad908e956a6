"""Saves a draft while it is being written; answers the script in the page."""

from __future__ import annotations

from flask import Response, jsonify, make_response, render_template

from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.text_checks import check_text
from intranet.core.transaction import transaction
from intranet.library.actions.autosave import autosave_draft as save
from intranet.library.forms import EditDocumentForm, contents_of, offer_choices
from intranet.library.queries import documents, revisions
from intranet.library.views.blueprint import blueprint
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.form_fields import form_faults


@blueprint.post("/bibliotek/<string:number>/autolagre")
@requires()
def autosave_draft(number: str) -> Response:
    """Save what is in the form; say when, or in words why not. Nothing of another's is lost."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    form = EditDocumentForm()
    offer_choices(form, list_units())
    try:
        if not revisions.get_working_for(viewer, document).can_edit:
            raise NotPossibleNow(_("Denne versjonen kan ikke redigeres nå."))
        if not form.validate():
            return _refused(form_faults(form)[0].text, 422)
        with transaction():
            revision = save(
                documents.load_document(number),
                contents_of(form),
                version=form.version.data,
                actor=viewer,
            )
            version = revision.version
    except InvalidInput as error:
        return _refused(str(error.message), 422)
    except SomeoneElseWasFirst:
        return _refused(_told_who(number), 409)
    except NotPossibleNow as error:
        return _refused(str(error.message), 409)
    return jsonify(
        saved=_("Lagret kl. %(time)s", time=f"{now().astimezone(OSLO):%H.%M}"),
        version=version,
        remarks=render_template(
            "_components/remarks_part.html", remarks=check_text(form.body.data or "")
        ),
    )


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


def _refused(message: str, status: int) -> Response:
    return make_response(jsonify(message=message), status)
