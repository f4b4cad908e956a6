"""The kinds of authority that a new installation starts with. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What may be delegated; the administrator may rename it and add more."""

    name: str
    has_amount: bool = False
    approves_documents: bool = False


DEFAULT_KINDS = (
    Kind("Anvise utgifter", has_amount=True),
    Kind("Inngå avtaler og kjøpe inn", has_amount=True),
    Kind("Ansette"),
    Kind("Avgjøre personalsaker"),
    Kind("Gjøre vedtak i saker"),
    Kind("Godkjenne dokumenter", approves_documents=True),
    Kind("Representere kommunen"),
)
