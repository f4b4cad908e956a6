"""How long the next attempt must wait after failed ones. Pure.

Fewer wrong passwords than the directory's own lock-out (usually five to ten) are ever passed on, so
that nobody can lock a colleague out through the portal. Nor can they keep a colleague waiting: the
attempts of one address come slower and slower, and the last one is kept for another address. So the
right password gets in within `PAUSE` while the attempts come from somewhere else.

A whole town hall may stand behind one address. So where much fails from one address, each account
has fewer attempts from there, as when names are sprayed from everywhere; only an address that goes
on is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
PAUSE = timedelta(minutes=1)
# From here on the address is braked; and from here on it is closed.
PER_ADDRESS = 100
MOST_PER_ADDRESS = 500
EVERYWHERE = 500
# What an account has while names are being sprayed: one attempt, and one more after `PAUSE`.
WHILE_SPRAYED = 2
NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Failures:
    """Failed attempts within the window: for the account, from the address, and everywhere.

    `here` are those for the account from this address; `since_last` is the time since the
    account's newest.
    """

    account: int = 0
    address: int = 0
    everywhere: int = 0
    here: int = 0
    since_last: timedelta = WINDOW


def is_sprayed(failures: Failures) -> bool:
    """Whether so much fails, everywhere or from the address, that somebody tries one password over
    many names (AU-20). Who mistypes and then gets in is not counted.
    """
    return failures.everywhere >= EVERYWHERE or failures.address >= PER_ADDRESS


def wait_before(failures: Failures, per_account: int) -> timedelta:
    """Return how long the attempt waits; it is refused without asking the directory until then.

    `per_account` is how many wrong passwords a person has within the window; the setting
    `login_attempts`, which stays below the directory's lock-out. All but two of them come at once;
    the last but one after `PAUSE`; the last one after `PAUSE`, and only from an address that has
    not spent the others. While names are sprayed each account has only `WHILE_SPRAYED`: who types
    the right password gets in all the same, for otherwise anybody could close the portal, or one PC
    close it for a whole town hall (HD-08).
    """
    if is_sprayed(failures):
        per_account = min(per_account, WHILE_SPRAYED)
    if (
        failures.account >= per_account
        or failures.here >= max(1, per_account - 1)
        or failures.address >= MOST_PER_ADDRESS
    ):
        return WINDOW
    at_once = max(1, per_account - 2)
    if failures.account >= at_once and failures.since_last < PAUSE:
        return PAUSE - failures.since_last
    return NO_WAIT
