"""The page where two editions of an article are read against each other."""

from __future__ import annotations

from flask import render_template

from intranet.core.errors import NotAllowed
from intranet.core.text import _
from intranet.core.word_diff import compare_markdown, count_changes
from intranet.news.forms import CompareEditionsForm, offer_editions
from intranet.news.queries import articles, history
from intranet.news.views.blueprint import blueprint
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter


@blueprint.get("/nyheter/<int:article_id>/historikk")
@requires()
def compare_editions(article_id: int) -> str:
    """Show its editors what one edition has that an earlier one had not; first the last two."""
    article = articles.get_article_for(current_viewer(), article_id)
    if not article.can_edit:
        raise NotAllowed(_("Du er ikke redaktør for denne enheten."))
    rows = history.list_revisions(article_id)
    newest, former = rows[0].number, rows[min(1, len(rows) - 1)].number
    chosen = number_parameter("fra") or former, number_parameter("til") or newest
    before, after = (history.get_revision(article_id, one) for one in sorted(chosen))
    form = CompareEditionsForm(formdata=None, data={"fra": before.number, "til": after.number})
    offer_editions(form, rows)
    changes = compare_markdown(_whole(before), _whole(after))
    return render_template(
        "news/compare_editions.html",
        article=article,
        form=form,
        before=before,
        after=after,
        changes=changes,
        change_count=count_changes(changes),
        revisions=rows,
    )


def _whole(edition: object) -> str:
    """Return what a reader saw, from the top, as one text."""
    parts = (getattr(edition, name) for name in ("title", "lead", "body", "picture_alt"))
    return "\n\n".join(part for part in parts if part)
