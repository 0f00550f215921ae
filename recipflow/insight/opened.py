"""Mail that is looked at for one contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

from recipflow.insight.around import Known
from recipflow.model import Message
from recipflow.store import Line, Store, Stored


class Opened:
    """What was opened for one contact: each thing once, however many items are open."""

    def __init__(self, store: Store, one: Known, now: datetime) -> None:
        self.store, self._them, self._now = store, frozenset(one.contact.addresses), now
        self._known: dict[int, Stored | None] = {}

    @cached_property
    def lines(self) -> list[Line]:
        """What passed between the two so far."""
        return [line for line in self.store.ledgers.lines(self._them) if line.at <= self._now]

    def mails(self, keys: Iterable[int], *, persons: bool = False) -> Iterator[Message]:
        """The messages of these rows, in the order given."""
        keys = list(keys)
        if new := [key for key in keys if key not in self._known]:
            self._known |= dict.fromkeys(new) | {one.key: one for one in self.store.interactions.get(new)}
        for stored in map(self._known.__getitem__, keys):
            if stored and isinstance(stored.interaction, Message) and not (persons and stored.machine):
                yield stored.interaction
