"""Sets who must read a document, and keeps that a person has read and understood. Never commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from intranet.audit.events import AuditEvent
from intranet.core.actor import Role, Viewer
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document
from intranet.library.queries.access import facts_of
from intranet.library.queries.reading import find_my_reading
from intranet.library.reading import (
    MOST_DAYS,
    MOST_RULES,
    Readers,
    questions_of,
    wrong_places,
)
from intranet.library.reading_models import ReadingRequest, ReadingRule, ReadReceipt
from intranet.people.queries.persons import LARGEST_ID
from intranet.people.queries.units import get_unit

TITLE_LENGTH = 160


def add_reading_rule(
    document: Document, *, unit_id: int, readers: Readers, value: str, days: int, actor: Viewer
) -> ReadingRule:
    """Have those in the unit and all below it read the document. Those who work on it may.

    Within the document's unit, and wherever they may write for the unit. The clock asks each one
    soon after. The same rule once more sets the days anew. Raises InvalidInput that names the
    field.
    """
    facts = facts_of(document)
    allow(policy.can_work_on_document(actor, facts))
    unit = get_unit(unit_id)
    if not unit.is_active:
        raise InvalidInput(_("Enheten finnes ikke lenger. Velg en annen."), field="unit")
    if not policy.can_require_readers(actor, facts, unit.path):
        raise NotAllowed(_("Du kan bare be om lesing i enheter som du skriver for."))
    value = _checked_value(readers, value)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(_("Skriv et antall dager fra 1 til 365."), field="days")
    _wait_for_others(document)
    rules = list(
        db.session.scalars(select(ReadingRule).where(ReadingRule.document_id == document.id))
    )
    rule = next(
        (r for r in rules if (r.unit_id, r.readers, r.value) == (unit_id, readers, value)), None
    )
    if rule is None:
        if len(rules) >= MOST_RULES:
            raise InvalidInput(_("Et dokument kan ha høyst 20 grupper av lesere."), field="unit")
        rule = ReadingRule(
            document_id=document.id, unit_id=unit_id, readers=readers, value=value,
            created_by=actor.id,
        )  # fmt: skip
        db.session.add(rule)
    rule.days = days
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_READERS_ADDED,
        document,
        actor=actor,
        unit_id=unit_id,
        readers=readers,
        role=value,
        days=days,
    )
    return rule


def remove_reading_rule(document: Document, rule_id: int, *, actor: Viewer) -> None:
    """No longer ask these readers. Those who work on it may. What was confirmed is kept.

    One that is gone already is no error.
    """
    allow(policy.can_work_on_document(actor, facts_of(document)))
    rule = db.session.get(ReadingRule, rule_id) if 0 < rule_id <= LARGEST_ID else None
    if rule is None or rule.document_id != document.id:
        return
    db.session.delete(rule)
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_READERS_REMOVED,
        document,
        actor=actor,
        unit_id=rule.unit_id,
        readers=rule.readers,
        role=rule.value,
    )


def confirm_reading(
    document: Document,
    revision_number: int | None,
    answers: Sequence[int | None] = (),
    *,
    actor: Viewer,
) -> None:
    """Keep that the person has read the revision shown and understood it. Only for oneself.

    Who is asked may; a second press changes nothing. Raises SomeoneElseWasFirst when a significant
    version came meanwhile, and InvalidInput while a control question is not answered right.
    """
    reading = find_my_reading(actor, document)
    if document.state != DocumentState.PUBLISHED:
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))
    if not reading.is_required:
        raise NotAllowed(_("Du er ikke bedt om å lese dette dokumentet."))
    _wait_for_others(document)
    significant, current = document.significant_version or 0, document.current_version or 0
    if _has_confirmed(document.id, actor.id, significant):
        return
    if revision_number is None or not significant <= revision_number <= current:
        raise SomeoneElseWasFirst(
            _("Det er kommet en ny versjon mens du leste. Les den før du bekrefter.")
        )
    if wrong_places(questions_of(document.questions), answers):
        raise InvalidInput(_("Ett eller flere svar er ikke riktige ennå."))
    db.session.add(
        ReadReceipt(document_id=document.id, person_id=actor.id, revision_number=revision_number)
    )
    db.session.execute(
        update(ReadingRequest)
        .where(ReadingRequest.document_id == document.id, ReadingRequest.person_id == actor.id)
        .values(remind_on=None)
    )
    db.session.flush()
    record_on(AuditEvent.DOCUMENT_READ, document, actor=actor, revision=revision_number)


def _wait_for_others(document: Document) -> None:
    """One at a time: two presses at once leave one receipt, and one rule."""
    db.session.execute(select(Document.id).where(Document.id == document.id).with_for_update())


def _has_confirmed(document_id: int, person_id: int, significant: int) -> bool:
    newest = db.session.scalar(
        select(func.max(ReadReceipt.revision_number)).where(
            ReadReceipt.document_id == document_id, ReadReceipt.person_id == person_id
        )
    )
    return newest is not None and newest >= significant


def _checked_value(readers: Readers, value: str) -> str:
    """Return the role or title as it is kept; none for the others."""
    if readers is Readers.ROLE:
        if value not in {str(role) for role in Role}:
            raise InvalidInput(_("Velg hvem som skal lese."), field="who")
        return value
    if readers is Readers.TITLE:
        if not value or len(value) > TITLE_LENGTH:
            raise InvalidInput(_("Velg hvem som skal lese."), field="who")
        return value
    return ""
