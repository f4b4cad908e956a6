"""What can be found: the plain record that a domain hands to the search; knows no domain, no web
and no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

# Non-paragraph rows (annexes) can be a megabyte long: one such hit would be a megabyte of snippet.
LONGEST_TEXT = 10_000


class Kind(StrEnum):
    """The facets of the result page, in the order in which they stand there."""

    PROCEDURE = "procedure"
    LAW = "law"
    REGULATION = "regulation"
    NEWS = "news"
    VACANCY = "vacancy"
    PERSON = "person"


# What hits are counted and narrowed by beside their kind; see `facet_values`.
FACETS = ("unit", "type", "year")

# `prior` of what the municipality has written itself: 100,000 paragraphs must not bury sixty
# procedures. Tried with 2, 3 and 5 over all laws: from 3 on the right paragraph leaves the page.
OWN_PRIOR = 2.0
OWN_NEWS_PRIOR = 1.4


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One row of the index: a paragraph, an article, a procedure, a vacancy or a person.

    `key` is unique ("lov/2005-06-17-62#2 A-1"), `doc` is the key of the whole document, which is
    replaced as one. `name` is the document's short and long name with the chapter, `aliases` other
    names of it ("aml"). `paragraph` is the number without the sign ("2 A-1"). `prior` multiplies
    the relevance (1.0 = neutral). `audience` holds the tokens of those who may find it; see
    `Viewer.audience`. An empty audience is found by nobody. `type` says more than the kind does
    ("Retningslinje"). `near` holds the tokens of those whom it is made for, who find it first.
    """

    key: str
    doc: str
    kind: Kind
    title: str
    name: str
    text: str
    url: str
    aliases: tuple[str, ...] = ()
    paragraph: str = ""
    unit: str = ""
    published_on: date | None = None
    prior: float = 1.0
    audience: tuple[str, ...] = ("all",)
    subtitle: str = ""
    type: str = ""
    near: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the row stands for the document as such, not for a part of it."""
        return self.key == self.doc


def facet_values(entry: SearchEntry) -> dict[str, str]:
    """The entry's value in each of `FACETS`; empty where it has none."""
    year = str(entry.published_on.year) if entry.published_on else ""
    return {"unit": entry.unit, "type": entry.type, "year": year}


class SearchSource(Protocol):
    """What a domain registers so that its texts can be found."""

    @property
    def name(self) -> str:
        """A word for logs and progress ("library")."""
        ...

    def count(self) -> int:
        """About how many entries there are, for a progress bar."""
        ...

    def entries(self) -> Iterator[SearchEntry]:
        """Everything that can be found now, streamed, for a rebuild."""
        ...

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """The entries of these documents now; nothing for a document that is gone."""
        ...

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The entries with these keys as they are now, for showing hits; gone ones are left out."""
        ...

    def owns(self, key: str) -> bool:
        """Whether this source made the key (also asked for document keys)."""
        ...
