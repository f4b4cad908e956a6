"""Documents that nobody owns any more: found by the clock, given on by people. Never commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import delete, update

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.text import _, ngettext
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.permits import allow, record_on
from intranet.library.addresses import UNOWNED_URL, doc_key
from intranet.library.lifecycle import DocumentState
from intranet.library.models import Document, DocumentUnit
from intranet.library.queries.access import facts_of
from intranet.library.queries.approvers import list_approvers
from intranet.library.queries.unowned import is_unowned, list_newly_unowned, list_owned_again
from intranet.notifications.actions import notify
from intranet.people.queries.persons import get_person
from intranet.people.queries.units import get_unit
from intranet.search.actions import mark_changed

AT_ONCE = 500


def give_owner(
    documents: Iterable[Document], *, owner_id: int, unit_id: int | None, actor: Viewer
) -> int:
    """Give documents without owner a new one, and a unit when theirs is closed; return how many.

    Whoever may approve for the unit may, and administrators; for the new unit the same. What
    already has this owner is left alone: a second press changes nothing. Raises
    SomeoneElseWasFirst when another was chosen meanwhile.
    """
    owner = get_person(owner_id)
    if not owner.is_active:
        raise InvalidInput(_("Denne personen er ikke ansatt lenger. Velg en annen."), field="owner")
    given = []
    for document in documents:
        allow(policy.can_give_owner(actor, facts_of(document).unit_path))
        if _give(document, owner_id, unit_id, actor):
            given.append(document.number)
    if given:
        notify(
            {owner_id} - {actor.id},
            event="document.owner_given",
            subject_key=f"document:{given[0]}:{len(given)}:{now():%Y%m%d%H%M%S}",
            title=ngettext(
                "Du er ny eier av %(num)d dokument",
                "Du er ny eier av %(num)d dokumenter",
                len(given),
            ),
            url=f"/bibliotek/{given[0]}" if len(given) == 1 else "/bibliotek/register",
        )
    return len(given)


def _give(document: Document, owner_id: int, unit_id: int | None, actor: Viewer) -> bool:
    target = document.unit_id if unit_id is None else unit_id
    if not is_unowned(document.id):
        if (document.owner_id, document.unit_id) == (owner_id, target):
            return False
        raise SomeoneElseWasFirst(
            _("%(number)s har fått en annen eier i mellomtiden.", number=document.number)
        )
    unit = get_unit(target)
    if not unit.is_active:
        raise InvalidInput(
            _(
                "Enheten til %(number)s er lagt ned. Velg hvilken enhet som skal eie det.",
                number=document.number,
            ),
            field="unit",
        )
    allow(policy.can_give_owner(actor, unit.path))
    before = {"owner_before": document.owner_id, "unit_id_before": document.unit_id}
    document.owner_id, document.unit_id = owner_id, target
    document.unowned_since = None
    if document.supplements_id is not None and document.state == DocumentState.PUBLISHED:
        # A local supplement applies in its own unit, whichever that is.
        db.session.execute(delete(DocumentUnit).where(DocumentUnit.document_id == document.id))
        db.session.add(DocumentUnit(document_id=document.id, unit_id=target))
    db.session.flush()
    record_on(
        AuditEvent.DOCUMENT_OWNER_GIVEN,
        document,
        actor=actor,
        **before,
        owner_after=owner_id,
        unit_id_after=target,
    )
    mark_changed(doc_key(document.number))
    return True


def tell_about_unowned() -> int:
    """Note which documents have lost owner or unit, and tell each who may give a new one, once.

    Returns how many were found now. What has an owner again is forgotten, so that it would be told
    about anew.
    """
    _note(list_owned_again(), is_unowned=False)
    found = list_newly_unowned(AT_ONCE)
    _note([row.id for row in found], is_unowned=True)
    told: Counter[int] = Counter()
    for unit_id, count in Counter(row.unit_id for row in found).items():
        for person in list_approvers(unit_id, ()):
            told[person] += count
    for person, count in sorted(told.items()):
        notify(
            {person},
            event="document.unowned",
            subject_key=f"documents:unowned:{found[0].id}:{now():%Y%m%d%H%M%S}",
            title=ngettext(
                "%(num)d dokument er uten eier", "%(num)d dokumenter er uten eier", count
            ),
            url=UNOWNED_URL,
        )
    return len(found)


def _note(document_ids: list[int], *, is_unowned: bool) -> None:
    if document_ids:
        db.session.execute(
            update(Document)
            .where(Document.id.in_(document_ids))
            .values(unowned_since=now() if is_unowned else None, version=Document.version + 1)
            .execution_options(synchronize_session=False)
        )
