"""The blueprint with all pages of deviations on it; the only file that the wiring asks for."""

from intranet.deviations.views import (
    batch,
    case,
    clock_settings,
    clocks,
    copies,
    desk,
    judging,
    linked,
    measures,
    offline,
    poster,
    questions,
    registers,
    report,
    special,
    steps,
)
from intranet.deviations.views.blueprint import blueprint

__all__ = [
    "batch",
    "blueprint",
    "case",
    "clock_settings",
    "clocks",
    "copies",
    "desk",
    "judging",
    "linked",
    "measures",
    "offline",
    "poster",
    "questions",
    "registers",
    "report",
    "special",
    "steps",
]
