"""Holds what is written without a name until it is delivered, for every room. Never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from intranet.anonymous.models import AnonymousFile, AnonymousMessage, AnonymousReport
from intranet.anonymous.queries import count_waiting, find_report
from intranet.core.clock import today
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.receipt_code import hash_code
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile
from intranet.deviations.privacy_guard import find_identity_numbers
from intranet.extensions import db

# What one code may leave before the next delivery; enough for a long thought, not for a flood.
MOST_WAITING = 20


def hold_report(
    code: str, room: str, content: Mapping[str, Any], files: Sequence[CleanFile]
) -> None:
    """Keep the report under its code; whoever typed the code may. Sent twice it is kept once.

    Raises NotPossibleNow when the code already has another report, so that a second one does not
    vanish silently.
    """
    written = dict(content)
    known = find_report(code)
    if known is None:
        report = AnonymousReport(
            code_hash=hash_code(code), sent_on=today(), room=room, content=written
        )
        try:
            with db.session.begin_nested():
                db.session.add(report)
        except IntegrityError:
            # The other press of the same button was quicker.
            known = find_report(code)
        else:
            _add_files(report.id, None, files)
            return
    if known is None or known.content != written:
        raise NotPossibleNow(
            _("Denne koden har allerede en melding. Begynn på nytt for å få en ny kode.")
        )


def hold_message(
    report_id: str,
    key: str,
    text: str,
    files: Sequence[CleanFile] = (),
    *,
    is_special: bool = False,
    answer: str = "",
    wish: Mapping[str, Any] | None = None,
) -> None:
    """Keep what is added under a key from the page: the same key again adds nothing.

    `is_special` is what a room means by it: not solved, or retaliation. `answer` is "yes" or "no"
    to what the room asked; `wish`, that the case becomes another room's.
    """
    if db.session.get(AnonymousMessage, key) is not None:
        return
    if not text.strip() and not files and not answer:
        raise InvalidInput(_("Skriv en melding."), "text")
    refuse_identity_number(text, "text")
    waiting = count_waiting(report_id)
    if waiting >= MOST_WAITING:
        raise NotPossibleNow(
            _("Du har mange meldinger som ikke er levert ennå. Vent til de er levert.")
        )
    message = AnonymousMessage(
        id=key,
        report_id=report_id,
        sent_on=today(),
        is_not_solved=is_special,
        answer=answer,
        wish=None if wish is None else dict(wish),
        place=waiting,
        text=text,
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError:
        return
    _add_files(report_id, key, files)


def refuse_identity_number(text: str, field: str) -> None:
    """Names are not looked for: that would ask the directory for persons, on a page that must not.

    Raises InvalidInput.
    """
    if find_identity_numbers(text):
        raise InvalidInput(_("Fjern fødselsnummeret fra teksten."), field)


def _add_files(report_id: str, message_id: str | None, files: Sequence[CleanFile]) -> None:
    for place, file in enumerate(files):
        db.session.add(
            AnonymousFile(
                report_id=report_id,
                message_id=message_id,
                place=place,
                name=file.name,
                data=file.data,
            )
        )
    db.session.flush()
