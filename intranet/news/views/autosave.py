"""Saves a draft while it is being written; answers the script in the page."""

from __future__ import annotations

from flask import Response, jsonify, make_response, render_template

from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.text_checks import check_text
from intranet.core.transaction import transaction
from intranet.news.actions.autosave import autosave_article as save
from intranet.news.forms import EditArticleForm, contents_of, offer_units
from intranet.news.policy import can_write_articles
from intranet.news.queries import articles
from intranet.news.views.blueprint import blueprint
from intranet.news.views.write import editable
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.form_fields import form_faults


@blueprint.post("/nyheter/<int:article_id>/autolagre")
@requires(can_write_articles)
def autosave_article(article_id: int) -> Response:
    """Save what is in the form; say when, or in words why not. Nothing of another's is lost."""
    viewer = current_viewer()
    editable(article_id)
    form = EditArticleForm()
    offer_units(form, articles.list_editable_units(viewer), list_units())
    if not form.validate():
        return _refused(form_faults(form)[0].text, 422)
    try:
        with transaction():
            article = articles.get_article(article_id)
            save(article, contents_of(form), version=form.version.data, actor=viewer)
            version = article.version
    except InvalidInput as error:
        return _refused(str(error.message), 422)
    except SomeoneElseWasFirst:
        return _refused(_told_who(article_id), 409)
    except NotPossibleNow as error:
        return _refused(str(error.message), 409)
    return jsonify(
        saved=_("Lagret kl. %(time)s", time=f"{now().astimezone(OSLO):%H.%M}"),
        version=version,
        remarks=render_template(
            "_components/remarks_part.html",
            remarks=check_text(form.body.data or ""),
            stops=False,
        ),
    )


def _told_who(article_id: int) -> str:
    theirs = editable(article_id)
    return _(
        "Ikke lagret. %(name)s lagret kl. %(time)s mens du skrev. Teksten din står her. "
        "Trykk «Lagre kladd» for å se det andre.",
        name=theirs.changer_name or _("Noen andre"),
        time=f"{theirs.changed_at.astimezone(OSLO):%H.%M}",
    )


def _refused(message: str, status: int) -> Response:
    return make_response(jsonify(message=message), status)
