"""A source of entries for the tests: what the database would hold, in a dict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intranet.search.entry import Kind, SearchEntry


class FakeSource:
    """Entries in memory, owned by their prefix."""

    name = "fake"

    def __init__(self, *entries: SearchEntry) -> None:
        self.held = {entry.key: entry for entry in entries}

    def put(self, entry: SearchEntry) -> None:
        self.held[entry.key] = entry

    def count(self) -> int:
        return len(self.held)

    def entries(self) -> Iterator[SearchEntry]:
        yield from list(self.held.values())

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        yield from [entry for entry in self.held.values() if entry.doc in set(doc_keys)]

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        return {key: self.held[key] for key in keys if key in self.held}

    def owns(self, key: str) -> bool:
        return key.startswith(("lov/", "forskrift/", "library/", "nyhet/", "person/"))


def make_entry(key: str, title: str, text: str = "", **more: object) -> SearchEntry:
    """An entry that everybody may find, with what the test does not care about filled in."""
    given: dict[str, object] = {
        "doc": key.split("#")[0],
        "kind": Kind.NEWS,
        "name": "",
        "url": f"/{key.replace('#', '/')}",
        **more,
    }
    return SearchEntry(key=key, title=title, text=text, **given)  # type: ignore[arg-type]


AML = "lov/2005-06-17-62"


def law_entries() -> list[SearchEntry]:
    """A few paragraphs as the laws' source gives them."""
    law = {
        "kind": Kind.LAW,
        "doc": AML,
        "name": "Arbeidsmiljøloven Lov om arbeidsmiljø, arbeidstid og stillingsvern mv.",
        "aliases": ("Arbeidsmiljøloven", "aml"),
    }
    return [
        make_entry(AML, "Arbeidsmiljøloven", **law),
        make_entry(
            f"{AML}#2 A-1",
            "§ 2 A-1. Rett til å varsle om kritikkverdige forhold i virksomheten",
            "Arbeidstaker har rett til å varsle om kritikkverdige forhold i virksomheten.",
            paragraph="2 A-1",
            **law,
        ),
        make_entry(
            f"{AML}#2-1",
            "§ 2-1. Arbeidsgivers plikter",
            "Arbeidsgiver skal sørge for at bestemmelsene blir overholdt.",
            paragraph="2-1",
            **law,
        ),
        make_entry(
            "lov/1967-02-10#13",
            "§ 13. (taushetsplikt)",
            "Enhver som utfører tjeneste for et forvaltningsorgan, plikter å hindre adgang.",
            paragraph="13",
            kind=Kind.LAW,
            doc="lov/1967-02-10",
            name="Forvaltningsloven",
            aliases=("Forvaltningsloven", "fvl"),
        ),
    ]
