"""What newer editions changed in a law: earlier words beside those that came after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from intranet.core.rows import AnyRow
from intranet.core.word_diff import Paragraph, compare_texts
from intranet.extensions import db
from intranet.laws.comparing import SectionChange
from intranet.laws.models import Law, LawSection, LawWording
from intranet.laws.texts import NodeKind, section_key

PAGE_SIZE = 30
# Shorter words stand in many places ("(Opphevet)", "Kongen gir forskrift.").
SHORTEST_MOVED = 40


@dataclass(frozen=True)
class ChangedParagraph:
    """One paragraph that an edition changed. `before` and `after` are editions' days: the change
    came between them.
    """

    id: int
    section: str
    is_article: bool
    anchor: str
    change: SectionChange
    before: date
    after: date
    difference: list[Paragraph]


@dataclass(frozen=True)
class History:
    """One page of changes, newest first, and the id that the next page starts below."""

    changes: list[ChangedParagraph]
    below: int | None


def list_changes(refid: str, *, section: str = "", below: int | None = None) -> History:
    """Return what editions changed in the law, or in one of its paragraphs, newest first."""
    statement = select(LawWording).where(LawWording.refid == refid)
    if section:
        statement = statement.where(LawWording.section_key == section_key(section))
    if below is not None:
        statement = statement.where(LawWording.id < below)
    rows = db.session.scalars(statement.order_by(LawWording.id.desc()).limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    later = _later_words(refid, shown)
    return History(
        [_changed(row, later[row.id]) for row in shown],
        shown[-1].id if len(rows) > PAGE_SIZE else None,
    )


def find_change(wording_id: int) -> ChangedParagraph | None:
    """Return one change with its difference, or None."""
    row = db.session.get(LawWording, wording_id)
    return None if row is None else _changed(row, _later_words(row.refid, [row])[row.id])


def find_new_place(wording_id: int) -> str:
    """Return the number under which the law now prints the same words, "" when it does not.

    A paragraph that was moved is gone, or another, under its old number.
    """
    row = db.session.get(LawWording, wording_id)
    if row is None or len(row.text) < SHORTEST_MOVED:
        return ""
    found = db.session.scalars(
        select(LawSection.section)
        .join(Law, Law.id == LawSection.law_id)
        .where(
            Law.refid == row.refid,
            LawSection.text == row.text,
            LawSection.section_key.not_in(("", row.section_key)),
        )
        .order_by(LawSection.ordinal)
    ).first()
    return found or ""


def last_changes(law_id: int, refid: str) -> dict[str, date]:
    """Return, by anchor, the newest edition that changed a paragraph which is still there."""
    rows = db.session.execute(
        select(LawSection.anchor, func.max(LawWording.changed_as_of))
        .join(LawSection, LawSection.section_key == LawWording.section_key)
        .where(LawWording.refid == refid, LawSection.law_id == law_id)
        .group_by(LawSection.anchor)
    )
    return {row[0]: row[1] for row in rows}


def _changed(row: LawWording, later: tuple[str, str]) -> ChangedParagraph:
    title, text = later
    return ChangedParagraph(
        id=row.id,
        section=row.section,
        is_article=row.section_key.startswith("art"),
        anchor=row.anchor,
        change=SectionChange(row.change),
        before=row.last_as_of,
        after=row.changed_as_of,
        difference=compare_texts(_whole(row.title, row.text), _whole(title, text)),
    )


def _later_words(refid: str, rows: Sequence[LawWording]) -> dict[int, tuple[str, str]]:
    """Return title and text that came after each row: the next change's words, or today's."""
    keys = {row.section_key for row in rows}
    wordings = db.session.execute(
        select(LawWording.id, LawWording.section_key, LawWording.title, LawWording.text)
        .where(LawWording.refid == refid, LawWording.section_key.in_(keys))
        .order_by(LawWording.id)
    ).all()
    today = _words_of_today(refid, keys)
    later: dict[int, tuple[str, str]] = {}
    for key in keys:
        following: list[AnyRow] = [row for row in wordings if row.section_key == key]
        words = [(row.title, row.text) for row in following[1:]] + [today.get(key, ("", ""))]
        later |= {row.id: pair for row, pair in zip(following, words, strict=True)}
    return later


def _words_of_today(refid: str, keys: set[str]) -> dict[str, tuple[str, str]]:
    """Return title and text of the paragraphs as they stand, all that bears the number together."""
    from_law = select(Law.id).where(Law.refid == refid).scalar_subquery()
    rows = db.session.execute(
        select(LawSection.section, LawSection.title, LawSection.text)
        .where(
            LawSection.law_id == from_law,
            LawSection.kind.in_((NodeKind.SECTION, NodeKind.ARTICLE)),
        )
        .order_by(LawSection.ordinal)
    )
    words: dict[str, tuple[str, str]] = {}
    for section, title, text in rows:
        key = section_key(section)
        if key in keys:
            first = words.get(key)
            words[key] = (title, text) if first is None else (first[0], f"{first[1]}\n\n{text}")
    return words


def _whole(title: str, text: str) -> str:
    # A ledd a paragraph, so that the comparison pairs ledd with ledd.
    return "\n\n".join(part for part in (title, *text.split("\n")) if part)
