"""One page of the calendars: each by the delta query of a view, whose window is fixed and has to be renewed.

https://learn.microsoft.com/graph/delta-query-events. A window reaches from the past to `AHEAD` from now; after
`RENEWED` a new one is begun, which reads again what is recent and what is to come: the same versions as before, and
nothing that was missed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256

from recipflow.connector import Page, SetAside
from recipflow.errors import CursorExpired, TryLater
from recipflow.model import Meeting
from recipflow_connectors.cursors import dumped, loaded
from recipflow_connectors.microsoft import calendars
from recipflow_connectors.microsoft.failures import Gone
from recipflow_connectors.microsoft.graph import Graph, Json, listed
from recipflow_connectors.microsoft.meetings import meeting
from recipflow_connectors.microsoft.position import instant, text
from recipflow_connectors.upcoming import Entry, called_off

VERSION = 1
AHEAD, RENEWED, BACK = timedelta(days=90), timedelta(days=30), timedelta(days=31)
ANSWER = 100
#: A page ends with so many meetings, or requests.
ENOUGH, MOST_REQUESTS = 250, 40
PREFER = ('outlook.timezone="UTC"', f"odata.maxpagesize={ANSWER}")


@dataclass(slots=True)
class View:
    """One calendar's window, and how far it has been read."""

    low: str
    high: str
    renew: str  #: when a new window is begun
    link: str = ""
    ended: bool = False
    #: those to come with others in them, so that their removal can be told, by a hash of Graph's id:
    #: a hash of its series, and what a cancelled version of it needs
    ahead: dict[str, tuple[str, Entry]] = field(default_factory=dict)


@dataclass(slots=True)
class Position:
    views: dict[str, View] = field(default_factory=dict)

    def dump(self) -> str:
        return dumped("outlook_calendar", VERSION, asdict(self))


