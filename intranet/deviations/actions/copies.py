"""Notes that a copy of a case was taken out, and by which provisions parts of it were withheld."""

from __future__ import annotations

from collections.abc import Iterable

from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import NotAllowed
from intranet.core.text import _
from intranet.deviations.actions.steps import add_entry, audit
from intranet.deviations.case_copy import Provision
from intranet.deviations.policy import acts_for, can_read_notes
from intranet.deviations.queries.cases import Case


def record_copy(case: Case, form: str, *, actor: Viewer) -> None:
    """Leave in the audit who took the whole case out, and as what ("pdf" or "json")."""
    audit(AuditEvent.DEVIATION_COPIED_OUT, case.deviation, actor=actor, form=form)


def record_withheld_copy(
    case: Case,
    *,
    asked_by: str,
    provisions: Iterable[Provision],
    shown: int,
    withheld: int,
    actor: Viewer,
) -> None:
    """Leave in the audit and in the story that somebody was given access to parts of the case.

    The number of parts and the provisions are kept, never the words that were blackened. Raises
    NotAllowed for those who do not read the whole case.
    """
    if not can_read_notes(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    audit(
        AuditEvent.DEVIATION_COPIED_OUT,
        case.deviation,
        actor=actor,
        form="withheld",
        provisions=sorted(set(provisions)),
        shown=shown,
        withheld=withheld,
    )
    add_entry(
        case.deviation,
        "copied_out",
        actor=actor,
        on_behalf_of=acts_for(actor, case.access),
        asked_by=asked_by,
    )
