"""What a job and a health probe are. Pure; `wiring` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Job:
    """Something due by the clock. `run` commits row by row and may be run twice without harm.

    `longest` is how long one run may take before another process may think this one dead.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
    longest: timedelta = timedelta(seconds=60)


@dataclass(frozen=True)
class ProbeResult:
    """One line of `/helse`: whether it is good, and the numbers behind."""

    name: str
    is_good: bool
    values: Mapping[str, Any] = field(default_factory=dict)


Probe = Callable[[], ProbeResult]