def load(cursor: str) -> Position | None:
    """The position a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(
        cursor,
        "outlook_calendar",
        VERSION,
        lambda found: Position({key: View(**one) for key, one in found["views"].items()}),
    )


class Views:
    """Pulls the calendars of one account."""

    def __init__(self, graph: Graph, *, span: timedelta, zone: tzinfo = UTC) -> None:
        self._graph, self._span, self._zone = graph, span, zone

    def page(self, position: Position | None, *, now: datetime, reset: bool = False) -> Page:
        pull = _Pull(self._graph, position or Position(), now, self._zone, self._span)
        pull.reset = reset
        return pull.page()


class _Pull:
    """One pull, from a position on."""

    def __init__(
        self, graph: Graph, position: Position, now: datetime, zone: tzinfo, span: timedelta
    ) -> None:
        self._graph, self._position, self._now, self._zone, self._span = graph, position, now, zone, span
        self._found: list[Meeting] = []
        self._aside: list[SetAside] = []
        self._series: dict[str, Json | None] = {}
        self._requests = 0
        self.reset = False
        self._since = ""

    def page(self) -> Page:
        views = self._position.views
        long = not all(one.ended for one in views.values())  # then there may be news when it is over
        if not long:
            self._look()
        for key in list(views):
            while key in views and not views[key].ended and not self._full:
                self._step(key, views[key])
        return Page(
            interactions=tuple(self._found),
            cursor=self._position.dump(),
            more=not all(one.ended for one in views.values()) or self._full or long,
            reset=self.reset,
            since=instant(self._since) if self._since else None,
            set_aside=tuple(self._aside),
            done=len(self._found),
        )

    @property
    def _full(self) -> bool:
        return len(self._found) >= ENOUGH or self._requests >= MOST_REQUESTS

    def _look(self) -> None:
        """Which calendars there are, and what is new in those that are known."""
        views, now = self._position.views, text(self._now)
        present = [str(one["id"]) for one in calendars.own(self._graph)]
        for gone in views.keys() - set(present):
            del views[gone]
        for key in list(views):
            if self._full:
                return
            self._step(key, views[key])
            if key in views and views[key].ended and views[key].renew <= now:
                views[key] = self._window(views[key], renewed=True)
        for key in present:
            views.setdefault(key, self._window(None))

    def _window(self, before: View | None, *, renewed: bool = False) -> View:
        """A new window: as far back as is wanted, or if `renewed` as far as the old one did not see."""
        now, low = self._now.timestamp(), self._now - self._span
        if before and renewed:
            low = max(low, min(self._now - BACK, instant(before.high)))
        return View(
            low=text(low),
            high=text(self._now + AHEAD),
            renew=text(self._now + RENEWED),
            ahead={key: one for key, one in before.ahead.items() if one[1][3] > now} if before else {},
        )

    def _step(self, key: str, view: View) -> None:
        """One request for one calendar."""
        self._requests += 1
        try:
            if view.link and not self._graph.ours(view.link):
                raise CursorExpired("its link leads to another server")
            answer = self._graph.get(view.link or self._first(key, view), prefer=PREFER)
        except Gone:
            del self._position.views[key]
        except CursorExpired:
            fresh = self._position.views[key] = self._window(view)
            self.reset, self._since = True, min(self._since or fresh.low, fresh.low)
        else:
            self._take(view, answer)

    def _first(self, key: str, view: View) -> str:
        path = ("me", "calendars", key, "calendarView", "delta")
        return self._graph.url(*path, startDateTime=view.low, endDateTime=view.high)

    def _take(self, view: View, answer: Json) -> None:
        found = listed(answer)
        self._series |= {str(one.get("id")): one for one in found if one.get("type") == "seriesMaster"}
        for one in found:
            if "@removed" in one:
                self._removed(view, str(one.get("id")))
            elif one.get("type") != "seriesMaster" and one.get("isDraft") is not True:
                self._give(view, one)
        following, last = answer.get("@odata.nextLink"), answer.get("@odata.deltaLink")
        link = following or last
        if not isinstance(link, str) or not self._graph.ours(link):
            raise TryLater("Microsoft Graph does not say how to go on")
        if link != view.link:
            view.link, view.ended = link, not following

    def _give(self, view: View, one: Json) -> None:
        made = meeting(one, self._master(one), self._zone)
        if isinstance(made, SetAside):
            self._aside.append(made)
            return
        self._found.append(made)
        key = _hash(str(one.get("id")))
        if made.starts > self._now and made.attendees and not made.cancelled:
            entry = made.id, made.uid, 0, int(made.starts.timestamp()), int(made.ends.timestamp())
            view.ahead[key] = _hash(str(one.get("seriesMasterId"))), entry
        else:
            view.ahead.pop(key, None)

    def _master(self, one: Json) -> Json | None:
        """The series an occurrence is of: in a delta query it tells its times alone."""
        key = one.get("seriesMasterId")
        if not isinstance(key, str):
            return None
        if key not in self._series:
            self._series[key] = self._event(key)
        return self._series[key]

    def _event(self, event: str) -> Json | None:
        self._requests += 1
        try:
            return self._graph.get(self._graph.url("me", "events", event), prefer=PREFER[:1])
        except Gone:
            return None

    def _removed(self, view: View, event: str) -> None:
        """A meeting to come that was deleted is off; one moved out of the window is where it was moved to.

        A series of which nothing is left in the window is off, too. What is past was, whatever the calendar says now.
        """
        key = _hash(event)
        ahead = {at: entry for at, (series, entry) in view.ahead.items() if key in (at, series)}
        if not ahead:
            return
        there = self._event(event)
        for at in ahead:
            del view.ahead[at]
        if there is None or there.get("type") == "seriesMaster":
            self._found += called_off(ahead.values(), self._now)
        else:
            self._give(view, there)


def _hash(event: str) -> str:
    return sha256(event.encode()).hexdigest()[:12]
