"""Puts law texts into the database: whole archives, and the short texts of the demonstration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, insert, select, update

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.extensions import db
from intranet.laws.amendments import next_change_on
from intranet.laws.comparing import SectionChange, change_between, fingerprint, group_sections
from intranet.laws.lovdata import PARSER_EDITION
from intranet.laws.models import Law, LawImport, LawSection, LawWording
from intranet.laws.texts import LawNode, LawText, NodeKind, section_key
from intranet.search.actions import mark_changed

SHORTEST_SORT_KEY = 120


def start_import(name: str, as_of: date, *, actor: Actor) -> int:
    """Note that an import begins; returns its id. Only the operator's command and the
    demonstration may.
    """
    entry = LawImport(name=name[:255], as_of=as_of, started_at=now())
    db.session.add(entry)
    db.session.flush()
    record(
        AuditEvent.LAW_IMPORT_STARTED,
        actor=actor,
        subject="law_import",
        subject_id=entry.id,
        details={"name": entry.name, "as_of": as_of.isoformat()},
    )
    return entry.id


def finish_import(import_id: int, counts: dict[str, int], *, actor: Actor) -> None:
    """Note what an import did."""
    db.session.execute(
        update(LawImport).where(LawImport.id == import_id).values(finished_at=now(), **counts)
    )
    record(
        AuditEvent.LAW_IMPORT_FINISHED,
        actor=actor,
        subject="law_import",
        subject_id=import_id,
        details=dict(counts),
    )


def refuse_import(name: str, as_of: date, reason: str, *, actor: Actor) -> None:
    """Note that an archive was refused as a whole, and why."""
    import_id = start_import(name, as_of, actor=actor)
    db.session.execute(
        update(LawImport)
        .where(LawImport.id == import_id)
        .values(finished_at=now(), refusal=reason[:500])
    )
    record(
        AuditEvent.LAW_IMPORT_REFUSED,
        actor=actor,
        subject="law_import",
        subject_id=import_id,
        details={"reason": reason[:500]},
    )


def save_law(
    law: LawText,
    content_hash: str,
    as_of: date,
    *,
    import_id: int | None = None,
    is_demo: bool = False,
) -> None:
    """Put a law in place of what stood under its id, all of it or nothing, and have it indexed
    again.
    """
    values = _law_values(law, content_hash, as_of) | {
        "import_id": import_id,
        "is_demo": is_demo,
    }
    before = db.session.execute(
        select(Law.id, Law.as_of, Law.is_demo, Law.is_announcement, Law.parser_edition)
        .where(Law.refid == law.refid)
        .with_for_update()
    ).one_or_none()
    if before is None:
        law_id = db.session.execute(
            insert(Law).values(cited_count=0, **values).returning(Law.id)
        ).scalar_one()
    else:
        law_id = before.id
        is_newer = before.parser_edition == PARSER_EDITION and before.as_of < as_of
        if is_newer and not (before.is_demo or is_demo or before.is_announcement):
            _keep_wordings(law, law_id, before.as_of, as_of, import_id)
        db.session.execute(update(Law).where(Law.id == law_id).values(**values))
        db.session.execute(delete(LawSection).where(LawSection.law_id == law_id))
    rows = _section_rows(law_id, law.nodes)
    if rows:
        db.session.execute(insert(LawSection), rows)
    mark_changed(law.refid)


def _keep_wordings(
    law: LawText, law_id: int, last_as_of: date, as_of: date, import_id: int | None
) -> None:
    """Keep the words of each paragraph that the newer edition changes, before they are replaced."""
    kinds = (NodeKind.SECTION, NodeKind.ARTICLE)
    old = group_sections(_stored_nodes(law_id), kinds)
    new = group_sections(law.nodes, kinds)
    kept: list[dict[str, object]] = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key, []), new.get(key, [])
        change = change_between(
            fingerprint(before, with_note_text=True) if before else None,
            fingerprint(after, with_note_text=True) if after else None,
        )
        if change is None:
            continue
        if after and after[0].is_repealed and not before[0].is_repealed:
            change = SectionChange.REPEALED
        kept.append(
            {
                "refid": law.refid,
                "section": (after or before)[0].section,
                "section_key": key,
                "anchor": (after or before)[0].anchor,
                "change": change.value,
                "title": before[0].title if before else "",
                "text": "\n\n".join(node.text for node in before),
                "html": "".join(node.html for node in before),
                "last_as_of": last_as_of,
                "changed_as_of": as_of,
                "import_id": import_id,
            }
        )
    if kept:
        db.session.execute(insert(LawWording), kept)


def _stored_nodes(law_id: int) -> list[LawNode]:
    rows = db.session.execute(
        select(
            LawSection.ordinal, LawSection.kind, LawSection.level, LawSection.anchor,
            LawSection.section, LawSection.title, LawSection.chapter, LawSection.html,
            LawSection.text, LawSection.notes,
        )
        .where(LawSection.law_id == law_id)
        .order_by(LawSection.ordinal)
    )  # fmt: skip
    return [LawNode(row[0], NodeKind(row[1]), *row[2:]) for row in rows]


def _law_values(law: LawText, content_hash: str, as_of: date) -> dict[str, object]:
    names = [law.short_title, *law.aliases, law.title, law.refid]
    return {
        "refid": law.refid,
        "kind": law.kind.value,
        "dokid": law.dokid[:60],
        "title": law.title,
        "short_title": law.short_title,
        "names": "\n".join(law.aliases),
        "name_key": "\n".join(names).lower(),
        "sort_key": law.short_title.lower()[:SHORTEST_SORT_KEY],
        "ministries": "\n".join(law.ministries),
        "legal_areas": "\n".join(law.legal_areas),
        "in_force_text": law.in_force_text,
        "in_force_on": law.in_force_on,
        "in_force_until": law.in_force_until,
        "last_changed_on": law.last_changed_on,
        "last_changed_by": law.last_changed_by,
        "is_amending": law.is_amending,
        "is_announcement": law.is_announcement,
        "gone_on": None,
        "as_of": as_of,
        "content_hash": content_hash,
        "parser_edition": PARSER_EDITION,
        "row_count": len(law.nodes),
        "imported_at": now(),
    }


def _section_rows(law_id: int, nodes: Iterable[LawNode]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for node in nodes:
        key = section_key(node.section)
        # An annex repeats numbers; the number alone means the one that stands first.
        key = "" if key in seen else key
        seen.add(key)
        rows.append(
            {
                "law_id": law_id,
                "ordinal": node.ordinal,
                "kind": node.kind.value,
                "level": node.level,
                "section": node.section,
                "section_key": key,
                "anchor": node.anchor,
                "title": node.title,
                "chapter": node.chapter,
                "html": node.html,
                "text": node.text,
                "notes": node.notes,
                "is_repealed": node.is_repealed,
                "changes_on": next_change_on(node.notes) if node.notes else None,
                "content_hash": node.content_hash,
            }
        )
    return rows


def confirm_laws(law_ids: list[int], as_of: date) -> None:
    """Date laws whose text a newer edition repeats unchanged, and bring back those that were
    gone.
    """
    for start in range(0, len(law_ids), 500):
        chunk = law_ids[start : start + 500]
        db.session.execute(
            update(Law).where(Law.id.in_(chunk), Law.as_of < as_of).values(as_of=as_of)
        )
        back = db.session.execute(
            select(Law.id, Law.refid).where(Law.id.in_(chunk), Law.gone_on.is_not(None))
        ).all()
        for law_id, refid in back:
            db.session.execute(update(Law).where(Law.id == law_id).values(gone_on=None))
            mark_changed(refid)


def mark_gone(refids: list[str], as_of: date) -> None:
    """Say of laws that a complete newer edition does not hold them any more; their texts stay
    readable.
    """
    for refid in refids:
        db.session.execute(update(Law).where(Law.refid == refid).values(gone_on=as_of))
        mark_changed(refid)


def remove_demo_laws(refids: list[str]) -> None:
    """Take away demonstration texts that the real edition has no counterpart to."""
    ids = list(db.session.scalars(select(Law.id).where(Law.refid.in_(refids), Law.is_demo)))
    db.session.execute(delete(LawSection).where(LawSection.law_id.in_(ids)))
    db.session.execute(delete(Law).where(Law.id.in_(ids)))
    for refid in refids:
        mark_changed(refid)


def set_cited_counts(counts: dict[str, int]) -> None:
    """Keep how many paragraphs speak of each law; only what changed is written."""
    kept = db.session.execute(select(Law.id, Law.refid, Law.cited_count)).all()
    changed = [
        {"id": law_id, "cited_count": counts.get(refid, 0)}
        for law_id, refid, count in kept
        if counts.get(refid, 0) != count
    ]
    if changed:
        db.session.execute(update(Law), changed)
