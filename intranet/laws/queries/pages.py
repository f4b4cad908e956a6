"""What the pages of laws show: lists of laws, and one law with its contents and the part that
is open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, or_, select

from intranet.core.clock import today
from intranet.core.errors import NotFound
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.addresses import LONGEST_WHOLE_LAW
from intranet.laws.amendments import ComingChange, coming_changes
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.labels import change_sentence, in_words, standing_label, standing_sentence
from intranet.laws.models import Law, LawSection
from intranet.laws.names import MUNICIPAL_LAWS
from intranet.laws.queries.history import last_changes
from intranet.laws.texts import NodeKind

PAGE_SIZE = 50
NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\u00a0", "\u2011"
_REFID = re.compile(r"(?:lov|forskrift)/[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]{1,6})?")
_MOST_WORDS = 6
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class LawRow:
    """A law in a list."""

    refid: str
    kind: str
    short_title: str
    title: str
    state: InForce
    label: str
    color: str


@dataclass(frozen=True)
class LawList:
    """One page of laws, and the id that the next page starts after."""

    rows: list[LawRow]
    after: int | None
    as_of: str


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the contents."""

    kind: str
    level: int
    name: str
    anchor: str
    part: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One row of the law as it is shown. `html` was cleaned when it was imported."""

    kind: str
    level: int
    number: str
    name: str
    anchor: str
    html: Markup
    notes: list[str]
    is_repealed: bool
    warnings: list[str]
    changed: str


@dataclass(frozen=True)
class LawPage:
    """A law with its contents and the rows of the part that is open (the whole law when it is
    short).
    """

    law: AnyRow
    state: InForce
    label: str
    color: str
    sentence: str
    contents: list[ContentsEntry]
    sections: list[SectionRow]
    part: int
    part_count: int
    has_changes: bool

    @property
    def as_of(self) -> str:
        return in_words(self.law.as_of)

    @property
    def last_changed(self) -> str:
        return in_words(self.law.last_changed_on) if self.law.last_changed_on else ""

    @property
    def ministries(self) -> list[str]:
        return [line for line in self.law.ministries.split("\n") if line]


_LIST = select(
    Law.id, Law.refid, Law.kind, Law.short_title, Law.title, Law.in_force_text, Law.in_force_on,
    Law.in_force_until, Law.gone_on, Law.sort_key, Law.as_of,
)  # fmt: skip
_LAW = select(
    Law.id, Law.refid, Law.kind, Law.title, Law.short_title, Law.names, Law.ministries, Law.as_of,
    Law.in_force_text, Law.in_force_on, Law.in_force_until, Law.gone_on, Law.last_changed_on,
    Law.last_changed_by, Law.is_amending, Law.is_announcement, Law.is_demo, Law.dokid,
    Law.row_count,
)  # fmt: skip
_CONTENTS = select(
    LawSection.ordinal, LawSection.kind, LawSection.level, LawSection.section, LawSection.title,
    LawSection.anchor,
).order_by(LawSection.ordinal)  # fmt: skip
_BODY = select(
    LawSection.ordinal, LawSection.kind, LawSection.level, LawSection.section, LawSection.title,
    LawSection.anchor, LawSection.html, LawSection.notes, LawSection.is_repealed,
).order_by(LawSection.ordinal)  # fmt: skip


def list_laws(words: str, kind: str, after: int | None) -> LawList:
    """Laws whose names hold all the words, by name; amending acts only when they are asked for
    by name.
    """
    statement = _LIST
    parts = words.lower().split()[:_MOST_WORDS]
    for word in parts:
        statement = statement.where(Law.name_key.contains(word, autoescape=True))
    if not parts:
        statement = statement.where(~Law.is_amending, ~Law.is_announcement)
    if kind:
        statement = statement.where(Law.kind == kind)
    if after is not None and (place := _place(after)) is not None:
        statement = statement.where(place)
    rows = db.session.execute(statement.order_by(Law.sort_key, Law.id).limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    return LawList(
        rows=[_law_row(row) for row in shown],
        after=shown[-1].id if len(rows) > PAGE_SIZE else None,
        as_of=in_words(max(row.as_of for row in shown)) if shown else "",
    )


def list_municipal_laws() -> list[LawRow]:
    """The laws and regulations that municipalities work with every day, most cited first."""
    rows = db.session.execute(
        _LIST.where(Law.refid.in_(MUNICIPAL_LAWS)).order_by(Law.cited_count.desc(), Law.sort_key)
    )
    return [_law_row(row) for row in rows]


def get_law_page(refid: str, place: str = "", part: int | None = None) -> LawPage:
    """A law's page. A long law shows the part with the anchor `place`, or part number `part`,
    or the first.
    """
    law = get_law(refid)
    is_long = law.row_count > LONGEST_WHOLE_LAW
    statement = _CONTENTS if is_long else _BODY
    rows = db.session.execute(statement.where(LawSection.law_id == law.id)).all()
    starts = _part_starts(rows)
    contents = _contents(rows, starts)
    opened = _opened(contents, place, part, len(starts))
    body = _part_body(law.id, starts, opened) if is_long else rows
    state = _state(law)
    label, color = standing_label(state)
    changed = last_changes(law.id, law.refid)
    return LawPage(
        law=law,
        state=state,
        label=label,
        color=color,
        sentence=standing_sentence(
            state,
            first=law.in_force_on,
            until=law.in_force_until,
            gone=law.gone_on,
            text=law.in_force_text,
        ),
        contents=[entry for entry in contents if entry.name],
        sections=[_section_row(row, today(), changed) for row in body],
        part=opened,
        part_count=len(starts),
        has_changes=bool(changed),
    )


def get_law(refid: str) -> AnyRow:
    """A law's own facts, without its text. Raises NotFound."""
    law = None
    if _REFID.fullmatch(refid):
        law = db.session.execute(_LAW.where(Law.refid == refid)).one_or_none()
    if law is None:
        raise NotFound(_("Vi har ingen lov eller forskrift med dette nummeret."))
    return law


