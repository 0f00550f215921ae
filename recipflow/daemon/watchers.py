"""The threads that wait for accounts which tell by themselves, and that look at drafts: as config.toml has them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from recipflow.daemon.draft_watch import Drafts, DraftWatch
from recipflow.daemon.offers import DRAFTS, WATCHES
from recipflow.daemon.watching import Watch

if TYPE_CHECKING:
    from recipflow.settings import AccountTable

log = logging.getLogger(__name__)


class Telling(NamedTuple):
    """What watchers ask of the daemon, and tell it, by the account's name."""

    opened: Callable[[str], object]
    known_drafts: Callable[[str], Mapping[str, str]]
    drafted: Callable[[str, Drafts], None]
    news: Callable[[str], None]


class Watchers:
    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._mail: dict[str, Watch] = {}
        self._drafts: dict[str, DraftWatch] = {}
        self._tables: dict[str, AccountTable] = {}

    def arrange(self, tables: Mapping[str, AccountTable], kinds: Mapping[str, Collection[str]]) -> None:
        """Watch what these accounts offer. One whose table changed is opened anew; what is asked for no more ends."""
        same = {name for name, table in tables.items() if self._tables.get(name) == table}
        self._end(keep=same & {name for name, offers in kinds.items() if WATCHES in offers}, among=self._mail)
        self._end(
            keep=same & {name for name, offers in kinds.items() if DRAFTS in offers}, among=self._drafts
        )
        self._tables = dict(tables)
        for name in tables.keys() & kinds.keys():
            if WATCHES in kinds[name] and name not in self._mail:
                self._watch(name)
            if DRAFTS in kinds[name] and name not in self._drafts:
                self._watch_drafts(name)

    def has(self, account: str) -> bool:
        """Whether this account is waited for."""
        return account in self._mail

    def again(self) -> None:
        """End the waits that are under way, for their connections may be dead; they begin anew."""
        for watch in self._mail.values():
            watch.again()

    def stop(self) -> None:
        self._end(keep=frozenset(), among=self._mail)
        self._end(keep=frozenset(), among=self._drafts)

    def _watch(self, name: str) -> None:
        watch = Watch(name, partial(self._telling.opened, name), partial(self._telling.news, name))
        if watch.start():
            self._mail[name] = watch

    def _watch_drafts(self, name: str) -> None:
        ask, tell = self._telling.known_drafts, self._telling
        self._drafts[name] = DraftWatch(
            name,
            partial(tell.opened, name),
            partial(ask, name),
            partial(tell.drafted, name),
            partial(tell.news, name),
        )
        self._drafts[name].start()

    @staticmethod
    def _end(*, keep: Collection[str], among: dict[str, Watch] | dict[str, DraftWatch]) -> None:
        for gone in [name for name in among if name not in keep]:
            among.pop(gone).stop()
