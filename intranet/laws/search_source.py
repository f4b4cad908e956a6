"""Hands laws and regulations to the search: one entry per law, and one per paragraph or other
text in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from intranet.core.clock import today
from intranet.core.reads import count_rows, read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.addresses import LONGEST_WHOLE_LAW, law_url, section_url
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.models import Law, LawSection
from intranet.laws.municipal import municipal_weight
from intranet.laws.names import short_name_table
from intranet.laws.texts import LawKind, NodeKind, section_key
from intranet.search.entry import LONGEST_TEXT, Kind, SearchEntry

_DOC = re.compile(r"(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d{1,6})?")
_BATCH = 2000
_LAW_COLUMNS = (
    Law.id.label("law_id"), Law.refid, Law.kind.label("law_kind"), Law.title.label("law_title"),
    Law.short_title, Law.names, Law.in_force_text, Law.in_force_on, Law.in_force_until, Law.gone_on,
    Law.is_amending, Law.is_announcement, Law.cited_count, Law.row_count,
    Law.ministries, Law.last_changed_on,
)  # fmt: skip
_LAWS = select(*_LAW_COLUMNS)
_SECTIONS = select(
    LawSection.law_id, LawSection.ordinal, LawSection.kind, LawSection.section,
    LawSection.section_key, LawSection.anchor, LawSection.title, LawSection.chapter,
    LawSection.is_repealed, LawSection.text,
).where(or_(LawSection.text != "", LawSection.section != ""))  # fmt: skip
# Made once, for showing hits. Two lists, not pairs: SQLite seeks in the index for each of one with
# each of the other, but reads the whole table for a list of pairs.
_NAMED_LAWS = _LAWS.where(Law.refid.in_(bindparam("refids", expanding=True)))
_OF_LAWS = LawSection.law_id.in_(bindparam("laws", expanding=True))
_PLACES: BindParameter[Any] = bindparam("places", expanding=True)
_NUMBERED_SECTIONS = _SECTIONS.where(_OF_LAWS, LawSection.section_key.in_(_PLACES))
_ANCHORED_SECTIONS = _SECTIONS.where(_OF_LAWS, LawSection.anchor.in_(_PLACES))
# What is not in force, or only changes another act, ranks below what holds.
_NOT_IN_FORCE, _AMENDING, _REPEALED, _ANNEX = 0.5, 0.5, 0.3, 0.7


class LawSource:
    """Everybody may find every law."""

    name = "laws"

    def count(self) -> int:
        """About how many entries there are."""
        return count_rows(Law, LawSection)

    def entries(self) -> Iterator[SearchEntry]:
        """All laws with their paragraphs, read in batches by key."""
        last = 0
        while True:
            laws = list(db.session.execute(_LAWS.where(Law.id > last).order_by(Law.id).limit(100)))
            if not laws:
                return
            yield from _entries(laws)
            last = laws[-1].law_id

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """These laws as they are now; nothing for one that is not there."""
        for start in range(0, len(doc_keys), 100):
            wanted = doc_keys[start : start + 100]
            laws = list(db.session.execute(_LAWS.where(Law.refid.in_(wanted)).order_by(Law.id)))
            if laws:
                yield from _entries(laws)

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The entries with these keys, for showing hits."""
        wanted: dict[str, set[str]] = {}
        for key in keys:
            refid, _sign, place = key.partition("#")
            wanted.setdefault(refid, set()).add(place)
        laws = read(_NAMED_LAWS, refids=list(wanted)).all()
        found = {law.refid: _law_entry(law) for law in laws if "" in wanted[law.refid]}
        by_id = {law.law_id: law for law in laws}
        for row in _wanted_sections(by_id, wanted):
            entry = _section_entry(by_id[row.law_id], row)
            found[entry.key] = entry
        return {key: found[key] for key in keys if key in found}

    def owns(self, key: str) -> bool:
        """Whether it is the key of a law or of a part of one."""
        return _DOC.fullmatch(key.partition("#")[0]) is not None


def _wanted_sections(by_id: dict[int, AnyRow], wanted: dict[str, set[str]]) -> Iterator[AnyRow]:
    """Return the wanted parts of these laws; the others that share a law and a number come along,
    and the caller leaves them out.
    """
    numbers: set[str] = set()
    anchors: set[str] = set()
    for law in by_id.values():
        for place in wanted[law.refid] - {""}:
            if place.startswith("~"):
                anchors.add(place[1:])
            else:
                numbers.add(section_key(place))
    for statement, places in ((_NUMBERED_SECTIONS, numbers), (_ANCHORED_SECTIONS, anchors)):
        if places:
            yield from read(statement, laws=list(by_id), places=list(places))


