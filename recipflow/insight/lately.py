"""Who wrote lately: read once for all contacts, as far back as any of them asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from recipflow.model import Party
from recipflow.people.same import Persons
from recipflow.store import Store


class Lately:
    """The persons who wrote up to an instant; for as long as nothing else is stored."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._first = now
        self._last: dict[Party, datetime] = {}
        self._persons = Persons()

    def same(self, people: Iterable[Party], after: datetime) -> Iterator[Party]:
        """Who wrote since, and is plainly one of these."""
        self._reach(after)
        same = {party for one in people for party in self._persons.same(one)}
        return (party for party in same if self._last[party] > after)

    def _reach(self, first: datetime) -> None:
        """Read who wrote before what was read so far, back to this instant."""
        if first >= self._first:
            return
        for party, at in self._store.interactions.writers(first, self._first):
            if party not in self._last:
                self._last[party] = at
                self._persons.add(party)
        self._first = first
