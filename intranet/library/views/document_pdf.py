"""A document as PDF, for the wall and the archive: it says itself how old it is."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import get_locale

from intranet.core.clock import OSLO, now
from intranet.core.errors import NotFound
from intranet.core.pdf import make_pdf
from intranet.core.richtext_tree import to_tree
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.library.addresses import document_url
from intranet.library.lifecycle import DocumentState
from intranet.library.queries import documents, revisions
from intranet.library.queries.documents import DocumentPage
from intranet.library.queries.revisions import RevisionPage
from intranet.library.queries.supplements import find_supplemented
from intranet.library.views.blueprint import blueprint, printed_line
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_made_file
from intranet.web.filters import full_day
from intranet.web.qr_code import draw_code, draw_code_file


@blueprint.get("/bibliotek/<string:number>/pdf")
@requires()
def download_document(number: str) -> Response:
    """Send what applies, or applied last, as tagged PDF with a code that leads to the page."""
    viewer = current_viewer()
    document = documents.get_document_for(viewer, number)
    if document.current_version is None:
        raise NotFound(_("Dokumentet er ikke publisert ennå."))
    revision = revisions.get_revision_for(viewer, document, document.current_version)
    made = make_pdf("library/document.typ", _data(document, revision), made_at=now())
    name = f"{document.number}-v{revision.number}.pdf"
    return send_made_file(made, "application/pdf", name)


@blueprint.get("/bibliotek/<string:number>/kode.svg")
@requires()
def draw_document_code(number: str) -> Response:
    """Send the code that leads to the page: for the page on paper, which fetches it only then."""
    document = documents.get_document_for(current_viewer(), number)
    code = draw_code_file(_address(document.number))
    return Response(code, content_type="image/svg+xml; charset=utf-8")


def _address(number: str) -> str:
    return get_settings().base_url.rstrip("/") + document_url(number)


def _data(document: DocumentPage, revision: RevisionPage) -> dict[str, Any]:
    settings = get_settings()
    address = _address(document.number)
    files = [row.name for row in revisions.list_files(revision.id)]
    units = documents.units_of(document, revision.valid_for)
    central = find_supplemented(document.supplements_id)
    return {
        "title": revision.title,
        "lang": str(get_locale() or "nb")[:2],
        "municipality": settings.municipality,
        "number": f"{document.number} · {document.type_name}",
        "notice": notice_of(document),
        "line": printed_line(document.number, revision.number),
        "address": address,
        "base": settings.base_url.rstrip("/"),
        "code": str(draw_code(address)),
        "code_alt": _("QR-kode til %(address)s", address=address),
        "page": _("Side"),
        "facts": [
            *([[_("Tillegg til"), f"{central.number} {central.title}"]] if central else []),
            [_("Eier"), document.owner_name],
            [_("Enhet"), document.unit_name],
            [_("Gjelder for"), ", ".join(units) or _("Hele kommunen")],
            [_("Godkjent av"), revision.approver_name or ""],
            [_("Gjelder fra"), full_day(revision.valid_from)],
            *([[_("Ses over innen"), full_day(document.review_on)]] if document.review_on else []),
            *([[_("Filer"), ", ".join(files)]] if files else []),
        ],
        "blocks": to_tree(revision.body),
    }


def notice_of(document: DocumentPage) -> str:
    """Return what stands first on paper that must not be followed any more."""
    if document.facts.state is not DocumentState.WITHDRAWN:
        return ""
    return _(
        "Gjelder ikke lenger. Trukket tilbake %(day)s.",
        day=full_day(document.withdrawn_at.astimezone(OSLO).date()),
    )
