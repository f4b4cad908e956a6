"""The exception family: what went wrong, in words for the person who did it. Pure."""

from __future__ import annotations


class IntranetError(Exception):
    """Something that the person must be told. `field` names the form field, if one is to blame."""

    def __init__(self, message: object = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(IntranetError):
    """It does not exist, or this person may not know that it does. 404."""


class NotAllowed(IntranetError):
    """The person may see it but not do this. 403."""


class InvalidInput(IntranetError):
    """What was typed or sent cannot be used as it is. 422."""


class NotPossibleNow(IntranetError):
    """The state does not allow the step. 409."""


class SomeoneElseWasFirst(IntranetError):
    """Another person changed the same thing in the meantime. 409."""


class DirectoryUnavailable(IntranetError):
    """The directory does not answer. 503."""
