"""Takes a case out of deviations with all that hangs on it, for a room that takes it over.

Afterwards nothing here knows of it: no row is left for a list, count, clock or copy to find, in
this room or in one that is built later. Never commits.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from intranet.audit.actions import hide_entries
from intranet.deviations.actions.steps import restart_clock, shown_number
from intranet.deviations.models import Deviation, DeviationEntry, DeviationForward
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.links import list_duplicates_of
from intranet.deviations.workflow import DeviationState
from intranet.extensions import db
from intranet.notifications.actions import withdraw_notices

Rows = dict[str, list[dict[str, Any]]]
# How the audit of one case names another.
_NAMED_AS = ("other", "main", "duplicate")
# Lines in the story of one case that name another, as "other".
_NAMING = (
    "link",
    "unlink",
    "merge",
    "unmerge",
    "duplicate_added",
    "duplicate_removed",
)


def take_out(case: Case, address: str) -> Rows:
    """Remove the case and return every row of it by table, as plain values.

    What follows it stands alone again. The reporter is led to `address` from now on.
    """
    deviation = case.deviation
    number, reporter_id = deviation.number, deviation.reporter_id
    subject_id = deviation.id
    _free_duplicates(deviation)
    rows = _take_mentions(shown_number(deviation), subject_id)
    db.session.flush()
    db.session.expunge(deviation)
    rows |= _take_rows(subject_id)
    hide_entries("deviation", subject_id, named_as=_NAMED_AS)
    withdraw_notices(f"deviation:{subject_id}", besides=reporter_id)
    if reporter_id is not None:
        db.session.add(DeviationForward(number=number, reporter_id=reporter_id, address=address))
    db.session.flush()
    return rows


def _free_duplicates(main: Deviation) -> None:
    """Let those that wait for this case's answer be handled by themselves again, untold."""
    for duplicate in list_duplicates_of(main.id):
        if duplicate.state == DeviationState.MERGED:
            duplicate.state = duplicate.state_before_merge or DeviationState.REPORTED
            restart_clock(duplicate)
        duplicate.duplicate_of_id = duplicate.state_before_merge = None


def _take_mentions(number: str, deviation_id: int) -> Rows:
    """Remove the lines in the stories of others that name this case."""
    found = db.session.execute(
        select(DeviationEntry).where(
            DeviationEntry.code.in_(_NAMING),
            DeviationEntry.deviation_id != deviation_id,
            DeviationEntry.params["other"].as_string() == number,
        )
    ).scalars()
    rows = []
    for entry in found:
        values = {column.name: getattr(entry, column.name) for column in entry.__table__.columns}
        rows.append(_plain(values))
        withdraw_notices(f"deviation:{entry.deviation_id}:e{entry.id}")
        db.session.delete(entry)
    return {"deviation_entry_elsewhere": rows}


def _take_rows(deviation_id: int) -> Rows:
    """Remove what belongs to the case, the outermost first.

    A row belongs to it when a reference that it cannot be without leads there. A reference that
    may be empty only points, and is emptied.
    """
    root = Deviation.metadata.tables["deviation"]
    keys: dict[Table, list[Any]] = {root: [deviation_id]}
    belonging: list[tuple[Table, ColumnElement[bool]]] = [(root, root.c.id == deviation_id)]
    rows: Rows = {}
    for table in Deviation.metadata.sorted_tables:
        if table is not root:
            ways = [
                each.parent.in_(keys[each.column.table])
                for each in table.foreign_keys
                if each.column.table in keys and not each.parent.nullable
            ]
            if not ways:
                continue
            belonging.append((table, or_(*ways)))
        condition = belonging[-1][1]
        [*own_key] = table.primary_key.columns
        wanted = select(table).where(condition).order_by(*own_key)
        found = db.session.execute(wanted).mappings().all()
        rows[table.name] = [_plain(dict(row)) for row in found]
        if len(own_key) == 1:
            keys[table] = [row[own_key[0].name] for row in found]
    _empty_pointers(keys)
    for table, condition in reversed(belonging):
        db.session.execute(delete(table).where(condition))
    return rows


def _empty_pointers(keys: dict[Table, list[Any]]) -> None:
    for table in Deviation.metadata.sorted_tables:
        for each in table.foreign_keys:
            if each.column.table in keys and each.parent.nullable:
                condition = each.parent.in_(keys[each.column.table])
                values: dict[Any, Any] = {each.parent: None}
                if "version" in table.c:
                    # Whoever has the row open on a page is told that it changed (CC-03).
                    values[table.c.version] = table.c.version + 1
                db.session.execute(update(table).where(condition).values(values))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(row, default=str))
    return plain
