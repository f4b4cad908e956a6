"""The pages that everybody reads: the list, the archive, one article and its picture."""

from __future__ import annotations

from flask import Response, render_template, request

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.keyset import page_request
from intranet.core.text import _
from intranet.news.comment_forms import CommentArticleForm
from intranet.news.contents import Category
from intranet.news.forms import ArchiveForm, offer_archive
from intranet.news.labels import ROLE_LABELS
from intranet.news.policy import can_raise_crisis, can_write_articles
from intranet.news.queries import articles, history, lists
from intranet.news.queries.comments import count_useful, list_comments
from intranet.news.views.blueprint import blueprint
from intranet.people.queries.units import UnitRow, list_sectors, list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_stored_file

YEAR = 31_536_000
LARGE, SMALL = PICTURE_SIZES = ("stor", "liten")


@blueprint.get("/nyheter")
@requires()
def list_articles() -> str:
    """Show what the person may read, newest first, of all sectors or of one."""
    viewer = current_viewer()
    unit_id = number_parameter("enhet")
    units = list_units() if unit_id is not None else []
    chosen = next((u for u in units if u.id == unit_id), None)
    wanted = page_request(request.args)
    below = _ids_below(units, chosen) if chosen else None
    may_write = can_write_articles(viewer)
    is_first = wanted.after is None and wanted.before is None
    return render_template(
        "news/list_articles.html",
        page=lists.list_articles_for(viewer, wanted, unit_ids=below),
        categories=list_sectors(),
        chosen=chosen,
        is_first=is_first,
        may_write=may_write,
        may_raise_crisis=can_raise_crisis(viewer),
        unpublished=lists.list_unpublished_for(viewer) if may_write and is_first else [],
    )


@blueprint.get("/nyheter/kladder")
@requires()
def list_drafts() -> str:
    """Show the drafts that the unit's editors have shared with the person."""
    drafts = lists.list_shared_drafts_for(current_viewer())
    return render_template("news/list_drafts.html", drafts=drafts)


@blueprint.get("/nyheter/arkiv")
@requires()
def show_archive() -> str:
    """Show all that the person may read, narrowed by year, category and unit."""
    viewer = current_viewer()
    years, units = lists.list_years(), list_units()
    form = ArchiveForm(request.args, meta={"csrf": False})
    offer_archive(form, years, units)
    # What the address holds and we did not offer narrows nothing.
    form.validate()
    year = form.aar.data if form.aar.data in years else None
    category = form.kategori.data if form.kategori.data in set(Category) else None
    chosen = next((unit for unit in units if unit.id == form.enhet.data), None)
    form.aar.data, form.kategori.data = year, category or ""
    form.enhet.data = chosen.id if chosen else None
    below = _ids_below(units, chosen) if chosen else None
    narrowed = lists.ArchiveFilter(year, category, below)
    wanted = page_request(request.args)
    may_write = can_write_articles(viewer)
    is_first = wanted.after is None and wanted.before is None
    return render_template(
        "news/show_archive.html",
        page=lists.list_archive_for(viewer, wanted, narrowed),
        form=form,
        chosen={"aar": year, "kategori": category, "enhet": form.enhet.data},
        is_narrowed=any((year, category, chosen)),
        expired=lists.list_expired_for(viewer) if may_write and is_first else [],
    )


def _ids_below(units: list[UnitRow], top: UnitRow) -> tuple[int, ...]:
    return tuple(unit.id for unit in units if unit.path.startswith(top.path))


@blueprint.get("/nyheter/<int:article_id>")
@requires()
def show_article(article_id: int) -> str:
    """Show one article; its editors also see its state, whom it is for and its history."""
    viewer = current_viewer()
    return render_article(viewer, articles.get_article_for(viewer, article_id))


def render_article(
    viewer: Viewer, article: articles.ArticlePage, form: CommentArticleForm | None = None
) -> str:
    """Return the article's page; with what was typed when a comment could not be kept."""
    may_edit, has_said = article.can_edit, article.allows_comments
    if article.is_open and form is None:
        form = CommentArticleForm(formdata=None)
        form.ensure_key()
    return render_template(
        "news/show_article.html",
        article=article,
        targets=_target_names(article.id) if may_edit else [],
        revisions=history.list_revisions(article.id) if may_edit else [],
        comments=list_comments(article.id) if has_said else [],
        useful=count_useful(viewer, article.id) if has_said else None,
        form=form if article.is_open else None,
    )


def _target_names(article_id: int) -> list[str]:
    roles = articles.target_roles_of(article_id)
    named = [str(label) for role, label in ROLE_LABELS.items() if role in roles]
    return [*articles.list_target_names(article_id), *named]


@blueprint.get("/nyheter/<int:article_id>/bilde/<string:size>")
@requires()
def show_picture(article_id: int, size: str) -> Response:
    """Send the article's picture; an address with the content's hash may be kept by the browser."""
    if size not in PICTURE_SIZES:
        raise NotFound(_("Vi finner ikke bildet."))
    stored = articles.get_picture_for(current_viewer(), article_id, is_small=size == SMALL)
    response = send_stored_file(stored, inline=True)
    if request.args.get("v") == stored.sha256[:12]:
        # In the person's own browser only; a shared cache between never keeps it.
        response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response
