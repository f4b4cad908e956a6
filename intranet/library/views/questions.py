"""The page where the control questions of a document are written."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library.actions.questions import set_questions
from intranet.library.queries import documents
from intranet.library.question_forms import (
    PLACES,
    EditQuestionsForm,
    questions_in,
    values_of_questions,
)
from intranet.library.reading import questions_of
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.route("/bibliotek/<string:number>/kontrollsporsmal", methods=["GET", "POST"])
@requires()
def edit_questions(number: str) -> Any:
    """Write up to three questions that are answered right before a confirmation counts."""
    document = documents.get_document_for(current_viewer(), number)
    if not document.can_work:
        raise NotAllowed(_("Bare de som arbeider med dokumentet, skriver kontrollspørsmål."))
    values = values_of_questions(questions_of(document.questions))
    form, status = EditQuestionsForm(data={"version": document.version, **values}), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with transaction():
                    set_questions(
                        documents.load_document(number),
                        questions_in(form),
                        version=form.version.data,
                        actor=current_viewer(),
                    )
                return redirect(url_for("library.edit_readers", number=document.number))
            except InvalidInput as error:
                add_to_form(form, error)
            except SomeoneElseWasFirst as error:
                add_to_form(form, error)
                form.version.data, form.version.raw_data = document.version, None
                status = 409
    page = render_template(
        "library/edit_questions.html",
        document=document,
        form=form,
        places=PLACES,
        form_has_errors=status != 200,
    )
    return page, status
