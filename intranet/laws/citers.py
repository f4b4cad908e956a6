"""Who rests on a law: the rooms above answer, this room only asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from intranet.core.actor import Viewer


@dataclass(frozen=True, slots=True)
class Citer:
    """A text that names a paragraph, as the law's page shows it."""

    number: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ParagraphCiters:
    """The first texts that name a paragraph, how many there are, and where all of them stand."""

    section: str
    first: tuple[Citer, ...]
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class LawCiters:
    """What rests on a law: by paragraph, and whether it is named at all; `url` has them all."""

    paragraphs: tuple[ParagraphCiters, ...]
    is_named: bool
    url: str


CiterFinder = Callable[[Viewer, str], LawCiters]


def find_citers(viewer: Viewer, refid: str) -> LawCiters:
    """Return what the viewer may read that rests on the law, through what `wiring` has put in."""
    finder = cast(CiterFinder, current_app.extensions["find_law_citers"])
    return finder(viewer, refid)
