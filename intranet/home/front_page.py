"""What the front page shows, from every room, in a fixed number of selects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now
from intranet.core.text import _
from intranet.library.queries.documents import list_new_documents
from intranet.news.front_page import FrontNews
from intranet.news.queries.front_page import list_front_page_news
from intranet.vacancies.queries import list_open_vacancies
from intranet.web import filters

VACANCIES = 6
DOCUMENTS = 4
MORNING_ENDS = time(10)
DAY_ENDS = time(18)


@dataclass(frozen=True)
class FrontPage:
    """Rows of each room, ready to show; no article twice. The first of the news is shown large."""

    greeting: str
    day: str
    news: FrontNews
    vacancies: list[Any]
    documents: list[Any]


def compose(viewer: Viewer) -> FrontPage:
    """Return the front page for the person."""
    at = now().astimezone(OSLO)
    return FrontPage(
        greeting=greeting(viewer.name.split(" ")[0], at.time()),
        day=_sentence(filters.weekday(at.date())),
        news=list_front_page_news(viewer),
        vacancies=list_open_vacancies(VACANCIES),
        documents=list_new_documents(DOCUMENTS),
    )


def greeting(name: str, at: time) -> str:
    """Return what one says at this hour in Norway."""
    if at < MORNING_ENDS:
        return _("God morgen, %(name)s", name=name)
    if at < DAY_ENDS:
        return _("Hei, %(name)s", name=name)
    return _("God kveld, %(name)s", name=name)


def _sentence(words: str) -> str:
    """Return the words with a capital first letter: Norwegian days are written small."""
    return words[:1].upper() + words[1:]
