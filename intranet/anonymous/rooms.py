"""Where what is written without a name is delivered to: deviations, or a room above this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from flask import current_app

from intranet.anonymous.models import AnonymousMessage, AnonymousReport
from intranet.core.files import ReceivedFile

DEVIATIONS = "deviations"
WHISTLEBLOWING = "whistleblowing"


class Room(Protocol):
    """Takes over what is delivered. Never commits."""

    def take_report(self, report: AnonymousReport, files: Sequence[ReceivedFile]) -> None:
        """Make a case of the report's content."""

    def take_message(
        self, report: AnonymousReport, message: AnonymousMessage, files: Sequence[ReceivedFile]
    ) -> None:
        """Put the message in the report's case."""


def room_of(report: AnonymousReport, message: AnonymousMessage | None = None) -> Room:
    """Return the room that the report is for; `wiring` names them.

    A message with a wish that it becomes whistleblowing is taken there.
    """
    rooms = cast("Mapping[str, Room]", current_app.extensions["anonymous_rooms"])
    is_wish = message is not None and message.wish is not None
    return rooms[WHISTLEBLOWING if is_wish else report.room]
