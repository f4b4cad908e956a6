"""What a directory tells us, in our words, whichever directory it is. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

MUNICIPALITY = "municipality"
SECTOR = "sector"
UNIT = "unit"
DEPARTMENT = "department"
# Keys of persons who exist only here (the break-glass administrator) begin like this.
LOCAL_KEY = "local:"


def tidy(text: str) -> str:
    """Return the text as NFC with single blanks: two spellings of one name become equal."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text as it is compared: tidy and without case, Å too (databases do not know Å)."""
    return tidy(text).casefold()


@dataclass(frozen=True)
class DirectoryPerson:
    """One account. `key` is entryUUID or objectGUID; the rest may change any day."""

    key: str
    username: str
    name: str
    given_name: str = ""
    family_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    # Home first, then further units.
    unit_keys: tuple[str, ...] = ()
    manager_key: str | None = None
    # Names of groups, nested ones included.
    groups: frozenset[str] = frozenset()
    is_enabled: bool = True


@dataclass(frozen=True)
class DirectoryUnit:
    """A part of the municipality. `leader_key` None: the post is vacant."""

    key: str
    name: str
    level: str
    parent_key: str | None = None
    leader_key: str | None = None


@dataclass(frozen=True)
class DirectorySnapshot:
    """Everything at one moment. Only a complete answer may become a snapshot."""

    persons: tuple[DirectoryPerson, ...]
    units: tuple[DirectoryUnit, ...]
    # Group name to the keys of known, enabled persons in it, nested groups followed.
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)


class CheckState(StrEnum):
    """How one line of the check came out."""

    GOOD = "ok"
    WARNING = "advarsel"
    BAD = "feil"


@dataclass(frozen=True)
class CheckLine:
    """One thing that was checked, for whoever sets the directory up."""

    name: str
    state: CheckState
    detail: str = ""


class LoginRefusal(StrEnum):
    """Why a login failed. Only what a person with the right password may know has its own text."""

    WRONG = "wrong"  # Unknown name, wrong password, locked: never told apart.
    EXPIRED = "expired"
    MUST_CHANGE = "must_change"
    DISABLED = "disabled"
    ACCOUNT_EXPIRED = "account_expired"
    NOT_NOW = "not_now"  # Logon hours or workstation.


class LoginRefused(Exception):
    """The directory did not let the person in. `key` is set when the account was found."""

    def __init__(self, refusal: LoginRefusal, key: str | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.key = key


class DirectoryFailed(Exception):
    """The directory does not answer, or not completely. Nothing may be concluded from it."""


# Called with the account's canonical key after it was found and before the password is tried.
BeforePassword = Callable[[str | None], None]


def no_brake(_key: str | None) -> None:
    """Let every attempt through; for commands, where nobody types passwords."""


class Directory(Protocol):
    """What the product asks of a directory; LDAP or the embedded file."""

    def authenticate(
        self, username: str, password: str, before_password: BeforePassword = no_brake
    ) -> DirectoryPerson:
        """Return who this is. Raises LoginRefused or DirectoryFailed."""

    def find_person(self, username: str) -> DirectoryPerson | None:
        """Return the one account that this name would log in as. Raises DirectoryFailed."""

    def fetch_everything(self) -> DirectorySnapshot:
        """Return all persons, units and groups, or raise DirectoryFailed; never a part of them."""

    def check(self) -> list[CheckLine]:
        """Try everything that the product needs, step by step, and tell how it went."""
