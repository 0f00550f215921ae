"""Waiting while a provider is busy or the network away, and trying again; never for ever, never in step with others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from recipflow.errors import TryLater

log = logging.getLogger(__name__)
T = TypeVar("T")

FIRST = 1.0
"""Seconds to wait at first; twice as long each time after."""
LONGEST = 60.0
"""Seconds to wait at most, unless the provider says how long."""


def backoff(tries: int, random: float, *, longest: float = LONGEST) -> float:
    """Seconds to wait after so many failures in a row; `random` is from 0 to 1.

    Half of it is chance, so that a thousand clients do not come back together ("equal jitter": AWS Architecture Blog,
    Exponential Backoff And Jitter, 2015).
    """
    most = min(longest, FIRST * 2.0 ** min(tries - 1, 30))
    return float(most * (0.5 + random / 2))


class Patient(Protocol):
    """Calls, with more or less patience."""

    def __call__(self, call: Callable[[], T]) -> T: ...


def at_once(call: Callable[[], T]) -> T:
    """No patience: `TryLater` is the caller's."""
    return call()


@dataclass(slots=True)
class Patience:
    """Calls, and calls again after `TryLater`; gives up where waiting in one go would exceed `most` seconds."""

    sleep: Callable[[float], object]
    random: Callable[[], float]
    most: float
    tell: Callable[[str, float], None] | None = None

    def __call__(self, call: Callable[[], T]) -> T:
        waited, tries = 0.0, 0
        while True:
            try:
                return call()
            except TryLater as busy:
                tries += 1
                pause = backoff(tries, self.random()) if busy.after is None else busy.after
                if waited + pause > self.most:
                    raise
                self._wait(busy, pause)
                waited += pause

    def _wait(self, busy: TryLater, pause: float) -> None:
        log.info("waiting %.1f s", pause, extra={"action": "wait"})
        log.debug("waiting because: %s", busy)
        if self.tell:
            self.tell(str(busy), pause)
        self.sleep(pause)
