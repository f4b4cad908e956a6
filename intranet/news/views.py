"""The pages of news."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import (
    IntranetError,
    InvalidInput,
    NotAllowed,
    NotFound,
    SomeoneElseWasFirst,
)
from intranet.core.keyset import page_request
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news import actions, queries
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
from intranet.people.queries.units import list_sectors, list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form

blueprint = Blueprint("news", __name__)

YEAR = 31_536_000
LARGE, SMALL = PICTURE_SIZES = ("stor", "liten")
# What the submit buttons of the form send.
PUBLISH, PREVIEW = "publish", "preview"


@blueprint.get("/nyheter")
@requires()
def list_articles() -> str:
    """Show what the person may read, newest first, of all sectors or of one."""
    viewer = current_viewer()
    unit_id = number_parameter("enhet")
    units = list_units() if unit_id is not None else []
    chosen = next((u for u in units if u.id == unit_id), None)
    wanted = page_request(request.args)
    below = [u.id for u in units if u.path.startswith(chosen.path)] if chosen else None
    may_write = can_write_articles(viewer)
    is_first = wanted.after is None and wanted.before is None
    return render_template(
        "news/list_articles.html",
        page=queries.list_articles_for(viewer, wanted, unit_ids=below),
        categories=list_sectors(),
        chosen=chosen,
        is_first=is_first,
        may_write=may_write,
        unpublished=queries.list_unpublished_for(viewer) if may_write and is_first else [],
    )


@blueprint.get("/nyheter/<int:article_id>")
@requires()
def show_article(article_id: int) -> str:
    """Show one article; its editors also see its state, whom it is for and its history."""
    article = queries.get_article_for(current_viewer(), article_id)
    may_edit = article.can_edit
    return render_template(
        "news/show_article.html",
        article=article,
        targets=queries.list_target_names(article_id) if may_edit else [],
        revisions=queries.list_revisions(article_id) if may_edit else [],
    )


@blueprint.get("/nyheter/<int:article_id>/bilde/<string:size>")
@requires()
def show_picture(article_id: int, size: str) -> Response:
    """Send the article's picture; an address with the content's hash may be kept by the browser."""
    if size not in PICTURE_SIZES:
        raise NotFound(_("Vi finner ikke bildet."))
    stored = queries.get_picture_for(current_viewer(), article_id, is_small=size == SMALL)
    response = send_stored_file(stored, inline=True)
    if request.args.get("v") == stored.sha256[:12]:
        # In the person's own browser only; a shared cache between never keeps it.
        response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


@blueprint.route("/nyheter/skriv", methods=["GET", "POST"])
@requires(can_write_articles)
def write_article() -> Any:
    """Write a new article: keep it as a draft, preview it or publish it."""
    viewer = current_viewer()
    form = WriteArticleForm(data={"owner_unit": viewer.home_unit_id})
    offer_units(form, queries.list_editable_units(viewer), list_units())
    send_key = form.ensure_key()
    if not form.is_submitted() or _is_preview():
        return _render_form(form)
    if not form.validate():
        return _render_form(form, status=422)
    try:
        picture = _received_picture()
        with transaction():
            article = actions.write_article(
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
    article = _editable(article_id)
    form = EditArticleForm(data=form_values(article, queries.target_ids_of(article_id)))
    offer_units(form, queries.list_editable_units(viewer), list_units())
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
    _editable(article_id)
    with transaction():
        actions.publish_article(queries.get_article(article_id), actor=current_viewer())
    return redirect(url_for("news.show_article", article_id=article_id))


@blueprint.post("/nyheter/<int:article_id>/trekk")
@requires(can_write_articles)
def withdraw_article(article_id: int) -> AnyResponse:
    """Take an article away from its readers."""
    _editable(article_id)
    with transaction():
        actions.withdraw_article(queries.get_article(article_id), actor=current_viewer())
    return redirect(url_for("news.show_article", article_id=article_id))


def _editable(article_id: int) -> queries.ArticlePage:
    """Return the article, 404 when the person may not see it, 403 when only reading is allowed."""
    article = queries.get_article_for(current_viewer(), article_id)
    if not article.can_edit:
        raise NotAllowed(_("Du er ikke redaktør for denne enheten."))
    return article


def _save(article_id: int, form: EditArticleForm, picture: ReceivedPicture | None) -> None:
    actions.edit_article(
        queries.get_article(article_id),
        contents_of(form),
        version=form.version.data or 0,
        actor=current_viewer(),
        picture=picture,
        removes_picture=bool(form.removes_picture.data),
    )
    _publish_if_asked(article_id)


def _publish_if_asked(article_id: int) -> None:
    article = queries.get_article(article_id)
    if request.form.get("step") == PUBLISH and not actions.is_published(article):
        actions.publish_article(article, actor=current_viewer())


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
    theirs = _editable(article_id)
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
            must_choose_picture_again=bool(upload and upload.filename),
            form_has_errors=status != 200,
        ),
        status,
    )
