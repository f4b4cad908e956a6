"""What is answered at once, above the hits: the plain records that other rooms hand over.

`wiring` registers who answers: the search knows no persons.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, cast

from flask import current_app

from intranet.core.actor import Viewer
from intranet.search.person_questions import RoleAsked


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody who works here and how to reach them; `note` says in which part."""

    id: int
    name: str
    initials: str
    title: str
    unit: str
    phone: str
    mobile: str
    email: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PeopleAnswer:
    """Who it is that was asked for. `text` says what there is to say when it is nobody."""

    heading: str
    url: str = ""
    people: tuple[PersonCard, ...] = ()
    text: str = ""


class PeopleAnswers(Protocol):
    """Who can be asked for persons; answers with what the viewer may see."""

    def by_role(self, viewer: Viewer, asked: RoleAsked) -> list[PeopleAnswer]:
        """Who has the role, or leads, in the units that the words name."""
        ...

    def by_number(self, viewer: Viewer, digits: str) -> list[PeopleAnswer]:
        """Whose telephone number it is, or ends so."""
        ...

    def is_called(self, words: Collection[str]) -> bool:
        """Whether somebody who works or worked here has one of these as a name."""
        ...

    def by_keys(self, viewer: Viewer, keys: list[str]) -> list[PeopleAnswer]:
        """The persons with these keys of the index."""
        ...


def people_answers() -> PeopleAnswers:
    """Who answers in the running application."""
    return cast(PeopleAnswers, current_app.extensions["search_people"])
