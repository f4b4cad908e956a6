"""The page where a change of the law behind a document is looked at and answered."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.transaction import transaction
from intranet.library.actions.law_answers import answer_law_review as keep_answer
from intranet.library.forms import AnswerLawReviewForm
from intranet.library.labels import LAW_ANSWER_LABELS, LAW_CHANGE_LABELS
from intranet.library.law_watch import LawAnswer
from intranet.library.queries import documents, law_reviews, revisions
from intranet.library.queries.documents import DocumentPage
from intranet.library.queries.law_reviews import LawReviewPage
from intranet.library.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.get("/bibliotek/<string:number>/lovendring/<int:review_id>")
@requires()
def show_law_review(number: str, review_id: int) -> Any:
    """Show what differs, from when, and where the document names the paragraph."""
    document, review = _page_of(number, review_id)
    return _render(document, review, AnswerLawReviewForm(formdata=None))


@blueprint.post("/bibliotek/<string:number>/lovendring/<int:review_id>/svar")
@requires()
def answer_law_review(number: str, review_id: int) -> Any:
    """Keep the answer, and go where it leads."""
    document, review = _page_of(number, review_id)
    form = AnswerLawReviewForm()
    if not form.validate():
        return _render(document, review, form, status=422)
    answer = LawAnswer(form.answer.data)
    try:
        with transaction():
            found = documents.load_document(number)
            keep_answer(
                found,
                law_reviews.load_law_review(found, review_id),
                answer,
                form.reason.data or "",
                actor=current_viewer(),
            )
            is_draft = answer is LawAnswer.REVISE
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return _render(*_page_of(number, review_id), form, status=status)
    return _onwards(document, is_draft)


def _onwards(document: DocumentPage, is_draft: bool) -> AnyResponse:
    endpoint = "library.show_document"
    if is_draft:
        fresh = documents.get_document_for(current_viewer(), document.number)
        working = revisions.get_working_for(current_viewer(), fresh)
        endpoint = "library.edit_document" if working.can_edit else endpoint
    return redirect(url_for(endpoint, number=document.number))


def _page_of(number: str, review_id: int) -> tuple[DocumentPage, LawReviewPage]:
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    body = ""
    if document.current_version is not None:
        body = revisions.get_revision_for(viewer, document, document.current_version).body
    return document, law_reviews.get_law_review_for(viewer, document, review_id, body)


def _render(
    document: DocumentPage, review: LawReviewPage, form: AnswerLawReviewForm, *, status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "library/show_law_review.html",
        document=document,
        review=review,
        form=form,
        answers=LAW_ANSWER_LABELS,
        change_labels=LAW_CHANGE_LABELS,
        form_has_errors=status == 422,
    )
    return page, status
