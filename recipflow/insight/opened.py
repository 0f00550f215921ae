"""Mail that is looked at for contacts about whom something waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from recipflow.derive.context import Context
from recipflow.insight.lately import Lately
from recipflow.model import Message
from recipflow.store import Store, Stored


class Opened:
    """What was opened for some contacts, as of `now`: each thing once, however many items are open."""

    def __init__(self, store: Store, context: Context, now: datetime, lately: Lately) -> None:
        self.store, self.context, self.now, self.lately = store, context, now, lately
        self._known: dict[int, Stored | None] = {}

    def letters(self, ids: Iterable[str]) -> dict[str, Message]:
        """The messages of these ids, as far as there are any."""
        found = self.store.interactions.by_ext(ids)
        return {ext: one for ext, stored in found.items() if isinstance(one := stored.interaction, Message)}

    def read(self, keys: Iterable[int]) -> None:
        """Open these rows together, as far as they are not open yet."""
        if new := [key for key in dict.fromkeys(keys) if key not in self._known]:
            self._known |= dict.fromkeys(new) | {one.key: one for one in self.store.interactions.get(new)}

    def mails(self, keys: Iterable[int], *, persons: bool = False) -> Iterator[Message]:
        """The messages of these rows, in the order given."""
        keys = list(keys)
        self.read(keys)
        for stored in map(self._known.__getitem__, keys):
            if stored and isinstance(stored.interaction, Message) and not (persons and stored.machine):
                yield stored.interaction
