"""The laws in force as the reference finder needs them: names, and paragraph numbers as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from intranet.core.clock import today
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.extensions import db
from intranet.laws.addresses import LONGEST_WHOLE_LAW
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.models import Law, LawSection
from intranet.laws.names import name_key, names_of, short_name_table
from intranet.laws.references import ReferenceFinder

_ENDING = re.compile(r"(?:lov|forskrift|forordning|reglement)$")
_SHORTEST_NAME = 3
_LONGEST_SHORT_NAME = 40
_RANK = {InForce.IN_FORCE: 0, InForce.PARTLY: 1, InForce.FUTURE: 2, InForce.NOT_SET: 3}

_NAMES = select(
    Law.id, Law.refid, Law.short_title, Law.names, Law.title, Law.in_force_text, Law.in_force_on,
    Law.in_force_until, Law.gone_on, Law.is_amending, Law.is_announcement,
    Law.row_count,
)  # fmt: skip


class LawCorpus:
    """One edition's names and numbers; paragraph numbers are read when a law is first asked for."""

    def __init__(self) -> None:
        self._names = short_name_table()
        self._ids: dict[str, int] = {}
        self._sections: dict[str, tuple[str, ...]] = {}
        self._long: set[str] = set()
        rows = [(_standing(row), row) for row in db.session.execute(_NAMES)]
        # The act in force owns its name; of two, the younger one.
        rows.sort(key=lambda pair: pair[1].refid.split("/")[1], reverse=True)
        rows.sort(key=lambda pair: (pair[1].is_announcement, pair[0]))
        for _standing_rank, row in rows:
            self._ids[row.refid] = row.id
            if row.row_count > LONGEST_WHOLE_LAW:
                self._long.add(row.refid)
            if row.is_amending:
                continue
            for name in names_of(row.short_title, row.names.split("\n"), row.title):
                key = name_key(name)
                is_anothers = key.endswith("lov") and row.refid.startswith("forskrift/")
                if len(key) >= _SHORTEST_NAME and not is_anothers:
                    self._names.setdefault(key, row.refid)

    def find_name(self, key: str) -> str | None:
        """The law with this name, or None; one that is not there (any more) gives an empty
        string.
        """
        refid = self._names.get(key)
        return refid if refid is None or refid in self._ids else ""

    def has_law(self, refid: str) -> bool:
        """Whether the law is there."""
        return refid in self._ids

    def sections(self, refid: str) -> Sequence[str]:
        """The law's paragraph numbers as printed, in order."""
        if refid not in self._sections:
            rows = db.session.scalars(
                select(LawSection.section)
                .where(LawSection.law_id == self._ids.get(refid, 0), LawSection.section_key != "")
                .order_by(LawSection.ordinal)
            )
            self._sections[refid] = tuple(rows)
        return self._sections[refid]

    def is_long(self, refid: str) -> bool:
        """Whether the law is shown a chapter at a time."""
        return refid in self._long

    def short_names(self) -> Sequence[str]:
        """Names that no ending gives away."""
        return [
            name for name in self._names if len(name) < _LONGEST_SHORT_NAME and _stands_alone(name)
        ]


def _stands_alone(name: str) -> bool:
    """Whether no pattern for names finds it: no ending gives it away, or it has a blank within."""
    return not _ENDING.search(name) or (" " in name and "- og " not in name)


def _standing(row: AnyRow) -> int:
    state = in_force_on(
        today(),
        text=row.in_force_text,
        first=row.in_force_on,
        until=row.in_force_until,
        gone=row.gone_on,
    )
    return _RANK.get(state, 4)


@dataclass(frozen=True)
class Edition:
    """The laws as they were when this was built; kept until an import changes them."""

    database: str
    stamp: tuple[object, ...]
    corpus: LawCorpus
    finder: ReferenceFinder


_STAMP = select(func.count(Law.id), func.max(Law.imported_at), func.max(Law.as_of))
_kept: dict[str, Edition] = {}


def load_edition() -> Edition:
    """Names and finder for the laws as they are now, built anew when an import has changed them."""
    row = read(_STAMP).one()
    stamp = (*row, today())
    database = str(db.engine.url)
    kept = _kept.get(database)
    if kept is None or kept.stamp != stamp:
        corpus = LawCorpus()
        kept = Edition(database, stamp, corpus, ReferenceFinder(corpus))
        _kept[database] = kept
    return kept