def _part_body(law_id: int, starts: Sequence[int], opened: int) -> Sequence[AnyRow]:
    body = _BODY.where(LawSection.law_id == law_id, LawSection.ordinal >= starts[opened])
    if opened + 1 < len(starts):
        body = body.where(LawSection.ordinal < starts[opened + 1])
    return db.session.execute(body).all()


def _place(after: int) -> ColumnElement[bool] | None:
    row = db.session.execute(select(Law.sort_key, Law.id).where(Law.id == after)).one_or_none()
    if row is None:
        return None
    return or_(Law.sort_key > row.sort_key, and_(Law.sort_key == row.sort_key, Law.id > row.id))


def _law_row(row: AnyRow) -> LawRow:
    state = _state(row)
    label, color = standing_label(state)
    return LawRow(row.refid, row.kind, row.short_title, row.title, state, label, color)


def _state(row: AnyRow) -> InForce:
    return in_force_on(
        today(),
        text=row.in_force_text,
        first=row.in_force_on,
        until=row.in_force_until,
        gone=row.gone_on,
    )


def _part_starts(rows: Sequence[AnyRow]) -> list[int]:
    """Where the parts of a long law begin: at its chapters, or every two hundred rows where it
    has none.
    """
    if len(rows) <= LONGEST_WHOLE_LAW:
        return [0]
    starts = [0]
    for row in rows:
        is_chapter = row.kind == NodeKind.HEADING and row.level == 1
        is_full = row.ordinal - starts[-1] >= _CHUNK
        if row.ordinal and ((is_chapter and row.ordinal - starts[-1] >= 3) or is_full):
            starts.append(row.ordinal)
    return starts


def _contents(rows: Sequence[AnyRow], starts: list[int]) -> list[ContentsEntry]:
    contents: list[ContentsEntry] = []
    part = 0
    for row in rows:
        while part + 1 < len(starts) and row.ordinal >= starts[part + 1]:
            part += 1
        contents.append(
            ContentsEntry(row.kind, row.level, _name(_number(row), row.title), row.anchor, part)
        )
    return contents


def _opened(contents: list[ContentsEntry], place: str, part: int | None, count: int) -> int:
    if place:
        for entry in contents:
            if entry.anchor == place:
                return entry.part
    return part if part is not None and 0 <= part < count else 0


def _number(row: AnyRow) -> str:
    """The number with its sign, kept on one line."""
    if not row.section:
        return ""
    number = str(row.section).replace("-", NO_BREAK_HYPHEN).replace(" ", NO_BREAK_SPACE)
    return f"§{NO_BREAK_SPACE}{number}" if row.kind == NodeKind.SECTION else number


def _name(number: str, title: str) -> str:
    return f"{number}. {title}" if number and title else number or title


def _section_row(row: AnyRow, day: date, changed: Mapping[str, date]) -> SectionRow:
    changes: tuple[ComingChange, ...] = coming_changes(row.notes) if row.notes else ()
    warnings = list(dict.fromkeys(change_sentence(change, day) for change in changes))
    number = _number(row)
    return SectionRow(
        kind=row.kind,
        level=row.level,
        number=number,
        name=_name(number, row.title),
        anchor=row.anchor,
        # The importer wrote this from a fixed set of tags and escaped all text (laws/markup.py).
        html=Markup(row.html),  # noqa: S704
        notes=[line for line in row.notes.split("\n") if line],
        is_repealed=row.is_repealed,
        warnings=warnings,
        changed=in_words(changed[row.anchor]) if row.anchor in changed else "",
    )
