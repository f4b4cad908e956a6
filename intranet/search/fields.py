"""What of an entry is put into which field of the index, the same for every engine; pure."""

from __future__ import annotations

from dataclasses import dataclass

from intranet.search import norwegian
from intranet.search.entry import LONGEST_TEXT, SearchEntry, facet_values
from intranet.search.naming import name_key, names_in, paragraph_key
from intranet.search.ranking import WHOLE_DOCUMENT

_WORDS_PER_START = 40


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry as it is indexed: three texts to analyse, and lists of whole terms.

    `starts` are the words of title and names as somebody begins to type them, `whole` the whole
    title of what stands for a document as such. `near` are tokens of those whom it is made for,
    `labels` what it is counted under in each facet, `day` when it was published (0: unknown).
    """

    title: str
    name: str
    text: str
    paragraph: str
    aliases: tuple[str, ...]
    audience: tuple[str, ...]
    starts: tuple[str, ...]
    whole: str
    near: tuple[str, ...]
    labels: dict[str, str]
    day: int


def fields_of(entry: SearchEntry) -> Fields:
    """The entry's fields."""
    names = [key for alias in entry.aliases for key in names_in(alias)]
    words = norwegian.normalise(f"{entry.title} {' '.join(entry.aliases)}").lower().split()
    return Fields(
        title=norwegian.normalise(entry.title),
        name=norwegian.normalise(f"{entry.name} {entry.unit} {entry.subtitle}"),
        text=norwegian.normalise(entry.text[:LONGEST_TEXT]),
        paragraph=paragraph_key(entry.paragraph) or (WHOLE_DOCUMENT if entry.is_whole else "-"),
        aliases=tuple(dict.fromkeys(names)),
        audience=tuple(dict.fromkeys(entry.audience)),
        starts=tuple(dict.fromkeys(norwegian.bare_words(words)))[:_WORDS_PER_START],
        whole=name_key(entry.title) if entry.is_whole else "",
        near=tuple(dict.fromkeys(entry.near)),
        labels=facet_values(entry),
        day=entry.published_on.toordinal() if entry.published_on else 0,
    )
