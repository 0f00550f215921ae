"""No more requests than the provider allows, evenly enough that none of them is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

#: What one application may ask of one mailbox in ten minutes.
#: https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
REQUESTS, SECONDS = 10_000, 600.0


class Pace:
    """A bucket with room for a tenth of what is allowed, refilled with the rest: no ten minutes exceed the limit."""

    def __init__(
        self,
        requests: int = REQUESTS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._room = max(1.0, requests / 10)
        self._rate = (requests - self._room) / SECONDS
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._left, self._at = self._room, clock()

    def take(self, count: int = 1) -> None:
        """Wait until `count` more requests may be made."""
        with self._lock:
            now = self._clock()
            self._left = min(self._room, self._left + (now - self._at) * self._rate) - count
            self._at = now
            wait = -self._left / self._rate if self._left < 0 else 0.0
        if wait:
            self._sleep(wait)
