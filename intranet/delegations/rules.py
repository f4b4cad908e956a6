"""When a delegation holds, what it covers, and what may be passed on from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LARGEST_AMOUNT = 10**12
# Longer chains nobody could oversee; a loop ends here too.
LONGEST_CHAIN = 12


class EndCause(StrEnum):
    """Why a delegation ended before its last day."""

    NONE = ""
    WITHDRAWN = "withdrawn"
    # The person who held it is no longer employed.
    LAPSED = "lapsed"


class Standing(StrEnum):
    """What a delegation is worth on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    # It holds by its own dates, but something above it does not.
    BROKEN = "broken"


@dataclass(frozen=True)
class Grant:
    """What the rules ask of one delegation. `amount` None: without limit, or a kind without one.

    `ends_on` is the last day on which it holds, `ended_on` the first day on which it does not.
    """

    id: int
    parent_id: int | None
    kind_id: int
    unit_path: str
    holder_id: int | None
    office_id: int | None
    amount: int | None
    starts_on: date
    ends_on: date | None
    may_pass_on: bool
    ended_on: date | None = None
    end_cause: EndCause = EndCause.NONE

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None: until further notice."""
        ended = None if self.ended_on is None else self.ended_on - timedelta(days=1)
        days = [day for day in (self.ends_on, ended) if day is not None]
        return min(days) if days else None


# From the delegation itself up to the root.
Chain = Sequence[Grant]


def chain_of(grant_id: int, grants: Mapping[int, Grant]) -> tuple[Grant, ...]:
    """Return the delegation and those that it rests on, up to the root."""
    chain: list[Grant] = []
    step: int | None = grant_id
    while step is not None and step in grants and len(chain) < LONGEST_CHAIN:
        chain.append(grants[step])
        step = grants[step].parent_id
    return tuple(chain)


def descendants_of(grant_id: int, grants: Iterable[Grant]) -> list[Grant]:
    """Return everything passed on from the delegation, nearest first."""
    below: dict[int | None, list[Grant]] = {}
    for grant in grants:
        below.setdefault(grant.parent_id, []).append(grant)
    found: list[Grant] = []
    level = below.get(grant_id, [])
    for _step in range(LONGEST_CHAIN):
        found.extend(level)
        level = [child for grant in level for child in below.get(grant.id, [])]
    return found


def own_standing(grant: Grant, on: date) -> Standing:
    """Return what the delegation is worth by its own dates, whatever it rests on."""
    if grant.ended_on is not None and on >= grant.ended_on:
        is_lapsed = grant.end_cause is EndCause.LAPSED
        return Standing.LAPSED if is_lapsed else Standing.WITHDRAWN
    if on < grant.starts_on:
        return Standing.COMING
    if grant.ends_on is not None and on > grant.ends_on:
        return Standing.ENDED
    return Standing.IN_FORCE


def standing(chain: Chain, on: date) -> Standing:
    """Return what the first of the chain is worth on the day: nobody can use what nobody gave."""
    own = own_standing(chain[0], on)
    is_whole = chain[-1].parent_id is None
    above = [own_standing(grant, on) for grant in chain[1:]]
    if own is Standing.IN_FORCE and not (is_whole and set(above) <= {Standing.IN_FORCE}):
        return Standing.BROKEN
    return own


def covers(chain: Chain, unit_path: str, amount: int | None, on: date) -> bool:
    """Whether the chain gives the right in the unit, for the amount, on the day.

    Each link is asked: a unit may have been moved out from under the one above since it was given.
    `amount` None: no amount is asked about.
    """
    return standing(chain, on) is Standing.IN_FORCE and all(
        unit_path.startswith(grant.unit_path)
        and (amount is None or grant.amount is None or amount <= grant.amount)
        for grant in chain
    )


class Excess(StrEnum):
    """Why something cannot be passed on like this."""

    KEPT = "kept"
    NOT_IN_FORCE = "not_in_force"
    TOO_LONG_CHAIN = "too_long_chain"
    OUTSIDE_UNIT = "outside_unit"
    AMOUNT = "amount"
    WITHOUT_LIMIT = "without_limit"
    STARTS_BEFORE = "starts_before"
    ENDS_AFTER = "ends_after"
    WITHOUT_END = "without_end"


def excess_of(
    chain: Chain,
    *,
    unit_path: str,
    amount: int | None,
    starts_on: date,
    ends_on: date | None,
    on: date,
) -> Excess | None:
    """Return why this is more than the first of the chain holds, or None when it is within it."""
    parent = chain[0]
    if not parent.may_pass_on:
        return Excess.KEPT
    if standing(chain, on) is not Standing.IN_FORCE:
        return Excess.NOT_IN_FORCE
    if len(chain) >= LONGEST_CHAIN:
        return Excess.TOO_LONG_CHAIN
    if not unit_path.startswith(parent.unit_path):
        return Excess.OUTSIDE_UNIT
    if parent.amount is not None and amount is None:
        return Excess.WITHOUT_LIMIT
    if parent.amount is not None and amount is not None and amount > parent.amount:
        return Excess.AMOUNT
    if starts_on < max(grant.starts_on for grant in chain):
        return Excess.STARTS_BEFORE
    return _too_late(parent, starts_on, ends_on)


def _too_late(parent: Grant, starts_on: date, ends_on: date | None) -> Excess | None:
    last = parent.last_day
    if last is None:
        return None
    if ends_on is None:
        return Excess.WITHOUT_END
    return Excess.ENDS_AFTER if ends_on > last or starts_on > last else None
