"""Reads what those who tend the search look after."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all

from intranet.core.actor import Viewer
from intranet.core.errors import NotFound
from intranet.core.reads import read
from intranet.core.rows import AnyRow
from intranet.core.text import _
from intranet.extensions import db
from intranet.search import sources
from intranet.search.entry import Kind, SearchEntry
from intranet.search.models import AskedQuestion, PinnedAnswer, SynonymGroup
from intranet.search.tending import question_key
from intranet.search.thesaurus import Meanings, own_meanings
from intranet.web.access import find_page
from intranet.web.template_globals import opens

MOST_SHOWN = 200
_WORST = AskedQuestion.missed_count + AskedQuestion.failed_count
_QUESTIONS = (
    select(
        AskedQuestion.id,
        AskedQuestion.words,
        AskedQuestion.missed_count,
        AskedQuestion.helped_count,
        AskedQuestion.failed_count,
        AskedQuestion.last_on,
    )
    .order_by(_WORST.desc(), AskedQuestion.last_on.desc(), AskedQuestion.id)
    .limit(MOST_SHOWN)
)
_MISSED = _QUESTIONS.where(AskedQuestion.missed_count > 0)
_ANSWERED = _QUESTIONS.where((AskedQuestion.helped_count > 0) | (AskedQuestion.failed_count > 0))


# Asked at every search: both small tables at once.
_TENDED = union_all(
    select(
        literal(0).label("is_pin"), SynonymGroup.id, SynonymGroup.words, literal("").label("title")
    ),
    select(literal(1), PinnedAnswer.id, PinnedAnswer.target, PinnedAnswer.title).where(
        PinnedAnswer.question_key == bindparam("key")
    ),
).order_by("is_pin", "id")
_GROUPS = select(SynonymGroup.id, SynonymGroup.words, SynonymGroup.created_at).order_by(
    SynonymGroup.words
)
_PINS = select(
    PinnedAnswer.id, PinnedAnswer.question, PinnedAnswer.target, PinnedAnswer.title
).order_by(PinnedAnswer.question, PinnedAnswer.id)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A fastened answer as the page shows it; without a kind it is a page of the portal."""

    key: str
    title: str
    url: str
    subtitle: str = ""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Tended:
    """What was added by hand: words of one meaning, and the answers fastened to the question."""

    meanings: Meanings
    pins: tuple[tuple[str, str], ...] = ()

    @property
    def keys(self) -> list[str]:
        """The entries among the answers."""
        return [target for target, _title in self.pins if not target.startswith("/")]


@dataclass(frozen=True, slots=True)
class PinRow:
    """A fastened answer in the list. Without an answer it is hidden from me, or gone."""

    id: int
    question: str
    answer: Pinned | None
    is_gone: bool


def read_tended(text: str) -> Tended:
    """What holds for the question now, in every process: nothing of it is kept in memory."""
    rows = read(_TENDED, key=question_key(text)).all()
    groups = tuple(row.words for row in rows if not row.is_pin)
    pins = tuple((row.words, row.title) for row in rows if row.is_pin)
    return Tended(own_meanings(groups), pins)


def show_pins(viewer: Viewer, tended: Tended, loaded: dict[str, SearchEntry]) -> list[Pinned]:
    """Return the fastened answers that the viewer may see; the others leave no trace."""
    found = (find_pinned(viewer, target, title, loaded) for target, title in tended.pins)
    return [pinned for pinned in found if pinned is not None]


def find_pinned(
    viewer: Viewer, target: str, title: str, loaded: dict[str, SearchEntry]
) -> Pinned | None:
    """Return the answer as the viewer may see it, or None."""
    if target.startswith("/"):
        endpoint = find_page(target)
        may_see = endpoint is not None and opens(endpoint, viewer)
        return Pinned(target, title or target, target) if may_see else None
    entry = loaded.get(target)
    if entry is None or viewer.audience.isdisjoint(entry.audience):
        return None
    return Pinned(target, entry.title, entry.url, entry.subtitle or entry.unit, entry.kind)


def list_groups() -> list[AnyRow]:
    """Return the municipality's own words of one meaning."""
    return list(read(_GROUPS).all())


def get_group(group_id: int) -> SynonymGroup:
    """Return the group. Raises NotFound."""
    found = db.session.get(SynonymGroup, group_id)
    if found is None:
        raise NotFound(_("Vi finner ikke disse ordene."))
    return found


def list_pins(viewer: Viewer) -> list[PinRow]:
    """Return all fastened answers; of what the viewer may not see only that it is there."""
    rows = read(_PINS).all()
    loaded = sources.load([row.target for row in rows if not row.target.startswith("/")])
    return [
        PinRow(
            row.id,
            row.question,
            find_pinned(viewer, row.target, row.title, loaded),
            not _is_there(row.target, loaded),
        )
        for row in rows
    ]


def _is_there(target: str, loaded: dict[str, SearchEntry]) -> bool:
    return find_page(target) is not None if target.startswith("/") else target in loaded


def get_pin(pin_id: int) -> PinnedAnswer:
    """Return the fastened answer. Raises NotFound."""
    found = db.session.get(PinnedAnswer, pin_id)
    if found is None:
        raise NotFound(_("Vi finner ikke dette festede svaret."))
    return found


def list_questions(shown: str = "") -> list[AnyRow]:
    """Return the questions that most often ended badly: all, "missed", or those "answered"."""
    statement = {"missed": _MISSED, "answered": _ANSWERED}.get(shown, _QUESTIONS)
    return list(read(statement).all())
