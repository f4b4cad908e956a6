"""What the rooms above ask when they watch the laws: is anything new, and what is to come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from intranet.core.clock import today
from intranet.core.word_diff import Paragraph as Compared
from intranet.core.word_diff import compare_texts
from intranet.extensions import db
from intranet.laws.amendments import ChangeKind
from intranet.laws.announced import AnnouncedWords, find_announced, list_announced
from intranet.laws.models import Law, LawImport, LawSection
from intranet.laws.texts import section_key


@dataclass(frozen=True, slots=True)
class ActChange:
    """What an act that is not in force yet does to a paragraph of another law, and from when."""

    by: str
    refid: str
    section_key: str
    kind: ChangeKind
    on: date


@dataclass(frozen=True, slots=True)
class StandingParagraph:
    """A paragraph as the newest edition prints it."""

    title: str
    text: str
    notes: str
    anchor: str


def law_names(refids: Collection[str]) -> dict[str, str]:
    """Return the short titles of the laws that are there."""
    rows = db.session.execute(select(Law.refid, Law.short_title).where(Law.refid.in_(refids)))
    return {row[0]: row[1] for row in rows}


def law_stamp() -> str:
    """Return what is another one as soon as an import has changed anything."""
    laws = db.session.execute(select(func.count(Law.id), func.max(Law.imported_at))).one()
    last = db.session.execute(
        select(func.max(LawImport.id)).where(LawImport.finished_at.is_not(None))
    ).scalar()
    return f"{laws[0]} {laws[1]} {last}"


def list_act_changes() -> list[ActChange]:
    """Return what amending acts will change from a single day ahead, whatever the notes say yet.

    An act that takes effect at several days, or when the King decides, says nothing sure: the notes
    under the paragraphs will.
    """
    acts = db.session.execute(
        select(Law.id, Law.refid, Law.in_force_on)
        .where(Law.is_amending, Law.in_force_on > today())
        # The day and nothing else: "2027-01-01".
        .where(func.length(Law.in_force_text) == len("2027-01-01"))
        .order_by(Law.id)
    ).all()
    found: list[ActChange] = []
    for law_id, by, on in acts:
        assert on is not None, "the select asks for days ahead"
        texts = db.session.scalars(
            select(LawSection.text).where(LawSection.law_id == law_id).order_by(LawSection.ordinal)
        )
        for refid, words in list_announced(texts):
            is_whole_repeal = words.is_repeal and not words.part
            kind = ChangeKind.REPEALED if is_whole_repeal else ChangeKind.AMENDED
            found.append(ActChange(by, refid, section_key(words.section), kind, on))
    return found


def find_paragraph(refid: str, key: str) -> StandingParagraph | None:
    """Return the paragraph as it stands now, or None."""
    row = db.session.execute(
        select(LawSection.title, LawSection.text, LawSection.notes, LawSection.anchor)
        .join(Law, Law.id == LawSection.law_id)
        .where(Law.refid == refid, LawSection.section_key == key)
    ).first()
    return None if row is None else StandingParagraph(*row)


def find_announced_words(by: str, refid: str, section: str) -> list[AnnouncedWords]:
    """Return what the amending act says of the paragraph, as far as that act is here."""
    texts = db.session.scalars(
        select(LawSection.text)
        .join(Law, Law.id == LawSection.law_id)
        .where(Law.refid == by)
        .order_by(LawSection.ordinal)
    )
    return find_announced(texts, refid, section)


def compare_with_announced(old: StandingParagraph, new: AnnouncedWords) -> list[Compared]:
    """Return the difference between a paragraph and the words that the whole of it will get."""
    lines = [old.title, *old.text.split("\n")]
    if new.is_one_line:
        # The rendering lost where ledd end, so that they cannot be held against each other.
        return compare_texts(" ".join(lines), new.body)
    return compare_texts("\n\n".join(lines), "\n\n".join(new.body.split("\n")))
