"""Keeps the wish of somebody without a name that a deviation is handled as whistleblowing.

It waits for the next delivery, as all that is written with a code: the moment at which a case goes
away must not tell the line when its reporter was at a keyboard. Never commits, tells nobody.
"""

from __future__ import annotations

from collections.abc import Collection

from intranet.anonymous.actions.hold import hold_message, refuse_identity_number
from intranet.core.errors import InvalidInput
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.whistleblowing.actions.opening import demand_recipients, demand_somebody_besides
from intranet.whistleblowing.queries.asking import Asking
from intranet.whistleblowing.queries.cases import list_recipients


def ask_to_move(asking: Asking, key: str, reason: str, *, without_ids: Collection[int]) -> None:
    """Keep the wish with its reason; whoever has the code may, as a reporter by name may move it.

    Asked once: while it waits, asking again adds nothing.
    """
    if asking.has_asked:
        return
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor dette er varsling."), "reason")
    refuse_identity_number(reason, "reason")
    demand_recipients()
    known = {person_id for person_id, _name in list_recipients()}
    without = sorted(known & set(without_ids))
    demand_somebody_besides({*asking.case.access.concerned_ids, *without})
    wish = {"without_ids": without}
    hold_message(asking.report.id, key_of_sending(key, reason), reason, wish=wish)
