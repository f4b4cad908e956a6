"""Finds what a person may see; reads the index and the sources, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from markupsafe import Markup
from sqlalchemy import func, select

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.extensions import db
from intranet.search import ranking, sources
from intranet.search.answers import PeopleAnswer, people_answers
from intranet.search.engine import get_engine
from intranet.search.entry import Kind, SearchEntry
from intranet.search.explaining import Explanation, explain
from intranet.search.models import PendingEntry
from intranet.search.narrowing import DOC, KIND, Counts, Filters
from intranet.search.person_questions import asked_number, asked_role
from intranet.search.postings import Postings
from intranet.search.query import Question, parse
from intranet.search.ranking import Ranking
from intranet.search.snippets import beginning_of, make_snippet, mark
from intranet.search.spelling import mend
from intranet.search.suggesting import named_persons, suggested_rows
from intranet.search.tended import Pinned, read_tended, show_pins
from intranet.search.term_cache import TermCache
from intranet.search.thesaurus import Meanings

PAGE_SIZE = 10
MOST_PAGES = 20
# So many of one name are answered with at once; more are hits like others.
MOST_PERSONS = 3
_NO_FILTERS: Filters = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the result page."""

    key: str
    doc: str
    kind: Kind
    title: Markup
    url: str
    subtitle: str
    snippet: Markup
    unit: str
    published_on: date | None
    # More of the text, of what was asked for by its name or number.
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the index answered: the rows in order and the keys of one page of them."""

    question: Question
    ranked: Ranking
    keys: list[str]
    persons: list[str]
    mended: str


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, with how many that this person may see have which value in each
    facet.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Counts = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    was_cut: bool = False
    mended: str = ""
    # The name of the document that the hits are narrowed to.
    doc_name: str = ""
    # What was asked for by its name or number; it is the first of the hits too.
    exact: Hit | None = None
    # Keys of the persons who are called as was typed.
    persons: tuple[str, ...] = ()
    # What was fastened to the question; it may be among the hits too.
    pinned: tuple[Pinned, ...] = ()

    @property
    def found(self) -> int:
        """How many hits there are of all kinds together."""
        return sum(self.facets.get(KIND, {}).values())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line below the search box while somebody types."""

    title: str
    url: str
    kind: Kind
    subtitle: str


