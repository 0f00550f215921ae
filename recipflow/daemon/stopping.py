"""Being told to stop, by a thread or by a signal."""

from __future__ import annotations

import os
from datetime import timedelta
from queue import Empty, SimpleQueue
from time import monotonic


class Stop:
    """Said once, for good, and waited for by one thread.

    No Event: a signal's handler runs between any two steps of the thread that waits, and one that sets an Event whose
    lock that thread holds waits for ever for itself. `SimpleQueue.put` may be called there (its documentation).
    """

    def __init__(self) -> None:
        self._words: SimpleQueue[None] = SimpleQueue()
        self._said = False

    def say(self) -> None:
        self._said = True
        self._words.put(None)

    @property
    def said(self) -> bool:
        return self._said

    def within(self, span: timedelta) -> bool:
        """Whether it is said within that time. On Windows no signal ends a wait: there it is looked each second."""
        until = monotonic() + span.total_seconds()
        while not self._said and (left := until - monotonic()) > 0:
            try:
                self._words.get(timeout=min(left, 1.0) if os.name == "nt" else left)
            except Empty:
                continue
        return self._said
