"""Brings the invented directory into the database by the real synchronisation."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from intranet.core.clock import now, today
from intranet.core.settings import get_settings
from intranet.demo.actions.cast import Cast, load_cast
from intranet.demo.organisation import Organisation
from intranet.extensions import db
from intranet.people.actions.apply_sync import apply_sync
from intranet.people.directories import largest_departure_share, open_directory, role_rules
from intranet.people.models import Leadership, StandIn
from intranet.people.queries.sync_state import load_state
from intranet.people.sync import make_plan

_KNOWN_FOR = timedelta(days=365)
_AWAY_SINCE, _AWAY_FOR = timedelta(days=21), timedelta(days=40)


def seed_people(organisation: Organisation) -> Cast:
    """Read the file as the nightly run does; the system acts. Raises ValueError when it stops."""
    settings = get_settings()
    snapshot = open_directory(settings).fetch_everything()
    plan = make_plan(
        snapshot, load_state(), role_rules(settings), largest_departure_share(settings)
    )
    apply_sync(plan, now())
    # As if the portal had been there for a while: it knows who led in the last year.
    db.session.execute(update(Leadership).values(known_from=today() - _KNOWN_FOR))
    cast = load_cast(organisation)
    _send_leader_away(cast)
    return cast


def _send_leader_away(cast: Cast) -> None:
    leader_id = cast.person_ids[cast.organisation.away_leader_key]
    db.session.add(
        StandIn(
            leader_id=leader_id,
            stand_in_id=cast.person_ids[cast.organisation.stand_in_key],
            starts_on=today() - _AWAY_SINCE,
            ends_on=today() + _AWAY_FOR,
            note=cast.organisation.away_note,
            created_by=leader_id,
        )
    )
    db.session.flush()
