"""Waiting for an account that tells by itself when something came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from recipflow.connector import Watching

log = logging.getLogger(__name__)


REST = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds between one failed wait for news and the next."""
SHORTEST = 0.5
"""Seconds from the beginning of one wait to that of the next."""
WATCH = timedelta(minutes=20)
"""So long one wait for news lasts: servers end longer ones (RFC 2177: 29 minutes)."""


def pause(stopped: threading.Event, began: float) -> None:
    """After a wait that ended as soon as it began: an account that does not wait must not make us spin."""
    stopped.wait(max(0.0, SHORTEST - (monotonic() - began)))


class Watch:
    """Waits, in a thread of its own, for news of one account; after a failure it waits longer each time."""

    def __init__(self, name: str, opened: Callable[[], object], news: Callable[[], None]) -> None:
        self._name, self._opened, self._news = name, opened, news
        self._stopped = threading.Event()
        self._account: Watching | None = None

    def start(self) -> bool:
        """False when this account does not tell by itself."""
        self._renew()
        if self._account is None:
            return False
        threading.Thread(target=self._run, name=f"watch {self._name}", daemon=True).start()
        return True

    def stop(self) -> None:
        self._stopped.set()
        self.again()

    def again(self) -> None:
        """End the wait that is under way: its connection may be dead."""
        if self._account is not None:
            with suppress(Exception):
                self._account.stop()

    def _run(self) -> None:
        failed = 0
        while not self._stopped.is_set():
            try:
                assert self._account is not None  # noqa: S101
                began = monotonic()
                if self._account.wait(WATCH.total_seconds()) and not self._stopped.is_set():
                    self._news()
                pause(self._stopped, began)
                failed = 0
            except Exception as problem:
                log.debug("waiting for news failed", exc_info=problem)
                self._stopped.wait(REST[min(failed, len(REST) - 1)])
                failed += 1
                self._renew()

    def _renew(self) -> None:
        with suppress(Exception):
            account = self._opened()
            if isinstance(account, Watching):
                self._account = account
