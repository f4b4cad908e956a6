"""What a row of the index holds, and how an entry becomes one; only `id` is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema
from whoosh.util.text import rcompile

from intranet.search import norwegian
from intranet.search.entry import SearchEntry
from intranet.search.fields import fields_of


class NorwegianAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh our terms; a compound's parts stand in the compound's place."""

    expression = rcompile("")

    def __call__(self, value: str, positions: bool = False, **_more: Any) -> Iterator[Token]:
        token = Token(positions, False)
        token.boost = 1.0
        token.stopped = False
        for place, found in enumerate(norwegian.scan(value)):
            token.pos = place
            for term in found.terms:
                token.text = term
                yield token


def make_schema() -> Schema:
    """The fields; only `id` is stored."""
    return Schema(
        id=ID(unique=True, stored=True),
        doc=ID(),
        par=ID(),
        alias=KEYWORD(),
        kind=ID(),
        aud=KEYWORD(),
        start=KEYWORD(),
        title=TEXT(analyzer=NorwegianAnalyzer(), phrase=True),
        name=TEXT(analyzer=NorwegianAnalyzer(), phrase=False),
        text=TEXT(analyzer=NorwegianAnalyzer(), phrase=True),
        whole=ID(),
        near=KEYWORD(),
        unit=ID(),
        type=ID(),
        year=ID(),
        prior=COLUMN(NumericColumn("f", default=1.0)),
        day=COLUMN(NumericColumn("i", default=0)),
    )


def document(entry: SearchEntry) -> dict[str, Any]:
    """The entry as Whoosh takes it."""
    fields = fields_of(entry)
    return {
        "id": entry.key,
        "doc": entry.doc,
        "par": fields.paragraph,
        "alias": list(fields.aliases) or None,
        "kind": entry.kind.value,
        "aud": list(fields.audience) or None,
        "start": list(fields.starts) or None,
        "title": fields.title,
        "name": fields.name,
        "text": fields.text,
        "whole": fields.whole or None,
        "near": list(fields.near) or None,
        **{facet: value or None for facet, value in fields.labels.items()},
        "prior": entry.prior,
        "day": fields.day,
    }
