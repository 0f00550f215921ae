"""Of a first sync that takes long, something can be seen before it ends."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

EARLY = 20.0
"""Seconds after which something can be seen of a first sync that still goes on."""


def now_and_then(work: Callable[[], object], clock: Callable[[], float] = monotonic) -> Callable[[], None]:
    """Does the work when it is called `EARLY` seconds from now, then when twice as much time has passed, and so on."""
    began, rest = clock(), EARLY

    def called() -> None:
        nonlocal rest
        if clock() - began >= rest:
            work()
            rest = 2 * (clock() - began)

    return called
