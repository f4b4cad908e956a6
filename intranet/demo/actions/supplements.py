"""Gives one unit of the demonstration a local supplement to a procedure that applies everywhere."""

from __future__ import annotations

from datetime import time, timedelta

from intranet.core.clock import oslo_moment, stopped_at, today
from intranet.demo.actions.cast import Cast
from intranet.library.actions.approve import approve_revision, send_to_approval
from intranet.library.actions.supplements import write_supplement
from intranet.library.contents import DraftContents
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision

_TITLE = "Lokalt tillegg: Alenearbeid i hjemmetjenesten"
_BODY = """## Hvem du melder fra til
Meld fra til vakttelefonen når du går inn til noen alene om kvelden, og når du er ute igjen. Kvelden
begynner klokka 18.

## Når vi går to
To går sammen når risikovurderingen i journalen sier det, og alltid ved første besøk om natten.

## Hvis du ikke melder deg
Vakttelefonen ringer deg etter ti minutter. Svarer du ikke, drar nærmeste bil til adressen.
"""


def seed_supplement(cast: Cast, numbers: dict[str, str]) -> int:
    """Publish the supplement, approved by the unit's own leader; returns how many."""
    writer = cast.viewer(cast.account("quality_adviser"))
    leader = cast.viewer(cast.account("unit_leader"))
    with stopped_at(oslo_moment(today() - timedelta(days=9), time(13, 10))):
        document = write_supplement(
            load_document(numbers["13"]),
            DraftContents(
                title=_TITLE, body=_BODY, keywords="alene, kveldsvakt", change_note="Ny i enheten"
            ),
            unit_id=cast.unit_ids["hjemme-nord"],
            actor=writer,
        )
        document.owner_id = leader.id
        send_to_approval(document, version=load_working_revision(document).version, actor=writer)
    with stopped_at(oslo_moment(today() - timedelta(days=8), time(9, 40))):
        version = load_working_revision(document).version
        approve_revision(document, version=version, actor=leader)
    return 1
