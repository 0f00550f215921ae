"""Some requests under way at once: on a long line it is the waiting that takes the time, not the quota."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
#: Enough for the older quota, 50 messages a second, at 120 ms each. Gmail limits this as well, and does not say to what.
LANES = 6


class Lanes:
    """So many at once; with one, everything happens in its order, in the caller's thread."""

    def __init__(self, count: int) -> None:
        self._count = count

    def map(self, work: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        """What the work makes of each, in order. The first failure is raised once what is under way has ended."""
        if self._count == 1 or len(items) < 2:
            yield from map(work, items)
            return
        lanes = ThreadPoolExecutor(min(self._count, len(items)), thread_name_prefix="google")
        try:
            yield from lanes.map(work, items)
        finally:
            lanes.shutdown(cancel_futures=True)
