"""What has been asked for in the demonstration's search, and not found."""

from __future__ import annotations

from intranet.search.actions import Outcome, note_question

QUESTIONS = (
    ("sykkelparkering ved rådhuset", 4, 0, 1),
    ("hvor leverer jeg arbeidstøy", 3, 0, 2),
    ("julebord", 2, 1, 0),
    ("kjøregodtgjørelse", 0, 2, 3),
    ("parkeringsbevis hjemmetjenesten", 2, 0, 0),
)


def seed_search() -> int:
    """Note the questions as readers leave them."""
    for words, missed, helped, failed in QUESTIONS:
        for outcome, times in (
            (Outcome.MISSED, missed),
            (Outcome.HELPED, helped),
            (Outcome.FAILED, failed),
        ):
            for _time in range(times):
                note_question(words, outcome)
    return len(QUESTIONS)
