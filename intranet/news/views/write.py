"""The pages where an article is written, edited, published and withdrawn."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import IntranetError, InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.text_checks import check_text
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions import publish, write
from intranet.news.forms import (
    ArticleForm,
    EditArticleForm,
    WriteArticleForm,
    contents_of,
    form_values,
    offer_units,
)
from intranet.news.pictures import ReceivedPicture, receive_picture
from intranet.news.policy import can_write_articles
from intranet.news.queries import articles
from intranet.news.views.blueprint import blueprint
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form

# What the submit buttons of the form send.
PUBLISH, PREVIEW = "publish", "preview"


@blueprint.route("/nyheter/skriv", methods=["GET", "POST"])
@requires(can_write_articles)
def write_article() -> Any:
    """Write a new article: keep it as a draft, preview it or publish it."""
    viewer = current_viewer()
    form = WriteArticleForm(data={"owner_unit": viewer.home_unit_id})
    offer_units(form, articles.list_editable_units(viewer), list_units())
    send_key = form.ensure_key()
    if not form.is_submitted() or _is_preview():
        return _render_form(form)
    if not form.validate():
        return _render_form(form, status=422)
    try:
        picture = _received_picture()
        with transaction():
            article = write.write_article(
                contents_of(form), actor=viewer, picture=picture, send_key=send_key
            )
            _publish_if_asked(article.id)
            article_id = article.id
    except InvalidInput as error:
        return _refuse(form, error)
    return redirect(url_for("news.show_article", article_id=article_id))


@blueprint.route("/nyheter/<int:article_id>/rediger", methods=["GET", "POST"])
@requires(can_write_articles)
def edit_article(article_id: int) -> Any:
    """Change an article; whoever saves second sees the first one's text beside the own."""
    viewer = current_viewer()
    article = editable(article_id)
    form = EditArticleForm(
        data=form_values(
            article, articles.target_ids_of(article_id), articles.target_roles_of(article_id)
        )
    )
    offer_units(form, articles.list_editable_units(viewer), list_units())
    if not form.is_submitted() or _is_preview():
        return _render_form(form, article)
    if not form.validate():
        return _render_form(form, article, status=422)
    try:
        picture = _received_picture()
        with transaction():
            _save(article_id, form, picture)
    except InvalidInput as error:
        return _refuse(form, error, article)
    except SomeoneElseWasFirst:
        return _show_conflict(form, article_id)
    return redirect(url_for("news.show_article", article_id=article_id))


@blueprint.post("/nyheter/<int:article_id>/publiser")
@requires(can_write_articles)
def publish_article(article_id: int) -> AnyResponse:
    """Publish a draft or a withdrawn article."""
    editable(article_id)
    with transaction():
        publish.publish_article(articles.get_article(article_id), actor=current_viewer())
    return redirect(url_for("news.show_article", article_id=article_id))


@blueprint.post("/nyheter/<int:article_id>/trekk")
@requires(can_write_articles)
def withdraw_article(article_id: int) -> AnyResponse:
    """Take an article away from its readers."""
    editable(article_id)
    with transaction():
        publish.withdraw_article(articles.get_article(article_id), actor=current_viewer())
    return redirect(url_for("news.show_article", article_id=article_id))


def editable(article_id: int) -> articles.ArticlePage:
    """Return the article, 404 when the person may not see it, 403 when only reading is allowed."""
    article = articles.get_article_for(current_viewer(), article_id)
    if not article.can_edit:
        raise NotAllowed(_("Du er ikke redaktør for denne enheten."))
    return article


def _save(article_id: int, form: EditArticleForm, picture: ReceivedPicture | None) -> None:
    write.edit_article(
        articles.get_article(article_id),
        contents_of(form),
        version=form.version.data or 0,
        actor=current_viewer(),
        picture=picture,
        removes_picture=bool(form.removes_picture.data),
    )
    _publish_if_asked(article_id)


def _publish_if_asked(article_id: int) -> None:
    article = articles.get_article(article_id)
    if request.form.get("step") == PUBLISH and not publish.is_published(article):
        publish.publish_article(article, actor=current_viewer())


def _is_preview() -> bool:
    return request.form.get("step") == PREVIEW


def _received_picture() -> ReceivedPicture | None:
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return None
    try:
        return receive_picture(upload.stream, upload.filename)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="picture") from error


def _refuse(form: ArticleForm, error: IntranetError, article: Any = None) -> tuple[str, int]:
    db.session.rollback()
    add_to_form(form, error)
    return _render_form(form, article, status=422)


def _show_conflict(form: EditArticleForm, article_id: int) -> tuple[str, int]:
    """Keep what was typed, show what the other saved, and let the person save over it knowingly."""
    theirs = editable(article_id)
    form.version.data = theirs.version
    form.version.raw_data = None
    return _render_form(form, theirs, theirs=theirs, status=409)


def _render_form(
    form: ArticleForm, article: Any = None, *, theirs: Any = None, status: int = 200
) -> tuple[str, int]:
    upload = request.files.get("picture")
    return (
        render_template(
            "news/edit_article.html" if article else "news/write_article.html",
            form=form,
            article=article,
            theirs=theirs,
            shows_preview=_is_preview(),
            remarks=check_text(form.body.data or "") if article or form.is_submitted() else [],
            must_choose_picture_again=bool(upload and upload.filename),
            form_has_errors=status != 200,
        ),
        status,
    )
