"""Reading one account: in which process, how often, and when it is left alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recipflow.daemon.offers import UNHURRIED

if TYPE_CHECKING:
    from recipflow.daemon.child import Children
    from recipflow.daemon.engine import Engine
    from recipflow.daemon.watchers import Watchers

SELDOM = timedelta(minutes=15)
"""At least so long between two looks at an account that can wait: each starts a process, a second's work."""


def rest(every: timedelta, offers: Collection[str]) -> timedelta:
    """How long an account is left alone between two looks."""
    return max(every, SELDOM) if UNHURRIED in offers else every


class Pulls:
    """Knows which accounts did not go on when they were read last."""

    def __init__(self, engine: Engine, children: Children, watchers: Watchers) -> None:
        self._engine, self._children, self._watchers = engine, children, watchers
        self._tried: dict[str, datetime] = {}

    def pull(self, account: str) -> bool:
        """Read it; False where it was left alone: one that needs the user is not asked every few minutes."""
        at = self._engine.clock()
        if (tried := self._tried.get(account)) and self._engine.resting(account, tried, at):
            return False
        if self._read(account):
            self._tried.pop(account, None)
        else:
            self._tried[account] = at
        return True

    def afresh(self) -> None:
        """Each may be asked again, as after a sleep."""
        self._tried.clear()

    def _read(self, account: str) -> bool:
        """An account that tells by itself is open here anyway, and what it tells is wanted at once; all else, and its
        first sync, is for a process of its own."""
        if self._watchers.has(account) and self._engine.synced(account):
            return self._engine.pull(account)
        return self._children.run("pull", account)
