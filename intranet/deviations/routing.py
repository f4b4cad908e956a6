"""Who handles a deviation and who is copied; asks no database and sends nothing.

The rules are those of domain.md "Deviations", Routing, and security.md D15: the server decides the
route, and the ones whom the case concerns, and their stand-ins, are left out everywhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intranet.deviations.severity import Category, Severity


@dataclass(frozen=True)
class Link:
    """One unit in the chain from the place of the event up to the municipality."""

    unit_id: int
    path: str
    leader_id: int | None
    stand_in_id: int | None = None
    level: str = ""


class Passed(StrEnum):
    """Why a leader on the way up was passed by."""

    VACANT = "vacant"
    IS_REPORTER = "is_reporter"
    CONCERNED = "concerned"
    BELOW_CONCERNED = "below_concerned"
    STAND_IN_CONCERNED = "stand_in_concerned"
    STAND_IN_IS_REPORTER = "stand_in_is_reporter"
    HAS_HAD_IT = "has_had_it"


@dataclass(frozen=True)
class Top:
    """Who is above the chain: the chief executive, and above that the recipient of the settings."""

    chief_id: int | None = None
    chief_stand_in_id: int | None = None
    last_recipient_id: int | None = None


@dataclass(frozen=True)
class Route:
    """The outcome: whose case it is, who receives it today, and from which unit the line may read.

    `handler_unit_id` is None when a person named in the settings handles it, or nobody could be
    found. From `line_unit_id` and up the line of leaders may read; None: no line may.
    """

    handler_id: int | None
    handler_unit_id: int | None
    receiver_id: int | None
    line_unit_id: int | None
    passed: tuple[tuple[int, Passed], ...] = ()


def find_route(
    chain: Sequence[Link],
    top: Top,
    *,
    reporter_id: int | None,
    concerned: Collection[int] = (),
    above_unit_id: int | None = None,
    besides: Collection[int] = (),
) -> Route:
    """The responsible leader for an event in the unit at the bottom of `chain` (unit first, top
    last).

    The unit's own leader; one up when that is the reporter, is concerned, or the post is vacant,
    and above everyone in the line whom it concerns. An absent leader's stand-in receives it. Nobody
    up the chain: the chief executive. Concerns the chief executive, or it is the chief executive
    who reports: `last_recipient_id` from the settings. A report that fits nobody is still a report:
    then `handler_id` is None and the case stands as unassigned.

    For lifting, climbing and "not solved", `above_unit_id` names the unit that the search starts
    above, and `besides` those who have had it.
    """
    lowest = _first_above_concerned(chain, top, concerned)
    line_unit_id = chain[lowest].unit_id if lowest < len(chain) else None
    start = max(lowest, _place_above(chain, above_unit_id))
    passed = [
        (link.unit_id, Passed.CONCERNED if link.leader_id in concerned else Passed.BELOW_CONCERNED)
        for link in chain[:lowest]
    ]
    for link in chain[start:]:
        why = _why_not(link, reporter_id, concerned, besides)
        if why is None:
            receiver = link.stand_in_id or link.leader_id
            return Route(link.leader_id, link.unit_id, receiver, line_unit_id, tuple(passed))
        passed.append((link.unit_id, why))
    chief = Link(0, "", top.chief_id, top.chief_stand_in_id)
    if _why_not(chief, reporter_id, concerned, besides) is None:
        receiver = top.chief_stand_in_id or top.chief_id
        return Route(top.chief_id, None, receiver, line_unit_id, tuple(passed))
    last = Link(0, "", top.last_recipient_id)
    found = last.leader_id if _why_not(last, reporter_id, concerned, besides) is None else None
    return Route(found, None, found, line_unit_id, tuple(passed))


def _why_not(
    link: Link, reporter_id: int | None, concerned: Collection[int], besides: Collection[int]
) -> Passed | None:
    """Why this leader cannot have the case; None when they can."""
    if link.leader_id is None:
        return Passed.VACANT
    if link.leader_id in concerned:
        return Passed.CONCERNED
    if link.leader_id == reporter_id:
        return Passed.IS_REPORTER
    if link.leader_id in besides:
        return Passed.HAS_HAD_IT
    if link.stand_in_id is not None and link.stand_in_id in concerned:
        return Passed.STAND_IN_CONCERNED
    if link.stand_in_id is not None and link.stand_in_id == reporter_id:
        return Passed.STAND_IN_IS_REPORTER
    return None


def _place_above(chain: Sequence[Link], unit_id: int | None) -> int:
    """The place just above the unit in the chain; 0 when no unit is given or it is not there."""
    return next((i + 1 for i, link in enumerate(chain) if link.unit_id == unit_id), 0)


def _first_above_concerned(chain: Sequence[Link], top: Top, concerned: Collection[int]) -> int:
    """The place in the chain just above the highest leader whom the case concerns; 0 when it
    concerns none.

    A leader does not handle a case about somebody who leads them; about the chief executive, no
    leader does.
    """
    if top.chief_id in concerned:
        return len(chain)
    places = [i for i, link in enumerate(chain) if link.leader_id in concerned]
    return max(places, default=-1) + 1


@dataclass(frozen=True)
class CopyRow:
    """One row of the table of copies: from this severity in this category (None: every), that role
    is copied.
    """

    category: str | None
    least_severity: Severity
    role: str


# What law and common sense ask for; the administrator's rows replace all of them.
DEFAULT_COPIES = (
    # arbeidsmiljøloven § 6-2: the safety representative takes part in health and safety.
    CopyRow(Category.STAFF, Severity.LOW, "safety_representative"),
    CopyRow(Category.STAFF, Severity.CRITICAL, "chief_safety_representative"),
    CopyRow(Category.VIOLENCE, Severity.LOW, "safety_representative"),
    # GDPR art. 38 no. 1: the data protection officer is involved in all issues of personal data.
    CopyRow(Category.PRIVACY, Severity.LOW, "data_protection_officer"),
)


# Whom the law involves in the case also when it is confidential (GDPR art. 38 no. 1).
DUTY_ROLES = frozenset({"data_protection_officer"})


def list_copied_roles(
    rows: Iterable[CopyRow], category: str | None, severity: Severity
) -> list[str]:
    """The roles that get a copy, each once, in the order of the table."""
    found = [
        row.role
        for row in rows
        if row.category in (None, category) and severity.at_least(row.least_severity)
    ]
    return list(dict.fromkeys(found))


def list_copied_persons(
    holders: Mapping[str, Sequence[int]], excluded: Collection[int]
) -> dict[int, str]:
    """Person to role for those who are copied; the concerned, their stand-ins and the reporter are
    not.
    """
    copied: dict[int, str] = {}
    for role, persons in holders.items():
        for person in persons:
            if person not in excluded:
                copied.setdefault(person, role)
    return copied
