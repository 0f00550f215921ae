"""Keeping to a provider's quota by waiting before a request, rather than by being refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

#: Spent evenly, with this share of a minute's units at once at most. Both together stay below the quota in any minute,
#: with some hundredths of a second to spare for requests that take longer on their way than others.
EVENLY, AT_ONCE = 0.965, 0.03


class Pace:
    """So many units a minute and no more; `clock` and `sleep` are in seconds."""

    def __init__(
        self,
        units_per_minute: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = EVENLY * units_per_minute / 60
        self._most = AT_ONCE * units_per_minute
        self._clock, self._sleep = clock, sleep
        self._turn = Lock()
        self._left = self._most
        self._at = clock()

    def spend(self, units: float) -> None:
        """Wait until `units` may be spent. What costs more than may be spent at once is paid off afterwards."""
        with self._turn:
            self._refill()
            wanted = min(units, self._most)
            while self._left < wanted:
                self._sleep((wanted - self._left) / self._rate + 0.001)
                self._refill()
            self._left -= units

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
