"""The pages of what must be read: confirming, and who has."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from intranet.core.errors import NotAllowed, NotFound
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.news.actions.reading import confirm_article as confirm
from intranet.news.policy import can_see_coverage
from intranet.news.queries import articles, readers
from intranet.news.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter


@blueprint.post("/nyheter/<int:article_id>/lest")
@requires()
def confirm_article(article_id: int) -> AnyResponse:
    """Keep that the person has read the article."""
    viewer = current_viewer()
    page = articles.get_article_for(viewer, article_id)
    with transaction():
        confirm(articles.get_article(article_id), is_for_me=page.is_for_me, actor=viewer)
    return redirect(url_for("news.show_article", article_id=article_id, _anchor="lest"))


@blueprint.get("/nyheter/<int:article_id>/lest")
@requires()
def list_readers(article_id: int) -> str:
    """Show how far the reading has come in the units that the viewer answers for."""
    viewer = current_viewer()
    article = articles.get_article_for(viewer, article_id)
    if not can_see_coverage(viewer, article.owner_path):
        raise NotAllowed(_("Bare redaktører og ledere ser hvem som har lest."))
    if article.must_read_by is None:
        raise NotFound(_("Denne saken skal ikke bekreftes."))
    unit_id = number_parameter("enhet")
    coverage = readers.list_coverage_for(viewer, article)
    missing = readers.list_missing_for(viewer, article, unit_id)
    return render_template(
        "news/list_readers.html",
        article=article,
        coverage=coverage,
        chosen=next((row for row in coverage.units if unit_id and row.id == unit_id), None),
        missing=missing[: readers.NAMES],
        has_more=len(missing) > readers.NAMES,
    )
