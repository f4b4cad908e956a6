"""The pages of comments in a hearing: giving, changing and withdrawing them, and answering."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import InvalidInput, NotAllowed, NotFound, SomeoneElseWasFirst
from intranet.core.richtext import list_blocks
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.library.actions import hearing_comments as actions
from intranet.library.hearing import HearingAnswer
from intranet.library.hearing_forms import (
    AnswerCommentForm,
    ChangeCommentForm,
    CommentForm,
    offer_places,
    place_name,
)
from intranet.library.queries import documents, hearings
from intranet.library.queries.hearings import HearingPage
from intranet.library.views.blueprint import blueprint
from intranet.library.views.hearing import render_hearing
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.post("/bibliotek/<string:number>/horing/<int:hearing_id>/merknad")
@requires()
def comment_on_hearing(number: str, hearing_id: int) -> Any:
    """Keep a comment on the whole or on a paragraph."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    form = CommentForm()
    offer_places(form, list_blocks(hearing.body))
    if not form.validate():
        return render_hearing(hearing, comment_form=form, status=422)
    with transaction():
        comment = actions.comment_on_hearing(
            documents.load_document(number),
            hearing_id,
            form.place.data,
            form.text.data or "",
            actor=current_viewer(),
        )
        comment_id = comment.id
    return _to(hearing, f"merknad-{comment_id}")


@blueprint.post("/bibliotek/<string:number>/horing/<int:hearing_id>/ingen-merknader")
@requires()
def answer_without_comments(number: str, hearing_id: int) -> AnyResponse:
    """Keep that the person has nothing to say."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    with transaction():
        actions.answer_without_comments(
            documents.load_document(number), hearing_id, actor=current_viewer()
        )
    return _to(hearing, "svar")


@blueprint.route(
    "/bibliotek/<string:number>/horing/<int:hearing_id>/merknad/<int:comment_id>/endre",
    methods=["GET", "POST"],
)
@requires()
def change_hearing_comment(number: str, hearing_id: int, comment_id: int) -> Any:
    """Change the own comment."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    comment = _comment(hearing, comment_id)
    if comment.author_id != current_viewer().id:
        raise NotAllowed(_("Bare den som skrev merknaden, kan endre den."))
    form = ChangeCommentForm(data={"version": comment.version, "text": comment.text})
    status = 200
    if form.is_submitted() and form.validate():
        try:
            with transaction():
                actions.change_comment(
                    documents.load_document(number),
                    hearing_id,
                    comment_id,
                    form.text.data or "",
                    version=form.version.data,
                    actor=current_viewer(),
                )
            return _to(hearing, f"merknad-{comment_id}")
        except (InvalidInput, SomeoneElseWasFirst) as error:
            comment = _comment(hearing, comment_id)
            status = _refuse(form, error, comment.version)
    elif form.is_submitted():
        status = 422
    return _render("library/change_hearing_comment.html", hearing, comment, form, status)


@blueprint.post("/bibliotek/<string:number>/horing/<int:hearing_id>/merknad/<int:comment_id>/trekk")
@requires()
def withdraw_hearing_comment(number: str, hearing_id: int, comment_id: int) -> AnyResponse:
    """Take the own comment back."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    with transaction():
        actions.withdraw_comment(
            documents.load_document(number), hearing_id, comment_id, actor=current_viewer()
        )
    return _to(hearing, "svar")


@blueprint.route(
    "/bibliotek/<string:number>/horing/<int:hearing_id>/merknad/<int:comment_id>/svar",
    methods=["GET", "POST"],
)
@requires()
def answer_hearing_comment(number: str, hearing_id: int, comment_id: int) -> Any:
    """Say whether a comment is followed, and why not."""
    hearing = hearings.get_hearing_for(current_viewer(), number, hearing_id)
    if not hearing.can_work:
        raise NotAllowed(_("Bare de som arbeider med dokumentet, svarer på merknadene."))
    comment = _comment(hearing, comment_id)
    form, status = AnswerCommentForm(data=_answered(comment)), 200
    if form.is_submitted() and form.validate():
        try:
            with transaction():
                actions.answer_comment(
                    documents.load_document(number),
                    hearing_id,
                    comment_id,
                    HearingAnswer(form.answer.data),
                    form.text.data or "",
                    version=form.version.data,
                    actor=current_viewer(),
                )
            return _to(hearing, "ubesvart")
        except (InvalidInput, SomeoneElseWasFirst) as error:
            comment = _comment(hearing, comment_id)
            status = _refuse(form, error, comment.version)
    elif form.is_submitted():
        status = 422
    return _render("library/answer_hearing_comment.html", hearing, comment, form, status)


def _comment(hearing: HearingPage, comment_id: int) -> Any:
    """Return the comment as it is now. Raises NotFound."""
    for comment in hearings.list_comments(hearing.id):
        if comment.id == comment_id:
            return comment
    raise NotFound(_("Merknaden er trukket tilbake."))


def _answered(comment: Any) -> dict[str, Any]:
    is_answered = comment.answer != HearingAnswer.NONE
    return {
        "version": comment.version,
        "answer": comment.answer if is_answered else None,
        "text": comment.answer_text,
    }


def _render(
    template: str, hearing: HearingPage, comment: Any, form: Any, status: int
) -> tuple[str, int]:
    blocks = list_blocks(hearing.body)
    page = render_template(
        template,
        hearing=hearing,
        comment=comment,
        block=blocks[comment.place - 1] if comment.place else "",
        place=place_name(comment.place),
        form=form,
        form_has_errors=status != 200,
    )
    return page, status


def _refuse(form: Any, error: InvalidInput | SomeoneElseWasFirst, version: int) -> int:
    add_to_form(form, error)
    if isinstance(error, InvalidInput):
        return 422
    form.version.data, form.version.raw_data = version, None
    return 409


def _to(hearing: HearingPage, anchor: str) -> AnyResponse:
    return redirect(
        url_for(
            "library.show_hearing", number=hearing.number, hearing_id=hearing.id, _anchor=anchor
        )
    )
