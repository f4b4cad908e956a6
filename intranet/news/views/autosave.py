"""Saves a draft while it is being written; answers the script in the page."""

from __future__ import annotations

from flask import Response

from intranet.core.clock import OSLO
from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.news.actions import autosave as actions
from intranet.news.forms import EditArticleForm, contents_of, offer_units
from intranet.news.policy import can_write_articles
from intranet.news.queries import articles
from intranet.news.views.blueprint import blueprint
from intranet.news.views.write import editable
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.autosaving import answer_autosave
from intranet.web.form_fields import form_faults


@blueprint.post("/nyheter/<int:article_id>/autolagre")
@requires(can_write_articles)
def autosave_article(article_id: int) -> Response:
    """Save what is in the form; say when, or in words why not. Nothing of another's is lost."""
    viewer = current_viewer()
    editable(article_id)
    form = EditArticleForm()
    offer_units(form, articles.list_editable_units(viewer), list_units())

    def save() -> int:
        if not form.validate():
            raise InvalidInput(form_faults(form)[0].text)
        with transaction():
            article = articles.get_article(article_id)
            actions.autosave_article(
                article, contents_of(form), version=form.version.data, actor=viewer
            )
            return article.version

    return answer_autosave(save, lambda: _told_who(article_id), form.body.data, stops=False)


def _told_who(article_id: int) -> str:
    theirs = editable(article_id)
    return _(
        "Ikke lagret. %(name)s lagret kl. %(time)s mens du skrev. Teksten din står her. "
        "Trykk «Lagre kladd» for å se det andre.",
        name=theirs.changer_name or _("Noen andre"),
        time=f"{theirs.changed_at.astimezone(OSLO):%H.%M}",
    )
