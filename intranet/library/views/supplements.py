"""Where a unit begins its local supplement to a document."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library.actions.supplements import write_supplement as begin
from intranet.library.contents import TITLE_LENGTH, DraftContents
from intranet.library.forms import WriteSupplementForm
from intranet.library.policy import can_write_somewhere
from intranet.library.queries import documents
from intranet.library.queries.supplements import list_units_to_supplement
from intranet.library.views.blueprint import blueprint
from intranet.people.queries.units import unit_choices
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.route("/bibliotek/<string:number>/tillegg/nytt", methods=["GET", "POST"])
@requires(can_write_somewhere)
def write_supplement(number: str) -> Any:
    """Begin a supplement for a unit; the text is written on the draft's own page."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    units = list_units_to_supplement(viewer, document.facts, document.id, document.supplements_id)
    if not units:
        raise NotAllowed(_("Du kan ikke skrive et lokalt tillegg til dette dokumentet."))
    title = _("Lokalt tillegg: %(title)s", title=document.title)[:TITLE_LENGTH]
    form = WriteSupplementForm(data={"title": title, "unit": units[0].id})
    form.unit.choices = unit_choices(units)
    if not form.is_submitted():
        return render_template("library/write_supplement.html", document=document, form=form)
    if form.validate():
        contents = DraftContents(
            title=form.title.data or "", body="", change_note=_("Nytt lokalt tillegg")
        )
        try:
            with transaction():
                begun = begin(
                    documents.load_document(number),
                    contents,
                    unit_id=form.unit.data,
                    actor=viewer,
                ).number
            return redirect(url_for("library.edit_document", number=begun))
        except InvalidInput as error:
            add_to_form(form, error)
    page = render_template(
        "library/write_supplement.html", document=document, form=form, form_has_errors=True
    )
    return page, 422
