"""Addresses for the mail room."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from intranet.extensions import db
from intranet.notifications.recipients import Recipient
from intranet.people.models import Person


def find_recipients(person_ids: Sequence[int]) -> dict[int, Recipient]:
    """Return name and address of the active persons among the ids."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email).where(
            Person.id.in_(person_ids), Person.is_directory_active, ~Person.is_blocked
        )
    )
    return {row.id: Recipient(row.name, row.email) for row in rows}
