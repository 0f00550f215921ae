"""Which threads come whole with their newest sent message, so that nothing in them is asked for one by one.

A thread costs what two messages cost, however many are in it. How many there are, and which sent message of each is
the newest, is listed by every process that goes on with a first pull (a tenth of a percent of the cost of reading
them), and so has to be kept nowhere. It holds for threads in which nothing changed since the pull began; the history
says which did, and their messages are asked for one by one.
"""

from __future__ import annotations

from collections import Counter

from recipflow_connectors.google.box import Box, Expired
from recipflow_connectors.google.mail_place import SENT, Place, sought, there_is


class Conversations:
    """For the first pull that began with that history, and reads what came since then."""

    def __init__(self, box: Box, place: Place) -> None:
        self.began = (place.history, place.since)
        self._box = box
        self._history = place.history
        self._leads: dict[str, str] = {}
        sizes = Counter(one.thread for one in box.all_listed(there_is(place.since)))
        self.messages = sizes.total()
        for one in box.all_listed(sought(SENT, place.since)):
            if sizes[one.thread] > 1:
                self._leads.setdefault(one.thread, one.id)

    def refresh(self) -> None:
        """Forget the threads in which something changed meanwhile."""
        more = bool(self._leads)
        while more:
            try:
                changes, self._history, more = self._box.changes(self._history, most=500)
            except Expired:  # anything may have changed
                self._leads.clear()
                return
            for thread in (thread for change in changes for thread in change.threads):
                self._leads.pop(thread, None)

    def lead(self, thread: str) -> str | None:
        """The sent message with which a thread comes whole; None when its messages come one by one."""
        return self._leads.get(thread)
