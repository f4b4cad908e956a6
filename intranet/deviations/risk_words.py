"""The words that people read for the levels and the bands of risk; decides nothing."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l
from intranet.deviations.risk import Band

CONSEQUENCES: dict[int, Any] = {
    1: _l("Ubetydelig"),
    2: _l("Liten"),
    3: _l("Moderat"),
    4: _l("Alvorlig"),
    5: _l("Svært alvorlig"),
}

PROBABILITIES: dict[int, Any] = {
    1: _l("Svært sjelden (sjeldnere enn hvert tiende år)"),
    2: _l("Sjelden (hvert år til hvert tiende år)"),
    3: _l("Av og til (noen ganger i året)"),
    4: _l("Ofte (hver måned)"),
    5: _l("Svært ofte (hver uke eller oftere)"),
}

# The word, its colour, and the letter that says the same without the colour.
BANDS: dict[Band, tuple[Any, str, Any]] = {
    Band.LOW: (_l("Lav risiko"), "success", _l("L")),
    Band.MEDIUM: (_l("Middels risiko"), "warning", _l("M")),
    Band.HIGH: (_l("Høy risiko"), "danger", _l("H")),
}