def _entries(laws: Sequence[AnyRow]) -> Iterator[SearchEntry]:
    by_id = {law.law_id: law for law in laws}
    rows = db.session.execute(
        _SECTIONS.where(LawSection.law_id.in_(by_id))
        .order_by(LawSection.law_id, LawSection.ordinal)
        .execution_options(yield_per=_BATCH)
    )
    without = set(by_id)
    for law_id, group in groupby(rows, key=lambda row: row.law_id):
        law = by_id[law_id]
        without.discard(law_id)
        yield _law_entry(law)
        for row in group:
            yield _section_entry(law, row)
    for law_id in sorted(without):
        yield _law_entry(by_id[law_id])


def _law_entry(law: AnyRow) -> SearchEntry:
    return SearchEntry(
        key=law.refid,
        doc=law.refid,
        kind=_kind(law),
        title=law.short_title,
        name=law.law_title,
        text=law.law_title,
        url=law_url(law.refid),
        aliases=_aliases(law),
        published_on=law.last_changed_on,
        prior=_prior(law),
        subtitle=_standing(law) or law.law_title,
    )


def _section_entry(law: AnyRow, row: AnyRow) -> SearchEntry:
    is_numbered = row.kind in (NodeKind.SECTION, NodeKind.ARTICLE) and row.section_key != ""
    place = row.section if is_numbered else f"~{row.anchor}"
    prior = _prior(law) * (_REPEALED if row.is_repealed else 1.0) * (1.0 if is_numbered else _ANNEX)
    subtitle = " · ".join(part for part in (law.short_title, row.chapter, _standing(law)) if part)
    return SearchEntry(
        key=f"{law.refid}#{place}",
        doc=law.refid,
        kind=_kind(law),
        title=_title(law, row),
        name=f"{law.short_title} {law.law_title} {row.chapter}",
        text=row.text[:LONGEST_TEXT],
        url=section_url(law.refid, row.anchor, law.row_count > LONGEST_WHOLE_LAW),
        aliases=_aliases(law),
        paragraph=row.section if is_numbered else "",
        published_on=law.last_changed_on,
        prior=prior,
        subtitle=subtitle,
    )


def _title(law: AnyRow, row: AnyRow) -> str:
    if row.kind == NodeKind.SECTION:
        return f"§ {row.section} {row.title}".strip()
    if row.section:
        return f"{row.section} {row.title}".strip()
    return str(row.title or row.chapter or law.short_title)


def _kind(law: AnyRow) -> Kind:
    return Kind.LAW if law.law_kind == LawKind.LAW else Kind.REGULATION


def _aliases(law: AnyRow) -> tuple[str, ...]:
    own = _own_names().get(law.refid, ())
    names = (law.short_title, *law.names.split("\n"), *own)
    return tuple(dict.fromkeys(name for name in names if name))


def _own_names() -> dict[str, tuple[str, ...]]:
    if not _OWN:
        for name, refid in short_name_table().items():
            _OWN[refid] = (*_OWN.get(refid, ()), name)
    return _OWN


_OWN: dict[str, tuple[str, ...]] = {}


def _standing(law: AnyRow) -> str:
    """A word for what is not simply in force, so that nobody takes it for law."""
    state = _state(law)
    if state is InForce.IN_FORCE:
        return _("Endrer andre regler") if law.is_amending else ""
    words = {
        InForce.PARTLY: _("Delvis i kraft"),
        InForce.FUTURE: _("Ikke i kraft ennå"),
        InForce.NOT_SET: _("Ikke i kraft"),
        InForce.EXPIRED: _("Ikke lenger i kraft"),
        InForce.GONE: _("Opphevet"),
    }
    return str(words[state])


def _state(law: AnyRow) -> InForce:
    return in_force_on(
        today(),
        text=law.in_force_text,
        first=law.in_force_on,
        until=law.in_force_until,
        gone=law.gone_on,
    )


def _prior(law: AnyRow) -> float:
    prior = 1.0 + 0.25 * math.log10(1 + law.cited_count)
    prior *= municipal_weight(law.refid, law.law_title)
    if _state(law) not in (InForce.IN_FORCE, InForce.PARTLY):
        prior *= _NOT_IN_FORCE
    return prior * (_AMENDING if law.is_amending or law.is_announcement else 1.0)
