"""How work grows with its input: what a busy machine cannot change, as a clock's reading can."""

from __future__ import annotations

import time
from collections.abc import Callable

# Under this much processor time nothing has run away, whatever the ratio says.
AN_INSTANT = 0.2
# Four times the input: linear work takes four times as long, quadratic sixteen.
TIMES, MOST, TURNS = 4, 10.0, 3


def spent(act: Callable[[], object]) -> float:
    """Return the processor time of this thread for the act."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


def assert_linear(act: Callable[[str], object], text_of: Callable[[int], str], size: int) -> None:
    """Demand that four times the text costs about four times the work (IN-11).

    One turn in three is enough: whatever disturbs a measurement makes it dearer, never cheaper.
    """
    large, small = text_of(size), text_of(size // TIMES)
    whole = spent(lambda: act(large))
    for _turn in range(TURNS):
        if whole < AN_INSTANT or whole / spent(lambda: act(small)) < MOST:
            return
        whole = min(whole, spent(lambda: act(large)))
    raise AssertionError(f"{len(large)} signs took {whole:.2f} s: more than their length says")
