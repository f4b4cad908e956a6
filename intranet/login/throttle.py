"""How many failed attempts are let through before the next one must wait. Pure.

Below the directory's own lock-out (usually five to ten), so that nobody can lock colleagues out
through the portal; and per address, with room for a whole municipality behind one address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 4
PER_ADDRESS = 100
EVERYWHERE = 500


@dataclass(frozen=True)
class Failures:
    """Failed attempts within the window: for the account from this address and from all, by place.

    `oldest` is the moment of the oldest one for the account, None without any.
    """

    account: int = 0
    address: int = 0
    everywhere: int = 0
    oldest: datetime | None = None


def must_wait(failures: Failures) -> bool:
    """Whether the attempt is refused without asking the directory."""
    return (
        failures.account >= PER_ACCOUNT
        or failures.address >= PER_ADDRESS
        or failures.everywhere >= EVERYWHERE
    )
