"""Who is at work on a day, as far as the directory knows, for selects with `Person`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, and_, bindparam, select

from intranet.people.models import Person, StandIn

_DAY = bindparam("day", type_=Date)
WORKS_HERE: ColumnElement[bool] = and_(Person.is_directory_active, ~Person.is_blocked)


def is_away() -> ColumnElement[bool]:
    """That somebody stands in for the person on the day: all that the directory knows of absence.

    For a select with `Person`; the parameter is `day`.
    """
    return Person.id.in_(
        select(StandIn.leader_id).where(StandIn.starts_on <= _DAY, StandIn.ends_on >= _DAY)
    )
