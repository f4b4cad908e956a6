"""What of an entry is put into which field of the index, the same for every engine; pure."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.search import norwegian
from intranet.search.entry import LONGEST_TEXT, SearchEntry
from intranet.search.naming import names_in, paragraph_key
from intranet.search.ranking import WHOLE_DOCUMENT

_WORDS_PER_START = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry as it is indexed: three texts to analyse, and lists of whole terms.

    `starts` are the words of title and names as somebody begins to type them.
    """

    title: str
    name: str
    text: str
    paragraph: str
    aliases: tuple[str, ...]
    audience: tuple[str, ...]
    starts: tuple[str, ...]


def fields_of(entry: SearchEntry) -> Fields:
    """The entry's fields."""
    names = [key for alias in entry.aliases for key in names_in(alias)]
    words = norwegian.normalise(f"{entry.title} {' '.join(entry.aliases)}").lower().split()
    whole = WHOLE_DOCUMENT if entry.key == entry.doc else "-"
    return Fields(
        title=norwegian.normalise(entry.title),
        name=norwegian.normalise(f"{entry.name} {entry.unit} {entry.subtitle}"),
        text=norwegian.normalise(entry.text[:LONGEST_TEXT]),
        paragraph=paragraph_key(entry.paragraph) or whole,
        aliases=tuple(dict.fromkeys(names)),
        audience=tuple(dict.fromkeys(entry.audience)),
        starts=tuple(dict.fromkeys(norwegian.bare_words(words)))[:_WORDS_PER_START],
    )
