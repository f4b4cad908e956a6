"""The register of all documents, and the same as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, render_template, request

from intranet.core.clock import today
from intranet.core.csv_text import Cell, csv_bytes
from intranet.core.file_types import FILE_TYPES
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.core.xlsx_table import xlsx_bytes
from intranet.library.actions.take_out import take_out_register
from intranet.library.labels import DOCUMENT_LABELS, REVISION_LABELS
from intranet.library.lifecycle import DocumentState
from intranet.library.policy import (
    can_give_some_owner,
    can_take_in_somewhere,
    can_write_somewhere,
)
from intranet.library.queries import register
from intranet.library.queries.types import list_types
from intranet.library.register_forms import (
    SORTS,
    RegisterFilterForm,
    offer_register_filters,
    wanted_of,
)
from intranet.library.views.blueprint import blueprint
from intranet.people.queries.units import list_units
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter
from intranet.web.downloads import send_made_file

KEPT = ("q", "type", "enhet", "status", "eier", "sorter", "frist", "uten")


@blueprint.get("/bibliotek/register")
@requires()
def show_register() -> str:
    """Show every document that the viewer may see, narrowed and sorted as the address says."""
    viewer = current_viewer()
    form = _form()
    wanted = wanted_of(form)
    # The select shows what counts, also when the address asked for something else.
    form.sorter.data = ("-" if wanted.is_descending else "") + wanted.sort
    arguments = {k: v for k, v in request.args.items() if k in KEPT and v}
    is_narrowed = bool(arguments.keys() - {"sorter"})
    return render_template(
        "library/show_register.html",
        form=form,
        wanted=wanted,
        sorts=SORTS,
        page=register.list_register_for(
            viewer, wanted, after=number_parameter("neste"), before=number_parameter("forrige")
        ),
        found=register.count_register_for(viewer, wanted),
        most_counted=register.MOST_COUNTED,
        arguments=arguments,
        narrowing=_before_more(arguments),
        is_narrowed=is_narrowed,
        may_give_owner=can_give_some_owner(viewer),
        may_take_in=can_take_in_somewhere(viewer),
        is_worker=can_write_somewhere(viewer),
    )


@blueprint.post("/bibliotek/register/fil")
@requires()
def take_out_register_file() -> Response:
    """Send what the filter finds of what the viewer may see, and keep that it was done.

    As CSV, or where the form asks for it as a sheet for Excel.
    """
    viewer = current_viewer()
    form = _form()
    rows = register.list_whole_register_for(viewer, wanted_of(form))
    with transaction():
        take_out_register(len(rows), actor=viewer)
    headers, cells = [str(header) for header in _headers()], [_cells(row) for row in rows]
    name = f"dokumentregister-{today()}"
    if request.form.get("som") == "xlsx":
        made = xlsx_bytes(_("Dokumentregister"), headers, cells)
        return send_made_file(made, FILE_TYPES["xlsx"].media_type, f"{name}.xlsx")
    return send_made_file(csv_bytes(headers, cells), "text/csv; charset=utf-8", f"{name}.csv")


def _before_more(arguments: dict[str, str]) -> str:
    """Return how the register is narrowed, as it stands in an address before its sorting."""
    narrowing = urlencode({name: value for name, value in arguments.items() if name != "sorter"})
    return f"{narrowing}&" if narrowing else ""


def _form() -> RegisterFilterForm:
    form = RegisterFilterForm(request.args)
    offer_register_filters(form, list_types(), list_units())
    form.validate()
    return form


def _headers() -> list[str]:
    return [
        _("Nummer"),
        _("Tittel"),
        _("Type"),
        _("Versjon"),
        _("Status"),
        _("Under arbeid"),
        _("Gjelder fra"),
        _("Ses over innen"),
        _("Ikke sett over i tide"),
        _("Eier"),
        _("Uten eier"),
        _("Enhet"),
        _("Godkjent av"),
    ]


def _cells(row: AnyRow) -> list[Cell]:
    is_late = (
        row.state == DocumentState.PUBLISHED
        and row.review_on is not None
        and row.review_on < today()
    )
    return [
        row.number,
        row.title,
        row.type_name,
        row.current_version,
        str(DOCUMENT_LABELS[row.state][0]),
        str(REVISION_LABELS[row.working_state][0]) if row.working_state else "",
        row.valid_from,
        row.review_on,
        _("ja") if is_late else "",
        row.owner_name,
        _("ja") if row.is_unowned else "",
        row.unit_name,
        row.approver_name,
    ]