def find_hits(
    viewer: Viewer,
    text: str,
    kinds: Iterable[Kind] = (),
    page: int = 1,
    *,
    filters: Filters = _NO_FILTERS,
    literally: bool = False,
) -> Results:
    """One page of hits for what was typed. Raises `IndexUnavailable` while the index is being
    built.

    `filters` narrows by the values of facets, `literally` leaves misspelt words as they are.
    """
    filters = {**filters, KIND: frozenset(kinds) | filters.get(KIND, frozenset())}
    tended = read_tended(text)
    found = _search(text, viewer.audience, filters, page, own=tended.meanings, literally=literally)
    keys, ranked = found.keys, found.ranked
    has_pins = bool(tended.pins) and page == 1 and not any(filters.values())
    loaded = sources.load([*keys, *tended.keys] if has_pins else keys)
    # The index may lag behind by seconds: who may see it is asked again of the entry itself.
    visible = [loaded[key] for key in keys if key in loaded and _may_find(viewer, loaded[key])]
    hits = tuple(_hit(entry, found.question.terms) for entry in visible)
    is_exact = ranked.exact and page == 1 and hits and hits[0].key == keys[0]
    listed = min(len(ranked.rows), PAGE_SIZE * MOST_PAGES)
    return Results(
        text=text,
        hits=hits,
        total=ranked.total,
        facets=ranked.facets,
        page=page,
        pages=max(1, -(-listed // PAGE_SIZE)),
        was_cut=found.question.was_cut,
        mended=found.mended,
        doc_name=_doc_name(viewer, filters),
        exact=replace(hits[0], beginning=beginning_of(visible[0].text)) if is_exact else None,
        persons=tuple(found.persons),
        pinned=tuple(show_pins(viewer, tended, loaded)) if has_pins else (),
    )


def answer_with_people(viewer: Viewer, results: Results) -> list[PeopleAnswer]:
    """The persons that the question asks for by role, number or name, of those one may see."""
    desk = people_answers()
    digits = asked_number(results.text)
    if digits:
        return desk.by_number(viewer, digits)
    role = asked_role(results.text)
    found = desk.by_role(viewer, role) if role else []
    if found or not results.persons:
        return found
    return desk.by_keys(viewer, list(results.persons))


def _doc_name(viewer: Viewer, filters: Filters) -> str:
    wanted = sorted(filters.get(DOC, ()))[:1]
    found = sources.load(wanted)
    return next((entry.title for entry in found.values() if _may_find(viewer, entry)), "")


def find_keys(
    audience: frozenset[str], text: str, kinds: Iterable[Kind] = (), most: int = PAGE_SIZE
) -> list[str]:
    """The keys of the best hits, found as the page finds them."""
    pages = range(1, -(-most // PAGE_SIZE) + 1)
    filters, own = {KIND: frozenset(kinds)}, read_tended(text).meanings
    found = (_search(text, audience, filters, page, own=own) for page in pages)
    return [key for one in found for key in one.keys][:most]


def _search(
    text: str,
    audience: frozenset[str],
    filters: Filters,
    page: int,
    *,
    own: Meanings,
    literally: bool = False,
) -> _Found:
    def answer(snapshot: Postings, cache: TermCache) -> _Found:
        question, mended = _understand(snapshot, text, audience, cache, own, literally=literally)
        ranked = ranking.rank(
            snapshot, question, audience, filters=filters, today=today().toordinal(), cache=cache
        )
        first = (page - 1) * PAGE_SIZE
        persons = named_persons(snapshot, text, audience, MOST_PERSONS) if page == 1 else []
        return _Found(
            question,
            ranked,
            snapshot.keys(ranked.rows[first : first + PAGE_SIZE]),
            snapshot.keys(persons),
            mended,
        )

    return get_engine().ask(answer)


def _understand(
    postings: Postings,
    text: str,
    audience: frozenset[str],
    cache: TermCache,
    own: Meanings,
    *,
    literally: bool,
) -> tuple[Question, str]:
    """The question, and how it reads when misspelt words were mended."""
    question = parse(text, postings.is_name, own)
    mended = "" if literally else mend(question, postings, audience, cache)
    return (parse(mended, postings.is_name, own) if mended else question), mended


def explain_hit(viewer: Viewer, text: str, key: str) -> tuple[SearchEntry, Explanation] | None:
    """Why a hit stands where it stands for this viewer; None when it is not among the hits.

    Raises `IndexUnavailable`.
    """
    own, day = read_tended(text).meanings, today().toordinal()

    def answer(postings: Postings, cache: TermCache) -> Explanation | None:
        question, _mended = _understand(
            postings, text, viewer.audience, cache, own, literally=False
        )
        ranked = ranking.rank(postings, question, viewer.audience, today=day, cache=cache)
        listed = ranked.rows[: PAGE_SIZE * MOST_PAGES]
        found = dict(zip(postings.keys(listed), listed, strict=True)).get(key)
        if found is None:
            return None
        return explain(
            postings, question, ranked, found, audience=viewer.audience, today=day, cache=cache
        )

    explanation = get_engine().ask(answer)
    entry = sources.load([key]).get(key)
    if explanation is None or entry is None or not _may_find(viewer, entry):
        return None
    return entry, explanation


def _may_find(viewer: Viewer, entry: SearchEntry) -> bool:
    return not viewer.audience.isdisjoint(entry.audience)


def _hit(entry: SearchEntry, terms: frozenset[str]) -> Hit:
    return Hit(
        key=entry.key,
        doc=entry.doc,
        kind=entry.kind,
        title=mark(entry.title, terms),
        url=entry.url,
        subtitle=entry.subtitle,
        snippet=make_snippet(entry.text, terms),
        unit=entry.unit,
        published_on=entry.published_on,
    )


def suggest(viewer: Viewer, text: str, most: int = 8) -> list[Suggestion]:
    """What begins as was typed, of what this person may see. Raises `IndexUnavailable`."""

    def answer(snapshot: Postings, _cache: TermCache) -> list[str]:
        return snapshot.keys(suggested_rows(snapshot, text, viewer.audience, most))

    keys = get_engine().ask(answer)
    loaded = sources.load(keys)
    visible = [loaded[key] for key in keys if key in loaded and _may_find(viewer, loaded[key])]
    return [Suggestion(entry.title, entry.url, entry.kind, entry.subtitle) for entry in visible]


def count_waiting() -> int:
    """How many changes are not in the index yet."""
    return db.session.execute(select(func.count()).select_from(PendingEntry)).scalar_one()


def list_waiting(most: int, before: object) -> Sequence[tuple[int, str]]:
    """Changes to index now: not taken yet, or taken before this and not done; oldest first."""
    statement = (
        select(PendingEntry.id, PendingEntry.doc_key)
        .where(PendingEntry.claimed_at.is_(None) | (PendingEntry.claimed_at < before))
        .order_by(PendingEntry.id)
        .limit(most)
    )
    return [(row.id, row.doc_key) for row in db.session.execute(statement)]
