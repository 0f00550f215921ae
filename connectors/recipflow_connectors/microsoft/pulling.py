"""One page of a mailbox: what is new by delta queries, what lies before by lists, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from recipflow.connector import Page, SetAside
from recipflow.errors import CursorExpired, TryLater
from recipflow.model import Message
from recipflow_connectors.microsoft import lists
from recipflow_connectors.microsoft.failures import Gone
from recipflow_connectors.microsoft.folders import Folders, whole
from recipflow_connectors.microsoft.graph import BATCH, Graph, Json, listed
from recipflow_connectors.microsoft.messages import HEAD, head
from recipflow_connectors.microsoft.position import (
    OVERLAP,
    RENEWED_AT,
    SMALL,
    Position,
    Reading,
    Span,
    instant,
    text,
)

#: Heads of a folder in a batch; a page ends as soon as it holds so many. Together they stay below a thousand.
IN_BATCH, ENOUGH = 35, 250
#: A page ends after so many requests as well, so that much of nothing is not lost in a crash.
MOST_REQUESTS = 40


class Pull:
    """One pull, from a position on."""

    def __init__(
        self, graph: Graph, folders: Folders, position: Position, *, now: datetime, reset: bool = False
    ) -> None:
        self._graph, self._folders, self._position, self._now = graph, folders, position, now
        self._found: dict[str, Message] = {}
        self._aside: list[SetAside] = []
        self._reset = reset
        self._since: str = position.since if reset else ""
        self._requests = 0
        self._long = False  #: whether it goes on with something: then there may be news when it is over
        self.late: TryLater | None = None  #: to be heeded before anything more is asked for

    def page(self) -> Page:
        """What there is to be had at once, up to a page full; `late` is what came in between."""
        try:
            self._go_on()
        except TryLater as fault:
            if not self._found:
                raise
            self.late = fault
        more = bool(self._unfinished()) or self._full or self._long or self.late is not None
        return self._page(more=more)

    def _go_on(self) -> None:
        self._long = bool(self._unfinished())
        if not self._long:
            self._look()
        for key, reading in list(self._position.folders.items()):
            while key in self._position.folders and not reading.finished and not self._full:
                self._step(key, reading)

    @property
    def _full(self) -> bool:
        return len(self._found) >= ENOUGH or self._requests >= MOST_REQUESTS

    def _unfinished(self) -> list[Reading]:
        return [one for one in self._position.folders.values() if not one.finished]

    def _page(self, *, more: bool) -> Page:
        position = self._position
        counted = position.total > 0
        if counted:
            position.done = min(position.done + len(self._found), position.total)
        done, total = (position.done, position.total) if counted else (len(self._found), None)
        if not self._unfinished():
            position.done = position.total = 0
        return Page(
            interactions=tuple(self._found.values()),
            cursor=position.dump(),
            more=more,
            reset=self._reset,
            since=instant(self._since) if self._since else None,
            set_aside=tuple(self._aside),
            done=done,
            total=total,
        )

    def _look(self) -> None:
        """Which folders there are now, and what is new in those that are known."""
        present = {one.id: one.label for one in self._folders.read()}
        known = self._position.folders
        for gone in known.keys() - present.keys():
            del known[gone]
        self._poll()
        fresh = {key: Reading(label) for key, label in present.items() if key not in known}
        self._position.total += sum(self._begin(fresh))
        known |= fresh

    def _begin(self, folders: Mapping[str, Reading]) -> list[int]:
        """Begin with these folders, or begin anew; says how many messages each holds.

        Of one that is small the delta query gives all of it. Of a large one it gives what is new, and the rest is listed.
        """
        counts = self._counts(folders)
        for reading, count in zip(folders.values(), counts, strict=True):
            recent, safe = self._now - OVERLAP, self._position.since
            if reading.through:
                safe = max(safe, text(instant(reading.through) - OVERLAP))
            if count is not None and count <= SMALL:
                safe, recent = self._position.since, instant(self._position.since)
            elif safe < text(recent):
                reading.spans.append(Span(safe, text(recent)))
            reading.begin(recent, self._now)
        return [count or 0 for count in counts]

    def _counts(self, folders: Iterable[str]) -> list[int | None]:
        since = f"receivedDateTime ge {self._position.since}"
        urls = [
            self._graph.url(
                "me", "mailFolders", key, "messages", filter=since, count="true", top=1, select="id"
            )
            for key in folders
        ]
        counts = [
            answer.get("@odata.count") if isinstance(answer, dict) else None
            for answer in self._graph.batch(urls)
        ]
        return [count if isinstance(count, int) else None for count in counts]

    def _poll(self) -> None:
        """Ask every folder at once what has changed."""
        for reading in self._position.folders.values():
            if reading.seen >= RENEWED_AT and instant(reading.through) - instant(reading.since) > OVERLAP:
                reading.begin(instant(reading.through) - OVERLAP, self._now)
        asked = [(key, one) for key, one in self._position.folders.items() if one.ended]
        for start in range(0, len(asked), BATCH):
            if self._full:
                return
            self._ask_all(asked[start : start + BATCH])

    def _ask_all(self, asked: list[tuple[str, Reading]]) -> None:
        strange = [(key, one) for key, one in asked if not self._graph.ours(one.link)]
        for key, reading in strange:
            self._lost(key, reading, CursorExpired("its link leads to another server"))
        asked = [one for one in asked if one not in strange]
        answers = self._graph.batch([one.link for _, one in asked], prefer=[f"odata.maxpagesize={IN_BATCH}"])
        self._requests += 1
        for (key, reading), answer in zip(asked, answers, strict=True):
            if isinstance(answer, CursorExpired | Gone):
                self._lost(key, reading, answer)
            else:
                self._take(reading, whole(answer))

    def _step(self, key: str, reading: Reading) -> None:
        """One request for one folder."""
        self._requests += 1
        try:
            if reading.ended and reading.spans:
                self._list(key, reading)
                return
            if reading.link and not self._graph.ours(reading.link):
                raise CursorExpired("its link leads to another server")
            answer = self._graph.get(
                reading.link or self._first(key, reading), prefer=[f"odata.maxpagesize={lists.ANSWER}"]
            )
        except (CursorExpired, Gone) as fault:
            self._lost(key, reading, fault)
        else:
            self._take(reading, answer)

    def _first(self, key: str, reading: Reading) -> str:
        return self._graph.url(
            "me",
            "mailFolders",
            key,
            "messages",
            "delta",
            select=HEAD,
            filter=f"receivedDateTime ge {reading.since}",
            orderby=lists.NEWEST_FIRST,
        )

    def _lost(self, key: str, reading: Reading, fault: Exception) -> None:
        """A folder that is gone is forgotten; one whose link was, is read again from when nothing was missing."""
        if isinstance(fault, Gone):
            del self._position.folders[key]
        elif not reading.ended:
            reading.begin(instant(reading.since), self._now)
        else:
            self._begin({key: reading})
            low = min([reading.since, *(span.low for span in reading.spans)])
            self._reset = True
            self._since = min(self._since or low, low)

    def _take(self, reading: Reading, answer: Json) -> None:
        """One answer of a delta query. What was removed is not forgotten."""
        found = [one for one in listed(answer) if "@removed" not in one]
        self._give(found, reading.label)
        reading.seen += len(found)
        following, last = answer.get("@odata.nextLink"), answer.get("@odata.deltaLink")
        link = following or last
        if not isinstance(link, str) or not self._graph.ours(link):
            raise TryLater("Microsoft Graph does not say how to go on")
        if following:
            reading.begun = text(self._now) if reading.ended else reading.begun
            reading.link, reading.ended = link, False
        elif not reading.ended:
            reading.advance(link, reading.begun)
        elif link != reading.link:
            reading.advance(link, text(self._now))

    def _list(self, key: str, reading: Reading) -> None:
        """One answer of a list, from the latest span on."""
        found, last = lists.step(self._graph, key, reading.spans[-1], HEAD)
        self._give(found, reading.label)
        if last:
            reading.spans.pop()

    def _give(self, found: list[Json], label: str) -> None:
        for one in found:
            message = head(one, label)
            if isinstance(message, SetAside):
                self._aside.append(message)
            elif message is not None:
                self._found[message.ref] = message
