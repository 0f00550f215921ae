"""Seconds from a draft saved to a word about it: each mailbox whose drafts may be looked at is watched by a thread.

A server that tells of drafts is waited for; any other is asked every few seconds for the list of them, which costs one
small request. The database is opened only when a draft changed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic

from recipflow.connector import Drafting, WatchingDrafts
from recipflow.daemon.watching import REST, WATCH, pause
from recipflow.model import Message

log = logging.getLogger(__name__)

EVERY = 15.0
"""Seconds between two looks: four small requests a minute. At Gmail 20 units of the 6,000 of a minute (PROVIDERS.md)."""

Drafts = Mapping[str, tuple[str, Message | None]]


class DraftWatch:
    """Looks at the drafts of one account until it is stopped; after a failure it waits longer each time.

    `changed` takes all drafts, those that are new or other with their message; `gone` is called when one is there no
    more: it was sent, or thrown away.
    """

    def __init__(
        self,
        name: str,
        opened: Callable[[], object],
        known: Callable[[], Mapping[str, str]],
        changed: Callable[[Drafts], None],
        gone: Callable[[], None],
        *,
        every: float = EVERY,
    ) -> None:
        self._name, self._opened, self._changed, self._gone = name, opened, changed, gone
        self._first, self._every = known, every
        self._stopped = threading.Event()
        self._account: Drafting | None = None
        self._known: dict[str, str] | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name=f"drafts {self._name}", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        if isinstance(self._account, WatchingDrafts):
            with suppress(Exception):
                self._account.stop_drafts()

    def _run(self) -> None:
        failed = 0
        while not self._stopped.is_set():
            try:
                self._look()
                failed = 0
                self._wait()
            except Exception as problem:
                log.debug("drafts could not be looked at", exc_info=problem)
                self._account = None
                self._stopped.wait(max(self._every, REST[min(failed, len(REST) - 1)]))
                failed += 1

    def _look(self) -> None:
        if self._account is None:
            account = self._opened()
            if not isinstance(account, Drafting):
                self._stopped.set()
                return
            self._account = account
        before = dict(self._first()) if self._known is None else self._known
        found = self._account.drafts(before)
        now = {ref: version for ref, (version, _) in found.items()}
        if now != before:
            self._changed(found)
        self._known = now
        if before.keys() - now.keys():
            self._gone()

    def _wait(self) -> None:
        if isinstance(self._account, WatchingDrafts):
            began = monotonic()
            self._account.wait_drafts(WATCH.total_seconds())
            pause(self._stopped, began)
        else:
            self._stopped.wait(self._every)
