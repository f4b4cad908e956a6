"""The register as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intranet.core.csv_text import Cell, csv_bytes
from intranet.core.text import _
from intranet.delegations.labels import STANDING_LABELS


def write_file(lines: Iterable[Any]) -> bytes:
    """Return one row for each delegation, under a row of names."""
    headers = [
        _("Nummer"), _("Type"), _("Gjelder i"), _("Har den"), _("Leder av"), _("Beløp i kroner"),
        _("Første dag"), _("Siste dag"), _("Kan gis videre"), _("Bygger på nummer"),
        _("Vedtatt av"), _("Ført inn av"), _("Hjemmel"), _("Vilkår"), _("Status"),
        _("Gjelder ikke fra"), _("Grunn"),
    ]  # fmt: skip
    return csv_bytes(headers, [_cells(line) for line in lines])


def _cells(line: Any) -> list[Cell]:
    without_limit = _("uten grense") if line.has_amount else ""
    return [
        line.id,
        line.kind_name,
        line.unit_name,
        line.holder_name or line.leader_name,
        line.office_name,
        without_limit if line.amount is None else line.amount,
        line.starts_on,
        line.ends_on,
        _("ja") if line.may_pass_on else _("nei"),
        line.parent_id,
        line.source,
        line.giver_name,
        line.law_reference,
        line.conditions,
        str(STANDING_LABELS[line.standing][0]),
        line.ended_on,
        line.end_reason,
    ]
