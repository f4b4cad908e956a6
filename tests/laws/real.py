"""The real laws in force, read from the shared archives once per run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from intranet.laws.archive import read_members
from intranet.laws.in_force import InForce, in_force_on
from intranet.laws.lovdata import parse_law
from intranet.laws.names import name_key, names_of, short_name_table
from intranet.laws.texts import LawText

DAY = date(2026, 6, 18)
ARCHIVES = ("gjeldende-lover", "gjeldende-sentrale-forskrifter")
_read: dict[Path, dict[str, LawText]] = {}


def real_laws(folder: Path) -> dict[str, LawText]:
    """All laws and regulations of the newer day, by refid."""
    if folder not in _read:
        laws: dict[str, LawText] = {}
        for name in ARCHIVES:
            with (folder / f"{name}-{DAY.isoformat()}.tar.bz2").open("rb") as stream:
                for member in read_members(stream):
                    law = parse_law(member.data, member.name)
                    laws[law.refid] = law
        _read[folder] = laws
    return _read[folder]


class RealCorpus:
    """Names and numbers of the real laws, without a database."""

    def __init__(self, folder: Path) -> None:
        self._laws = real_laws(folder)
        self._names = short_name_table()
        for law in sorted(self._laws.values(), key=_rank):
            for name in names_of(law.short_title, law.aliases, law.title):
                if not law.is_amending and len(name_key(name)) > 2:
                    self._names.setdefault(name_key(name), law.refid)

    def find_name(self, key: str) -> str | None:
        return self._names.get(key)

    def has_law(self, refid: str) -> bool:
        return refid in self._laws

    def sections(self, refid: str) -> Sequence[str]:
        return [node.section for node in self._laws[refid].nodes if node.section]

    def short_names(self) -> Sequence[str]:
        return [name for name in self._names if len(name) < 40]


def _rank(law: LawText) -> tuple[bool, int]:
    state = in_force_on(
        DAY, text=law.in_force_text, first=law.in_force_on, until=law.in_force_until
    )
    year = int("".join(law.refid.split("/")[1].split("-")[:3]))
    return state not in (InForce.IN_FORCE, InForce.PARTLY), -year
