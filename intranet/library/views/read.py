"""The pages for readers: the list, a document, its older revisions and its files."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.actor import Viewer
from intranet.core.keyset import page_request
from intranet.core.text_checks import check_text
from intranet.laws.queries.watching import law_names
from intranet.library.document_types import split_keywords
from intranet.library.forms import (
    AnswerReviewForm,
    ListFilterForm,
    VersionForm,
    offer_filters,
)
from intranet.library.labels import LAW_ANSWER_LABELS, REVIEW_FINDING_LABELS
from intranet.library.policy import can_see_some_readers, can_write_somewhere
from intranet.library.queries import documents, hearings, law_reviews, revisions
from intranet.library.queries.approvers import list_candidates
from intranet.library.queries.pictures import get_picture_for
from intranet.library.queries.reading import find_my_reading
from intranet.library.queries.supplements import (
    Supplements,
    find_supplemented,
    list_supplements_for,
    list_units_to_supplement,
)
from intranet.library.queries.types import list_types
from intranet.library.reading import questions_of
from intranet.library.reading_forms import ConfirmReadingForm, offer_questions, question_fields
from intranet.library.views.blueprint import blueprint
from intranet.library.views.text import render_body
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import text_parameter
from intranet.web.downloads import send_stored_file

FILTER_LENGTH = 200
# Beside the document; the whole history has its own page.
SHOWN_VERSIONS = 10


@blueprint.get("/bibliotek")
@requires()
def list_documents() -> str:
    """Show the documents in force, newest first, narrowed by type, unit and words."""
    form = ListFilterForm(request.args)
    offer_filters(form, list_types(), list_units())
    form.validate()
    prefix = form.type.data or ""
    wanted = documents.ListFilter(
        prefix=prefix if prefix.isalpha() else "",
        unit_id=form.enhet.data if not form.enhet.errors else None,
        text=(form.q.data or "")[:FILTER_LENGTH] if not form.q.errors else "",
        keyword=text_parameter("stikkord", FILTER_LENGTH),
        refid=text_parameter("lov", 40),
        section=text_parameter("paragraf", 40),
    )
    return render_template(
        "library/list_documents.html",
        form=form,
        wanted=wanted,
        page=documents.list_documents(wanted, page_request(request.args)),
        arguments={
            k: v
            for k, v in request.args.items()
            if k in ("q", "type", "enhet", "stikkord", "lov", "paragraf")
        },
        law_title=_law_title(wanted.refid),
        may_write=can_write_somewhere(current_viewer()),
    )


def _law_title(refid: str) -> str:
    return law_names([refid]).get(refid, refid) if refid else ""


@blueprint.get("/bibliotek/<string:number>")
@requires()
def show_document(number: str) -> str | AnyResponse:
    """Show a document as it applies now; one that never was published leads to its draft."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    if document.current_version is None:
        newest = revisions.list_revisions_for(viewer, document, most=1)[0].number
        return redirect(url_for("library.show_revision", number=document.number, version=newest))
    return render_document(viewer, document)


def render_document(
    viewer: Viewer,
    document: documents.DocumentPage,
    *,
    review_form: AnswerReviewForm | None = None,
    confirm_form: ConfirmReadingForm | None = None,
) -> str:
    """Return the page of a document that applies; a form that was sent is shown as it was."""
    assert document.current_version is not None
    if document.can_answer_review and review_form is None:
        review_form = AnswerReviewForm(formdata=None)
    reading = find_my_reading(viewer, document)
    questions = questions_of(document.questions) if reading.is_asked else []
    form = confirm_form or ConfirmReadingForm(formdata=None)
    # Whoever presses confirms the version that this page shows.
    form.version.data, form.version.raw_data = document.current_version, None
    offer_questions(form, questions)
    revision = revisions.get_revision_for(viewer, document, document.current_version)
    waiting, answered = _law_reviews(document)
    return render_template(
        "library/show_document.html",
        **_supplementing(viewer, document),
        document=document,
        revision=revision,
        body=render_body(revision.body),
        files=revisions.list_files(revision.id),
        history=revisions.list_revisions_for(viewer, document, most=SHOWN_VERSIONS + 1),
        shown_versions=SHOWN_VERSIONS,
        answers=revisions.list_review_answers(document.id) if document.can_work else [],
        units=documents.units_of(document, revision.valid_for),
        keywords=split_keywords(revision.keywords),
        law_reviews=waiting if document.is_in_force else [],
        law_answers=answered,
        answer_labels=LAW_ANSWER_LABELS,
        finding_labels=REVIEW_FINDING_LABELS,
        review_form=review_form,
        reading=reading,
        confirm_form=form,
        question_fields=question_fields(form, questions),
        may_see_readers=reading.has_rules and can_see_some_readers(viewer, document.facts),
        form_has_errors=bool(confirm_form or (review_form and review_form.errors)),
    )


@blueprint.get("/bibliotek/<string:number>/versjon/<int:version>")
@requires()
def show_revision(number: str, version: int) -> str:
    """Show one revision: an older one to every reader, a draft to those who work on it."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    revision = revisions.get_revision_for(viewer, document, version)
    is_working = revision.number == document.working_version
    return render_template(
        "library/show_revision.html",
        document=document,
        revision=revision,
        body=render_body(revision.body),
        files=revisions.list_files(revision.id),
        units=documents.units_of(document, revision.valid_for),
        central=find_supplemented(document.supplements_id),
        remarks=check_text(revision.body) if revision.can_edit else [],
        version_form=VersionForm(formdata=None, data={"version": revision.version}),
        is_working=is_working,
        candidates=list_candidates(
            document.unit_id, document.facts.unit_path, revision.contributor_ids
        )
        if is_working and document.can_work
        else [],
        hearings=hearings.list_hearings_for(viewer, document.id, revision.number)
        if revision.hearing_id
        else [],
    )


def _law_reviews(document: documents.DocumentPage) -> tuple[list[Any], list[Any]]:
    """Return the changes of law that wait, and what was found for those who work on it."""
    if document.can_work:
        return law_reviews.list_reviews(document.id)
    return (law_reviews.list_open_reviews(document.id) if document.is_in_force else []), []


def _supplementing(viewer: Viewer, document: documents.DocumentPage) -> dict[str, Any]:
    """Return what the page shows of local supplements: this one's own, or those to it."""
    supplements = Supplements()
    if document.has_supplements:
        supplements = list_supplements_for(viewer, document.id)
    return {
        "central": find_supplemented(document.supplements_id),
        "supplements": supplements,
        "supplement_texts": {
            row.number: (render_body(row.body, 3), revisions.list_files(row.revision_id))
            for row in supplements.mine
        },
        "can_supplement": may_supplement(viewer, document),
    }


def may_supplement(viewer: Viewer, document: documents.DocumentPage) -> bool:
    """Whether there is a unit that the viewer may write a supplement for."""
    if not can_write_somewhere(viewer):
        return False
    return bool(
        list_units_to_supplement(viewer, document.facts, document.id, document.supplements_id)
    )


@blueprint.get("/bibliotek/<string:number>/fil/<int:file_id>")
@requires()
def download_file(number: str, file_id: int) -> Response:
    """Send a file of a revision that the person may read."""
    document = documents.get_document_for(current_viewer(), number)
    return send_stored_file(revisions.get_file_for(current_viewer(), document, file_id))


@blueprint.get("/bibliotek/<string:number>/bilde/<int:stored_id>")
@requires()
def show_picture(number: str, stored_id: int) -> Response:
    """Send a picture that stands in a text that the person may read."""
    return send_stored_file(get_picture_for(current_viewer(), number, stored_id), inline=True)
