"""Who wrote lately, and what came back: read once for all contacts, as far back as any of them asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from recipflow.model import Message, Party
from recipflow.people.same import Persons
from recipflow.store import Store


class Lately:
    """The persons who wrote up to an instant, and the reports that mail was not delivered; for as long as nothing else
    is stored, which `look` asks of others."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now, self._stamp = store, now, store.stamp
        self._first = now
        self._last: dict[Party, datetime] = {}
        self._persons = Persons()
        self._reports: list[tuple[int, datetime]] | None = None
        self._much: datetime | None = None

    def look(self) -> None:
        """Forget what was read, if anybody else stored anything since."""
        if self._stamp != (stamp := self._store.stamp):
            self._stamp, self._first, self._reports = stamp, self._now, None
            self._last, self._persons, self._much = {}, Persons(), None

    def same(self, people: Iterable[Party], after: datetime) -> Iterator[Party]:
        """Who wrote since, and is plainly one of these."""
        self._reach(after)
        return (party for party in self._persons.same(people) if self._last[party] > after)

    def came_back(self, after: datetime, until: datetime) -> Iterator[Message]:
        """The reports that came after one instant, up to another, in the order of time."""
        if self._reports is None:
            self._reports = self._store.interactions.bounces(self._now)
        for stored in self._store.interactions.get([key for key, at in self._reports if after < at <= until]):
            if isinstance(stored.interaction, Message):
                yield stored.interaction

    def wrote_much(self, addresses: Collection[str], count: int) -> datetime:
        """Since when these wrote so many mails to others; if ever they did."""
        if self._much is None:
            self._much = self._store.interactions.wrote(addresses, self._now, count)
        return self._much

    def _reach(self, first: datetime) -> None:
        """Read who wrote before what was read so far, back to this instant."""
        if first >= self._first:
            return
        for party, at in self._store.interactions.writers(first, self._first):
            if party not in self._last:
                self._last[party] = at
                self._persons.add(party)
        self._first = first
