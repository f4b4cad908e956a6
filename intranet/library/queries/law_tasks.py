"""Changes of laws that wait for a person, and for whom they wait when the owner has left."""

from __future__ import annotations

from typing import Any

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.core.text import _
from intranet.laws.labels import in_words
from intranet.library.addresses import law_review_url
from intranet.library.policy import may_approve_for_unit
from intranet.library.queries.approvers import list_approvers
from intranet.notifications.tasks import Task


def stood_in_for(viewer: Viewer) -> set[int]:
    """Return the leaders whose tasks come to the viewer while they are away."""
    return {led.on_behalf_of for led in viewer.led if led.on_behalf_of is not None}


def decides_for_others(viewer: Viewer) -> bool:
    """Whether the viewer may be asked about documents of others. Hardly anybody leads or advises,
    so that nobody else's page pays for it.
    """
    return bool(viewer.led) or viewer.has_role_anywhere(Role.QUALITY_ADVISER)


def is_asked(viewer: Viewer, row: Any) -> bool:
    """Whether the viewer is the one to answer for an owner who cannot: as in an approval, the
    nearest leader, or the quality advisers.
    """
    # The cheap question first.
    return may_approve_for_unit(viewer, row.path) and viewer.id in list_approvers(row.unit_id, ())


def law_task(viewer: Viewer, row: Any) -> Task | None:
    """Return the task that a change of a law gives the viewer, if the viewer may answer it."""
    is_owner = viewer.id == row.owner_id
    # The stand-in of an owner answers only where the leader could approve.
    if not (is_owner or may_approve_for_unit(viewer, row.path)):
        return None
    return Task(
        kind="library.law",
        title=_(
            "Vurder lovendringen for %(number)s %(title)s",
            number=row.number,
            title=row.document_title,
        ),
        url=law_review_url(row.number, row.review_id),
        due_on=row.due_on,
        note=_note(row),
        icon="FileParagraph",
        on_behalf_of=stood_in_name(viewer, row.owner_id),
    )


def _note(row: Any) -> str:
    section = row.section if row.section.startswith("Art") else f"§\u00a0{row.section}"
    place = f"{row.law} {section}" if row.section else row.law
    if row.effective_on is None:
        return str(place)
    day = in_words(row.effective_on)
    if row.effective_on > today():
        return _("%(place)s endres fra %(day)s", place=place, day=day)
    return _("%(place)s er endret fra %(day)s", place=place, day=day)


def stood_in_name(viewer: Viewer, owner_id: int) -> str | None:
    """Return the name of the owner whose task comes to the viewer while they are away."""
    names = (led.on_behalf_of_name for led in viewer.led if led.on_behalf_of == owner_id)
    return next(names, None) if viewer.id != owner_id else None
