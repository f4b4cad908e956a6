"""Which law or paragraph is meant by what a person types: one, or an error that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.extensions import db
from intranet.laws.models import Law, LawSection
from intranet.laws.queries.linking import list_references
from intranet.laws.texts import NodeKind, section_key

_REFID = re.compile(r"((?:lov|forskrift)/[0-9-]{10,17})\s*(?:§\s*(.+))?")
# Laws whose names hold what was typed, among which one may be called just that.
_MOST_NAMESAKES = 200


@dataclass(frozen=True)
class Target:
    """A law, or one paragraph of it. `name` is how people say it."""

    refid: str
    section: str
    name: str


def find_target(typed: str) -> Target:
    """Return which law or paragraph is meant by "aml § 3-1", a law's name or its number.

    Raises InvalidInput when none or several are.
    """
    by_number = _REFID.fullmatch(typed.strip())
    if by_number:
        return _by_number(by_number[1], by_number[2] or "")
    references = list_references(typed)
    targets = {(one.refid, one.section or "") for one in references}
    if not targets:
        targets = {(refid, "") for refid in _with_name(typed)}
    if len(targets) > 1:
        raise InvalidInput(
            _("Dette passer på flere. Skriv én lov eller én paragraf om gangen."), field="law"
        )
    if not targets:
        raise InvalidInput(
            _(
                "Vi finner ikke denne loven eller paragrafen. Skriv navnet eller forkortelsen, "
                "for eksempel «aml § 3-1»."
            ),
            field="law",
        )
    return _by_number(*targets.pop())


def write_target(refid: str, section: str) -> str:
    """Return a law or a paragraph as `find_target` reads it, "" when there is none such.

    The name, where it leads there, else the number.
    """
    try:
        target = _by_number(refid, section)
    except InvalidInput:
        return ""
    try:
        leads_there = find_target(target.name) == target
    except InvalidInput:
        leads_there = False
    return target.name if leads_there else f"{refid} § {section}".removesuffix(" § ")


def said(title: str, section: str) -> str:
    """Return how people say a law, or a paragraph of it."""
    if not section:
        return title
    return f"{title} {section}" if section.lower().startswith("art") else f"{title} § {section}"


def name_of(refid: str, section: str) -> str:
    """Return how people say a law or a paragraph that is known by its number."""
    title = db.session.scalar(select(Law.short_title).where(Law.refid == refid))
    return said(title or refid, section)


def _by_number(refid: str, section: str) -> Target:
    law = db.session.execute(select(Law.id, Law.short_title).where(Law.refid == refid)).first()
    printed = ""
    if law is not None and section:
        printed = (
            db.session.scalars(
                select(LawSection.section)
                .where(
                    LawSection.law_id == law.id,
                    LawSection.section_key == section_key(section),
                    LawSection.kind.in_((NodeKind.SECTION, NodeKind.ARTICLE)),
                )
                .order_by(LawSection.ordinal)
            ).first()
            or ""
        )
    if law is None or (section and not printed):
        raise InvalidInput(_("Vi har ikke denne loven eller paragrafen."), field="law")
    return Target(refid, printed, said(law.short_title, printed))


def _with_name(typed: str) -> list[str]:
    words = typed.strip().lower()
    rows = db.session.execute(
        select(Law.refid, Law.name_key)
        .where(Law.name_key.contains(words, autoescape=True), Law.gone_on.is_(None))
        .limit(_MOST_NAMESAKES)
    )
    return [refid for refid, names in rows if words in names.split("\n")]
