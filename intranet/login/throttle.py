"""How many failed attempts are let through before the next one must wait. Pure.

Below the directory's own lock-out (usually five to ten), so that nobody can lock colleagues out
through the portal; and per address, with room for a whole municipality behind one address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 100
EVERYWHERE = 500


@dataclass(frozen=True)
class Failures:
    """Failed attempts within the window: for the account, from the address, and everywhere."""

    account: int = 0
    address: int = 0
    everywhere: int = 0


def must_wait(failures: Failures, per_account: int) -> bool:
    """Whether the attempt is refused without asking the directory.

    `per_account` is how many wrong passwords a person has within the window; the setting
    `login_attempts`, which stays below the directory's lock-out.
    """
    return (
        failures.account >= per_account
        or failures.address >= PER_ADDRESS
        or failures.everywhere >= EVERYWHERE
    )
