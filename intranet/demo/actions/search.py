"""What has been asked for in the demonstration's search, and what those who tend it have added."""

from __future__ import annotations

from intranet.demo.actions.cast import Cast
from intranet.search.actions import Outcome, note_question
from intranet.search.tending_actions import add_synonyms, pin_answer

QUESTIONS = (
    ("sykkelparkering ved rådhuset", 4, 0, 1),
    ("hvor leverer jeg arbeidstøy", 3, 0, 2),
    ("julebord", 2, 1, 0),
    ("kjøregodtgjørelse", 0, 2, 3),
    ("parkeringsbevis hjemmetjenesten", 2, 0, 0),
)

SYNONYMS = (
    "arbeidstøy, uniform, arbeidsklær",
    "kjøregodtgjørelse, reiseregning, kilometergodtgjørelse",
)
PINS = (("hvor melder jeg avvik", "/avvik/meld", "Meld avvik"),)


def seed_search(cast: Cast) -> int:
    """Note the questions as readers leave them; the adviser adds words and an answer."""
    for words, missed, helped, failed in QUESTIONS:
        for outcome, times in (
            (Outcome.MISSED, missed),
            (Outcome.HELPED, helped),
            (Outcome.FAILED, failed),
        ):
            for _time in range(times):
                note_question(words, outcome)
    keeper = cast.viewer(cast.account("quality_adviser"))
    for words in SYNONYMS:
        add_synonyms(words, actor=keeper)
    for question, target, title in PINS:
        pin_answer(question, target, title, actor=keeper)
    return len(QUESTIONS)
