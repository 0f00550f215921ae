"""How far the calendars of a CalDAV account were read: what the cursor says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from recipflow.model import Meeting
from recipflow_connectors.cursors import dumped, loaded
from recipflow_connectors.rrules import AHEAD
from recipflow_connectors.upcoming import Entry, Upcoming

#: Series are followed for sixty days: once a week, what has come into that span is read, too.
RENEWED_EVERY = timedelta(days=7)
_NAME, _VERSION = "caldav", 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfPlace:
    """How far one calendar was read."""

    token: str | None = None  #: everything up to this sync token was delivered
    next: str = ""  #: the token with which this pass began; it holds once the pass is through
    after: str = ""  #: of this pass, everything up to this href was delivered
    through: bool = False  #: this pass is through
    renewed: date | None = None
    series: frozenset[str] = frozenset()  #: the hrefs of events that repeat
    upcoming: Upcoming = field(default_factory=Upcoming)

    def renewable(self, now: datetime) -> frozenset[str]:
        """The series to be read again, because time has passed."""
        due = self.renewed is not None and now.date() - self.renewed >= RENEWED_EVERY
        return self.series if due else frozenset()

    def into_sight(self, meetings: Iterable[Meeting]) -> list[Meeting]:
        """Of a series that was read before, the instances that were too far ahead then."""
        if self.renewed is None:
            return list(meetings)
        known = self.renewed + AHEAD - timedelta(days=1)
        return [one for one in meetings if one.starts.date() >= known]

    def done(self, token: str, now: datetime) -> ShelfPlace:
        renewed = self.renewed is None or bool(self.renewable(now))
        return replace(
            self,
            token=token,
            next="",
            after="",
            through=True,
            renewed=now.date() if renewed else self.renewed,
        )

    def again(self) -> ShelfPlace:
        """From nothing, with what was known to come."""
        return replace(self, token=None, next="", after="", renewed=None)

    def as_json(self) -> dict[str, Any]:
        return {
            "token": self.token,
            "next": self.next,
            "after": self.after,
            "through": self.through,
            "renewed": self.renewed.isoformat() if self.renewed else None,
            "series": sorted(self.series),
            "upcoming": self.upcoming.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the account was read: shelf after shelf, in the order of their addresses."""

    shelves: dict[str, ShelfPlace] = field(default_factory=dict)
    left: tuple[Entry, ...] = ()  #: not there any more where it was; perhaps elsewhere

    def among(self, urls: Iterable[str]) -> Place:
        """With a place for each calendar there is. One that is gone takes what was to come in it along."""
        there = {url: self.shelves.get(url, ShelfPlace()) for url in urls}
        lost = [
            entry for url, at in self.shelves.items() if url not in there for entry in at.upcoming.entries()
        ]
        return replace(self, shelves=there, left=(*self.left, *lost))

    def next_shelf(self) -> str | None:
        return next((url for url in sorted(self.shelves) if not self.shelves[url].through), None)

    def put(self, shelf: str, at: ShelfPlace, gone: Iterable[Entry] = ()) -> Place:
        return replace(self, shelves=self.shelves | {shelf: at}, left=(*self.left, *gone))

    def gone(self) -> list[Entry]:
        """What is to come in no calendar any more: an event that was moved to another one is not called off."""
        return [
            one for one in self.left if not any(at.upcoming.holds(one[0]) for at in self.shelves.values())
        ]

    def rested(self) -> Place:
        """After a pass, ready for the next one."""
        return replace(
            self, shelves={url: replace(at, through=False) for url, at in self.shelves.items()}, left=()
        )

    def cursor(self) -> str:
        shelves = {url: at.as_json() for url, at in sorted(self.shelves.items())}
        return dumped(_NAME, _VERSION, {"shelves": shelves, "left": sorted(self.left)})


def load(cursor: str | None) -> Place | None:
    """The place a cursor stands for; None if it is not one of ours."""
    return Place() if cursor is None else loaded(cursor, _NAME, _VERSION, _read)


def _read(known: dict[str, Any]) -> Place:
    return Place(
        shelves={url: _shelf(at) for url, at in known["shelves"].items()},
        left=tuple((str(a), str(b), int(c), int(d), int(e)) for a, b, c, d, e in known["left"]),
    )


def _shelf(at: dict[str, Any]) -> ShelfPlace:
    return ShelfPlace(
        token=at["token"],
        next=at["next"],
        after=at["after"],
        through=at["through"],
        renewed=date.fromisoformat(at["renewed"]) if at["renewed"] else None,
        series=frozenset(at["series"]),
        upcoming=Upcoming(at["upcoming"]),
    )
