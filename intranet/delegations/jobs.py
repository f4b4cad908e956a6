"""What the clock does with delegations: ends those of persons who are no longer employed."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import or_, select

from intranet.core.clock import today
from intranet.core.transaction import transaction
from intranet.delegations.actions.end import lapse_delegation
from intranet.delegations.models import Delegation
from intranet.extensions import db
from intranet.jobs.registry import Job
from intranet.people.models import Person

log = logging.getLogger(__name__)


def lapse_delegations() -> int:
    """End what is held by persons who left; a transaction for each. Returns how many."""
    ids = db.session.scalars(
        select(Delegation.id)
        .join(Person, Person.id == Delegation.holder_id)
        .where(
            ~Person.is_directory_active,
            or_(Delegation.ends_on.is_(None), Delegation.ends_on >= today()),
            or_(Delegation.ended_on.is_(None), Delegation.ended_on > today()),
        )
        .order_by(Delegation.id)
    ).all()
    lapsed = 0
    for delegation_id in ids:
        try:
            with transaction():
                lapsed += lapse_delegation(delegation_id)
        except Exception:
            # One bad row must not keep the others waiting (CF-18).
            log.exception("delegation %s could not be ended", delegation_id)
    return lapsed


JOBS = [Job("delegations.lapse", timedelta(minutes=5), lapse_delegations)]
