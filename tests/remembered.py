"""Threads kept in memory: the index behind tests and benchmarks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from recipflow.model import Message
from recipflow.threads import ThreadChange, link
from recipflow.threads.links import Link

_Row = tuple[datetime, str]


class MemoryThreads:
    """A `ThreadIndex` over dictionaries."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._thread_of_node: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._by_key: dict[str, list[_Row]] = {}

    def add(self, message: Message | Link) -> ThreadChange:
        """Link a message and keep the outcome."""
        change = link(message, self)
        for item in change.links:
            self._put(item)
        return change

    def threads(self) -> dict[str, str]:
        """The thread of each message."""
        return {message: item.thread for message, item in self._links.items()}

    def get(self, message: str) -> Link | None:
        return self._links.get(message)

    def threads_with(self, nodes: Iterable[str]) -> set[str]:
        known = self._thread_of_node
        return {known[node] for node in nodes if node in known}

    def members(self, thread: str) -> Iterable[Link]:
        return [self._links[message] for message in self._members.get(thread, ())]

    def before(self, key: str, place: _Row, since: datetime, limit: int) -> Sequence[Link]:
        rows = self._by_key.get(key, [])
        end = bisect_left(rows, place)
        start = max(bisect_left(rows, (since, "")), end - limit)
        return [self._links[message] for _, message in reversed(rows[start:end])]

    def after(self, key: str, place: _Row, until: datetime, limit: int) -> Sequence[Link]:
        rows = self._by_key.get(key, [])
        start = bisect_right(rows, place)
        end = min(bisect_right(rows, (until, "\U0010ffff")), start + limit)
        return [self._links[message] for _, message in rows[start:end]]

    def _put(self, item: Link) -> None:
        before = self._links.get(item.id)
        if before:
            self._members[before.thread].discard(item.id)
        else:
            rows = self._by_key.setdefault(item.key, [])
            rows.insert(bisect_left(rows, item.place), item.place)
        self._links[item.id] = item
        self._members.setdefault(item.thread, set()).add(item.id)
        for node in item.nodes:
            self._thread_of_node[node] = item.thread
