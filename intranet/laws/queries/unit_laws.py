"""Reads the lists of laws that matter in a unit: its own, and those of the units above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, func, select

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.addresses import LONGEST_WHOLE_LAW, anchor_of, law_url, section_url
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.labels import standing_label
from intranet.laws.models import Law, LawSection, LawWording, UnitLaw
from intranet.laws.policy import can_keep_list
from intranet.laws.queries.pages import NO_BREAK_HYPHEN, NO_BREAK_SPACE
from intranet.laws.queries.targets import said
from intranet.people.models import Person, Unit
from intranet.people.queries.persons import find_row
from intranet.people.queries.units import UnitRow, get_unit, list_units


@dataclass(frozen=True)
class ListedLaw:
    """One line of a list. `changed_on` is the edition that last changed the paragraph, or the law
    as a whole; `changes_on` when its words will change.
    """

    id: int
    refid: str
    section: str
    name: str
    title: str
    url: str
    note: str
    added_by: str
    added_on: date
    label: str
    color: str
    is_in_force: bool
    changed_on: date | None
    changes_on: date | None


@dataclass(frozen=True)
class UnitList:
    """The lines of one unit, and whether the viewer keeps them."""

    unit_id: int
    unit_name: str
    can_keep: bool
    laws: list[ListedLaw]


_CHANGED_ON = (
    select(func.max(LawWording.changed_as_of))
    .where(
        LawWording.refid == UnitLaw.refid,
        (UnitLaw.section_key == "") | (LawWording.section_key == UnitLaw.section_key),
    )
    .correlate(UnitLaw)
    .scalar_subquery()
)
_LINES = (
    select(
        UnitLaw.id, UnitLaw.unit_id, UnitLaw.refid, UnitLaw.section, UnitLaw.note,
        UnitLaw.added_at, Person.name.label("added_by"),
        Law.short_title, Law.in_force_text, Law.in_force_on, Law.in_force_until, Law.gone_on,
        Law.row_count, LawSection.kind, LawSection.title, LawSection.anchor,
        LawSection.is_repealed, LawSection.changes_on, _CHANGED_ON.label("changed_on"),
    )
    .join(Person, Person.id == UnitLaw.added_by_id)
    .outerjoin(Law, Law.refid == UnitLaw.refid)
    .outerjoin(
        LawSection,
        and_(
            LawSection.law_id == Law.id,
            LawSection.section_key == UnitLaw.section_key,
            UnitLaw.section_key != "",
        ),
    )
    .order_by(Law.sort_key, LawSection.ordinal, UnitLaw.section_key, UnitLaw.id)
)  # fmt: skip

_NOTES = (
    select(UnitLaw.section, UnitLaw.note, Unit.name)
    .join(Unit, Unit.id == UnitLaw.unit_id)
    .where(
        UnitLaw.refid == bindparam("refid"),
        UnitLaw.unit_id.in_(bindparam("units", expanding=True)),
    )
    .order_by(func.length(Unit.path).desc(), UnitLaw.id)
)


def list_for_unit(viewer: Viewer, unit_id: int) -> list[UnitList]:
    """Return the unit's own list, also an empty one, and those above it that hold something."""
    ids = _ids_upwards(get_unit(unit_id).path)
    units = {
        unit.id: unit
        for unit in db.session.execute(
            select(Unit.id, Unit.name, Unit.path).where(Unit.id.in_(ids))
        )
    }
    lines: dict[int, dict[int, ListedLaw]] = {}
    for row in db.session.execute(_LINES.where(UnitLaw.unit_id.in_(ids))):
        # An annex may repeat a number: the first counts.
        lines.setdefault(row.unit_id, {}).setdefault(row.id, _line(row))
    return [
        UnitList(
            each, units[each].name, can_keep_list(viewer, units[each].path),
            list(lines.get(each, {}).values()),
        )
        for each in ids
        if each == unit_id or each in lines
    ]  # fmt: skip


def list_notes(viewer: Viewer, refid: str) -> dict[str, list[tuple[str, str]]]:
    """Return (unit, note) by anchor of what the lists of the viewer's unit say about a law; under
    "" about the whole law.
    """
    if viewer.home_unit_id is None:
        return {}
    ids = sorted(viewer.unit_ancestor_ids | {viewer.home_unit_id})
    found: dict[str, list[tuple[str, str]]] = {}
    for section, note, name in read(_NOTES, refid=refid, units=ids):
        found.setdefault(anchor_of(section) if section else "", []).append((name, note))
    return found


def list_kept_units(viewer: Viewer) -> list[UnitRow]:
    """Return the units whose lists the viewer keeps, in the order of the tree."""
    return [unit for unit in list_units() if can_keep_list(viewer, unit.path)]


def load_unit_law(unit_law_id: int) -> UnitLaw:
    """Return the line. Raises NotFound."""
    found = find_row(UnitLaw, unit_law_id)
    if found is None:
        raise NotFound(_("Dette står ikke på noen liste lenger."))
    return found


def _ids_upwards(path: str) -> list[int]:
    return [int(part) for part in reversed(path.strip("/").split("/")) if part]


def _line(row: AnyRow) -> ListedLaw:
    state = InForce.GONE
    if row.short_title is not None:
        state = in_force_on(
            today(),
            text=row.in_force_text,
            first=row.in_force_on,
            until=row.in_force_until,
            gone=row.gone_on,
        )
    label, color = standing_label(state)
    is_missing = bool(row.section) and row.short_title is not None and row.anchor is None
    if row.is_repealed or is_missing:
        label, color = _("Opphevet"), "danger"
    url = law_url(row.refid)
    if row.anchor:
        url = section_url(row.refid, row.anchor, row.row_count > LONGEST_WHOLE_LAW)
    return ListedLaw(
        id=row.id,
        refid=row.refid,
        section=row.section,
        name=_unbroken(said(row.short_title or row.refid, row.section)),
        title=row.title or "",
        url=url,
        note=row.note,
        added_by=row.added_by,
        added_on=row.added_at.date(),
        label=label,
        color=color,
        is_in_force=state is InForce.IN_FORCE and not row.is_repealed and not is_missing,
        changed_on=row.changed_on,
        changes_on=row.changes_on,
    )


def _unbroken(name: str) -> str:
    """Keep the sign with its number on one line."""
    head, sign, number = name.partition(" § ")
    kept = number.replace("-", NO_BREAK_HYPHEN).replace(" ", NO_BREAK_SPACE)
    return f"{head} §{NO_BREAK_SPACE}{kept}" if sign else head
