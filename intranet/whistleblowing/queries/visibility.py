"""The SQL twin of `policy.can_see_case`; every list, count and task of cases goes by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, true
from sqlalchemy.orm import aliased

from intranet.core.actor import Role, Viewer
from intranet.core.clock import today
from intranet.deviations.queries.routes import find_last_recipient_id
from intranet.people.models import Person, RoleGrant, StandIn
from intranet.whistleblowing.models import WhistleCase, WhistleParty, WhistleReader
from intranet.whistleblowing.policy import is_recipient

_REPORTED = aliased(WhistleCase)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `WhistleCase` for the cases that the viewer may see."""
    named = exists(
        select(WhistleReader.person_id).where(
            WhistleReader.case_id == WhistleCase.id, WhistleReader.person_id == viewer.id
        )
    )
    return and_(_not_excluded(viewer), or_(named, received_by(viewer)))


def received_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition for the cases that the viewer is a recipient of."""
    ways: list[ColumnElement[bool]] = [false()]
    if is_recipient(viewer):
        ways.append(true())
    if viewer.id == find_last_recipient_id():
        ways.append(not_(exists(free_recipients(WhistleCase.id))))
    return and_(_not_excluded(viewer), or_(*ways))


def active_recipients() -> Any:
    """Return the select of the recipients' ids who work here now."""
    return (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.WHISTLEBLOWING_RECIPIENT,
            RoleGrant.unit_id.is_(None),
            Person.is_directory_active,
            ~Person.is_blocked,
        )
        .distinct()
    )


def free_recipients(case_id: Any) -> Any:
    """Return the select of the recipients whom the case does not concern, today."""
    day = today()
    concerned = exists(
        select(WhistleParty.person_id)
        .where(WhistleParty.case_id == case_id, WhistleParty.person_id == RoleGrant.person_id)
        # Named, as the case stands two selects further out.
        .correlate(WhistleCase, RoleGrant)
    )
    for_concerned = exists(
        select(StandIn.id)
        .join(WhistleParty, WhistleParty.person_id == StandIn.leader_id)
        .where(
            WhistleParty.case_id == case_id,
            StandIn.stand_in_id == RoleGrant.person_id,
            StandIn.starts_on <= day,
            StandIn.ends_on >= day,
        )
        .correlate(WhistleCase, RoleGrant)
    )
    reported = exists(
        select(_REPORTED.id)
        .where(_REPORTED.id == case_id, _REPORTED.reporter_id == RoleGrant.person_id)
        .correlate(WhistleCase, RoleGrant)
    )
    return active_recipients().where(~concerned, ~for_concerned, ~reported)


def _not_excluded(viewer: Viewer) -> ColumnElement[bool]:
    concerned = exists(
        select(WhistleParty.person_id).where(
            WhistleParty.case_id == WhistleCase.id,
            WhistleParty.person_id.in_({viewer.id} | viewer.stands_in_for),
        )
    )
    return and_(WhistleCase.reporter_id.is_distinct_from(viewer.id), not_(concerned))
