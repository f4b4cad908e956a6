"""Runs an import: checks the whole archive first, then writes one document per transaction.

A broken or hostile archive is refused before anything is changed. Each document is replaced as
a whole in a transaction of its own, so that a process that dies leaves every law complete;
running it again goes on where it died.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from intranet.core.actor import SYSTEM, Actor
from intranet.core.clock import OSLO, today
from intranet.core.errors import InvalidInput
from intranet.core.transaction import transaction
from intranet.laws.actions import imports as actions
from intranet.laws.archive import ArchiveRefused, Limits, Member, Refusal, read_members
from intranet.laws.citations import count_citations
from intranet.laws.lovdata import PARSER_EDITION, check_law, parse_law
from intranet.laws.queries.editions import KnownLaw, known_laws
from intranet.laws.refusal_text import refusal_text

DEMO_TEXTS = Path(__file__).parent / "demo_texts"
DEMO_DATE = date(2026, 1, 1)
_COMPLETE = re.compile(r"gjeldende-(lover|sentrale-forskrifter)", re.IGNORECASE)
_DATE_IN_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# An edition that lacks more than this share of the known laws is not complete, whatever
# its name says.
_MOST_GONE = 0.2

Tell = Callable[[str, int], None]


@dataclass
class Counts:
    """What an import did, in documents."""

    documents: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    gone: int = 0


@dataclass
class Result:
    """What an import did, of which edition."""

    name: str
    as_of: date
    counts: Counts = field(default_factory=Counts)


@dataclass
class _Plan:
    """What the first pass found: which members to read again, which laws are as they were."""

    to_save: set[str] = field(default_factory=set)
    unchanged: list[KnownLaw] = field(default_factory=list)
    refids: dict[str, str] = field(default_factory=dict)
    newest: int = 0


def import_archive(
    stream: BinaryIO,
    name: str,
    *,
    as_of: date | None = None,
    actor: Actor = SYSTEM,
    tell: Tell | None = None,
    limits: Limits | None = None,
) -> Result:
    """Import an archive of laws. `tell(step, position)` hears how far it has come ("check",
    "save").

    Commits by itself, a document at a time; not to be called inside a transaction. Raises
    InvalidInput with the reason in plain words when the archive is refused; then nothing has
    been changed.
    """
    known = {law.refid: law for law in known_laws()}
    try:
        plan = _check(stream, known, limits, tell)
    except ArchiveRefused as refused:
        reason = refusal_text(refused.code, refused.member)
        with transaction():
            actions.refuse_import(
                name, as_of or today(), f"{refused.code}: {refused.member}", actor=actor
            )
        raise InvalidInput(reason) from refused
    result = Result(name, as_of or _date_of(name, plan.newest))
    with transaction():
        import_id = actions.start_import(name, result.as_of, actor=actor)
    _save_all(stream, plan, known, result, import_id, limits, tell)
    _finish(plan, known, result, import_id, actor)
    return result


def import_demo_texts(*, actor: Actor = SYSTEM) -> int:
    """Put the demonstration's shortened law texts where no real ones are. Returns how many were
    written.
    """
    known = {law.refid: law for law in known_laws()}
    saved = 0
    for path in sorted(DEMO_TEXTS.glob("*.xml")):
        data = path.read_bytes()
        law, digest = parse_law(data, path.name), _digest(data)
        before = known.get(law.refid)
        if before is not None and (not before.is_demo or before.content_hash == digest):
            continue
        with transaction():
            actions.save_law(law, digest, DEMO_DATE, is_demo=True)
        saved += 1
    if saved:
        with transaction():
            actions.set_cited_counts(count_citations())
    return saved


def _check(
    stream: BinaryIO, known: dict[str, KnownLaw], limits: Limits | None, tell: Tell | None
) -> _Plan:
    """First pass: every member is read; those whose bytes are not known already are parsed as a
    trial.
    """
    plan = _Plan()
    by_hash = {law.content_hash: law for law in known.values()}
    for member in _members(stream, "check", limits, tell):
        digest = _digest(member.data)
        same = by_hash.get(digest)
        if same is not None:
            refid = same.refid
            plan.unchanged.append(same)
        else:
            refid = check_law(member.data, member.name)
            plan.to_save.add(member.name)
        if refid in plan.refids:
            raise ArchiveRefused(Refusal.DUPLICATE_NAME, f"{member.name} ({refid})")
        plan.refids[refid] = member.name
        plan.newest = max(plan.newest, member.modified_at)
    if not plan.refids:
        raise ArchiveRefused(Refusal.NO_LAWS)
    return plan


def _save_all(
    stream: BinaryIO,
    plan: _Plan,
    known: dict[str, KnownLaw],
    result: Result,
    import_id: int,
    limits: Limits | None,
    tell: Tell | None,
) -> None:
    counts = result.counts
    counts.documents, counts.unchanged = len(plan.refids), len(plan.unchanged)
    if not plan.to_save:
        return
    for member in _members(stream, "save", limits, tell):
        if member.name not in plan.to_save:
            continue
        law = parse_law(member.data, member.name)
        before = known.get(law.refid)
        if before is not None and _is_outranked(law.is_announcement, result.as_of, before):
            counts.older += 1
            continue
        with transaction():
            actions.save_law(law, _digest(member.data), result.as_of, import_id=import_id)
        counts.added += before is None
        counts.changed += before is not None


def _is_outranked(is_announcement: bool, as_of: date, before: KnownLaw) -> bool:
    """Whether what is kept is better: a newer edition, or the consolidated text against the
    announcement.
    """
    if before.is_demo:
        return False
    if is_announcement != before.is_announcement:
        return is_announcement
    return as_of < before.as_of


def _finish(
    plan: _Plan, known: dict[str, KnownLaw], result: Result, import_id: int, actor: Actor
) -> None:
    counts = result.counts
    gone = _gone(plan, known, result)
    demo = [law.refid for law in known.values() if law.is_demo and law.refid not in plan.refids]
    has_changed = bool(counts.added or counts.changed or gone)
    cited = count_citations() if has_changed else None
    with transaction():
        actions.confirm_laws([law.id for law in plan.unchanged], result.as_of)
        actions.mark_gone(gone, result.as_of)
        if demo and _COMPLETE.search(result.name):
            kind = _kind_of(result.name)
            actions.remove_demo_laws([refid for refid in demo if refid.startswith(kind)])
        if cited is not None:
            actions.set_cited_counts(cited)
        counts.gone = len(gone)
        actions.finish_import(import_id, asdict(counts), actor=actor)


def _gone(plan: _Plan, known: dict[str, KnownLaw], result: Result) -> list[str]:
    """The laws that a complete, newer edition of their kind does not hold any more."""
    if not _COMPLETE.search(result.name):
        return []
    kind = _kind_of(result.name)
    current = [
        law
        for law in known.values()
        if law.refid.startswith(kind)
        and not (law.is_demo or law.is_announcement)
        and law.gone_on is None
    ]
    gone = [law for law in current if law.refid not in plan.refids and law.as_of < result.as_of]
    return [law.refid for law in gone] if len(gone) <= _MOST_GONE * len(current) else []


def _kind_of(name: str) -> str:
    return "forskrift/" if "forskrift" in name.lower() else "lov/"


def _members(
    stream: BinaryIO, step: str, limits: Limits | None, tell: Tell | None
) -> Iterator[Member]:
    stream.seek(0)
    return read_members(stream, limits, (lambda position: tell(step, position)) if tell else None)


def _digest(data: bytes) -> str:
    return hashlib.sha256(b"%d:" % PARSER_EDITION + data).hexdigest()


def _date_of(name: str, newest: int) -> date:
    """The edition's day: from the archive's name, else from its newest member, else today."""
    for year, month, day in _DATE_IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    if newest > 1_000_000_000:
        return min(datetime.fromtimestamp(newest, UTC).astimezone(OSLO).date(), today())
    return today()
