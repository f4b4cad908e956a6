"""Adds words of one meaning and fastens answers; every change stands in the audit."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.text import _
from intranet.extensions import db
from intranet.search import sources
from intranet.search.models import PinnedAnswer, SynonymGroup
from intranet.search.policy import can_tend_search
from intranet.search.tended import find_pinned
from intranet.search.tending import LONGEST_WORD, MOST_WORDS, WordsProblem, question_key, read_words

# Both are read at every search.
MOST_GROUPS, MOST_PINS, MOST_PINS_OF_ONE = 300, 300, 3


def add_synonyms(typed: str, *, actor: Viewer) -> SynonymGroup:
    """Let the words find one another, from the next search on. Raises NotAllowed, and InvalidInput
    where the words cannot stand so or stand so already.
    """
    _demand_tender(actor)
    found = read_words(typed)
    if found.problem is not None:
        raise InvalidInput(_said(found.problem, found.culprit), field="words")
    _demand_room(SynonymGroup, MOST_GROUPS)
    group = SynonymGroup(words=", ".join(found.words), created_by=actor.id)
    try:
        with db.session.begin_nested():
            db.session.add(group)
    except IntegrityError:
        raise InvalidInput(_("Disse ordene står her allerede."), field="words") from None
    _record(AuditEvent.SEARCH_SYNONYM_ADDED, "search_synonym", group.id, actor, words=group.words)
    return group


def remove_synonyms(group: SynonymGroup, *, actor: Viewer) -> None:
    """Let the words be words of their own again. Raises NotAllowed."""
    _demand_tender(actor)
    _record(AuditEvent.SEARCH_SYNONYM_REMOVED, "search_synonym", group.id, actor, words=group.words)
    db.session.delete(group)
    db.session.flush()


def pin_answer(question: str, target: str, title: str = "", *, actor: Viewer) -> PinnedAnswer:
    """Fasten an entry or a page to a question. Raises NotAllowed, and InvalidInput where the actor
    does not see the target or the question means nothing.
    """
    _demand_tender(actor)
    key = question_key(question)
    if not key:
        raise InvalidInput(_("Skriv ord som noen søker med."), field="question")
    if find_pinned(actor, target, title, sources.load([target])) is None:
        raise InvalidInput(
            _("Vi finner ikke denne siden i portalen. Skriv adressen slik: /avvik/meld."),
            field="target",
        )
    of_one = select(func.count()).select_from(PinnedAnswer).where(PinnedAnswer.question_key == key)
    if (db.session.scalar(of_one) or 0) >= MOST_PINS_OF_ONE:
        raise InvalidInput(
            _("Et spørsmål kan ha %(count)d festede svar. Fjern ett først.", count=MOST_PINS_OF_ONE)
        )
    _demand_room(PinnedAnswer, MOST_PINS)
    pin = PinnedAnswer(
        question=question, question_key=key, target=target, title=title, created_by=actor.id
    )
    try:
        with db.session.begin_nested():
            db.session.add(pin)
    except IntegrityError:
        raise InvalidInput(_("Dette svaret er festet allerede."), field="target") from None
    _record_pin(AuditEvent.SEARCH_PIN_ADDED, pin, actor)
    return pin


def unpin_answer(pin: PinnedAnswer, *, actor: Viewer) -> None:
    """Let the answer be a hit like others. Raises NotAllowed."""
    _demand_tender(actor)
    _record_pin(AuditEvent.SEARCH_PIN_REMOVED, pin, actor)
    db.session.delete(pin)
    db.session.flush()


def _demand_tender(actor: Viewer) -> None:
    if not can_tend_search(actor):
        raise NotAllowed(_("Søket stelles av administratorer og kvalitetsrådgivere."))


def _demand_room(table: type[SynonymGroup] | type[PinnedAnswer], most: int) -> None:
    if (db.session.scalar(select(func.count()).select_from(table)) or 0) >= most:
        raise InvalidInput(_("Det er plass til %(count)d linjer. Fjern noen først.", count=most))


def _said(problem: WordsProblem, culprit: str) -> str:
    words = {
        WordsProblem.TOO_FEW: _("Skriv minst to ord eller uttrykk, med komma mellom."),
        WordsProblem.TOO_MANY: _("Skriv høyst %(count)d ord på én linje.", count=MOST_WORDS),
        WordsProblem.TOO_LONG: _(
            "«%(word)s» er for langt. Et uttrykk kan ha %(count)d tegn.",
            word=culprit[:40],
            count=LONGEST_WORD,
        ),
        WordsProblem.MEANS_NOTHING: _(
            "«%(word)s» er et småord som søket hopper over. Skriv ord som betyr noe.", word=culprit
        ),
        WordsProblem.ONE_WORD_TWICE: _(
            "«%(word)s» er det samme ordet som et av de andre for søket. Ta det bort.", word=culprit
        ),
    }
    return words[problem]


def _record_pin(event: AuditEvent, pin: PinnedAnswer, actor: Viewer) -> None:
    _record(event, "search_pin", pin.id, actor, question=pin.question, target=pin.target)


def _record(event: AuditEvent, subject: str, row_id: int, actor: Viewer, **details: str) -> None:
    record(event, actor=actor, subject=subject, subject_id=row_id, details=details)
