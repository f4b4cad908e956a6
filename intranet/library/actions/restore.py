"""An old text taken up again as a new draft. Never commits."""

from __future__ import annotations

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.text import _
from intranet.library.actions.permits import record_on
from intranet.library.actions.write import allow_start, copy_revision
from intranet.library.models import Document, Revision
from intranet.library.queries.revisions import load_revision


def restore_revision(document: Document, number: int, *, actor: Viewer) -> Revision:
    """Begin the next revision as a copy of an old one, with its files, to be approved as any other.

    Those who work on the document may, from whatever revision it has had. Raises NotPossibleNow
    when one is being worked on already.
    """
    allow_start(document, actor)
    source = load_revision(document, number)
    note = _("Teksten fra versjon %(number)s er tatt fram igjen.", number=number)
    revision = copy_revision(document, source, actor, note)
    record_on(
        AuditEvent.DOCUMENT_REVISION_STARTED,
        document,
        actor=actor,
        revision=revision.number,
        source=number,
    )
    return revision
