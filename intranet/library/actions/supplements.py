"""Local supplements: what a unit adds to a document of another unit. Never commits.

A supplement is a document of its own, which belongs to the unit and applies there and below. All
that holds for documents holds for it: who writes, who approves, review, readers, search.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow
from intranet.core.text import _
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.actions.write import write_document
from intranet.library.addresses import doc_key, document_url
from intranet.library.contents import DraftContents
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentType, Revision
from intranet.library.queries.access import facts_of
from intranet.library.queries.responsible import list_responsible
from intranet.library.queries.supplements import (
    find_seen_version,
    list_limits,
    list_units_with_supplement,
    load_supplements,
)
from intranet.library.review import ReviewSignal
from intranet.notifications.actions import notify
from intranet.people.queries.units import get_unit
from intranet.search.actions import mark_changed

# How long the owner has to see whether a supplement still fits what the document says now.
LOOK_AGAIN = timedelta(days=14)


def write_supplement(
    document: Document, contents: DraftContents, *, unit_id: int, actor: Viewer
) -> Document:
    """Begin a unit's supplement to a document in force. Those who may write for the unit may.

    It applies in the unit and below, and nowhere else. Raises NotPossibleNow when the unit has one,
    or the document is not in force, and InvalidInput where the document does not apply.
    """
    unit = get_unit(unit_id)
    allow(policy.can_write_for_unit(actor, unit.path))
    demand_supplementable(document)
    if not policy.can_supplement_in(facts_of(document), unit.path, list_limits(document.id)):
        raise InvalidInput(_("Dokumentet kan ikke få tillegg for denne enheten."), field="unit")
    if unit.id in list_units_with_supplement(document.id):
        raise NotPossibleNow(_("Enheten har et tillegg allerede. Lag en ny versjon av det."))
    kind = db.session.get_one(DocumentType, document.type_id)
    return write_document(
        contents, prefix=kind.prefix, unit_id=unit.id, actor=actor, supplements=document
    )


def demand_supplementable(document: Document) -> None:
    """Raise unless the document is in force and no supplement itself."""
    if document.supplements_id is not None:
        raise NotAllowed(_("Et tillegg kan ikke ha tillegg. Skriv det inn i tillegget."))
    if document.state != DocumentState.PUBLISHED:
        raise NotPossibleNow(_("Dokumentet gjelder ikke nå."))


def demand_supplemented(document: Document) -> None:
    """Raise NotPossibleNow for a supplement to what is no longer in force."""
    if document.supplements_id is None:
        return
    central = db.session.get_one(Document, document.supplements_id)
    if central.state != DocumentState.PUBLISHED:
        raise NotPossibleNow(
            _("%(number)s gjelder ikke lenger, så tillegget har ikke noe å legge til.",
              number=central.number)
        )  # fmt: skip


def hold_against(document: Document, revision: Revision, *, actor: Actor) -> None:
    """Note which version of the document a newly published supplement was written against.

    Did a significant one come while the supplement waited for approval, the owner is asked at once.
    """
    if document.supplements_id is None:
        return
    central = db.session.get_one(Document, document.supplements_id)
    document.supplements_version = find_seen_version(central.id, revision.sent_at)
    if (central.significant_version or 0) > (document.supplements_version or 0):
        _ask([document], central, _words_of_change(central), actor)


def has_looked(document: Document) -> None:
    """Note that a supplement was found right beside the document as it is now."""
    if document.supplements_id is not None:
        central = db.session.get_one(Document, document.supplements_id)
        document.supplements_version = central.current_version


def tell_supplements(document: Document, revision: Revision, *, actor: Actor) -> None:
    """After a document has changed: ask the owners of its supplements to look at theirs again.

    Only a significant change asks. The name in the search follows every one.
    """
    supplements = load_supplements(document.id)
    for supplement in supplements:
        mark_changed(doc_key(supplement.number))
    if revision.is_significant:
        in_force = [one for one in supplements if one.state == DocumentState.PUBLISHED]
        _ask(in_force, document, _words_of_change(document), actor)


def tell_of_withdrawal(document: Document, *, actor: Actor) -> None:
    """After a document was withdrawn: its supplements stand alone, which their owners decide on."""
    words = _("%(number)s er trukket tilbake. Hva skal skje med det lokale tillegget?",
              number=document.number)  # fmt: skip
    supplements = load_supplements(document.id)
    for supplement in supplements:
        mark_changed(doc_key(supplement.number))
    _ask(supplements, document, words, actor)


def _words_of_change(central: Document) -> str:
    return _("%(number)s er endret. Se om det lokale tillegget fortsatt passer.",
             number=central.number)  # fmt: skip


def _ask(supplements: Sequence[Document], central: Document, words: str, actor: Actor) -> None:
    """Set a near date for looking at them again, which makes it a task, and tell who answers."""
    due_on = today() + LOOK_AGAIN
    for supplement in supplements:
        if supplement.state == DocumentState.PUBLISHED:
            supplement.review_on = min(supplement.review_on or due_on, due_on)
            # The notice below is the first word; the clock's next is on the date.
            supplement.review_told = ReviewSignal.BEFORE
        db.session.flush()
        record_on(
            AuditEvent.DOCUMENT_SUPPLEMENT_ASKED,
            supplement,
            actor=actor,
            central=central.number,
            review_on=supplement.review_on,
        )
        notify(
            list_responsible(supplement),
            event="document.supplement_asked",
            subject_key=f"document:{supplement.number}:beside:{central.number}:"
            f"{central.current_version}:{central.state}",
            title=words,
            url=document_url(supplement.number),
        )
