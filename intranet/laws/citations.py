"""Counts how many paragraphs speak of each law: what many cite ranks before what nobody does."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import select

from intranet.extensions import db
from intranet.laws.amendments import DATE, MONTHS
from intranet.laws.models import Law, LawSection
from intranet.laws.names import name_key
from intranet.laws.queries.corpus import LawCorpus

_MENTION = re.compile(
    r"\b(?:(?P<kind>lov|forskrift) (?:av )?" + DATE + r" nr\.? ?(?P<number>\d+)"
    r"|(?P<name>(?:[A-Za-zÆØÅæøå]+- og )?[A-Za-zÆØÅæøå][\w-]{1,60}"
    r"(?:loven|lova|forskriften|forskrifta)))s?\b"
)


def count_citations() -> dict[str, int]:
    """Paragraphs that name a law, per law; a law's mention of itself does not count."""
    corpus = LawCorpus()
    counts: Counter[str] = Counter()
    known: dict[str, str | None] = {}
    rows = db.session.execute(
        select(Law.refid, LawSection.text)
        .join(Law, Law.id == LawSection.law_id)
        .execution_options(yield_per=2000)
    )
    for refid, text in rows:
        mentioned = set()
        for match in _MENTION.finditer(text):
            if match["kind"]:
                day, month, year = match.group(2, 3, 4)
                target: str | None = (
                    f"{match['kind']}/{year}-{MONTHS[month]:02}-{int(day):02}-{match['number']}"
                )
            else:
                name = match["name"]
                if name not in known:
                    known[name] = corpus.find_name(name_key(name))
                target = known[name]
            if target and target != refid:
                mentioned.add(target)
        counts.update(mentioned)
    return dict(counts)
