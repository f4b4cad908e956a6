"""Comments under an article, and «nyttig»."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.transaction import transaction
from intranet.news.actions import comments as actions
from intranet.news.comment_forms import CommentArticleForm, HideCommentForm
from intranet.news.policy import can_write_articles
from intranet.news.queries import articles
from intranet.news.queries import comments as queries
from intranet.news.views.blueprint import blueprint
from intranet.news.views.read import render_article
from intranet.news.views.write import editable
from intranet.web.access import current_viewer, requires


@blueprint.post("/nyheter/<int:article_id>/kommentar")
@requires()
def comment_article(article_id: int) -> Any:
    """Say something under an article."""
    viewer = current_viewer()
    page = articles.get_article_for(viewer, article_id)
    form = CommentArticleForm()
    send_key = form.ensure_key()
    if not form.validate() and page.is_open:
        return render_article(viewer, page, form), 422
    with transaction():
        article = articles.get_article(article_id)
        actions.comment_article(article, form.text.data or "", send_key=send_key, actor=viewer)
    return _back(article_id)


@blueprint.route(
    "/nyheter/<int:article_id>/kommentar/<int:comment_id>/skjul", methods=["GET", "POST"]
)
@requires(can_write_articles)
def hide_comment(article_id: int, comment_id: int) -> Any:
    """Hide a comment from the readers, and say why."""
    page = editable(article_id)
    comment = queries.get_comment(article_id, comment_id)
    form = HideCommentForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        template = "news/hide_comment.html"
        return render_template(template, article=page, comment=comment, form=form), status
    with transaction():
        actions.hide_comment(
            articles.get_article(article_id),
            queries.get_comment(article_id, comment_id),
            form.reason.data or "",
            actor=current_viewer(),
        )
    return _back(article_id)


@blueprint.post("/nyheter/<int:article_id>/nyttig")
@requires()
def turn_useful(article_id: int) -> AnyResponse:
    """Say that the article was useful, or take it back."""
    viewer = current_viewer()
    articles.get_article_for(viewer, article_id)
    with transaction():
        actions.turn_useful(
            articles.get_article(article_id),
            is_useful=request.form.get("is_useful") == "1",
            actor=viewer,
        )
    return _back(article_id)


def _back(article_id: int) -> AnyResponse:
    return redirect(url_for("news.show_article", article_id=article_id, _anchor="kommentarer"))
