"""A calendar in which things happen, and what is known to be in it: what the soak of calendars compares a store with."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recipflow.connector import Connector

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SERIES = 4
"""Weeks that a series goes on."""
ME, DANA = "ann@example.org", "dana@example.org"
Starts = dict[str, datetime]


@dataclass
class Event:
    """What somebody put into a calendar: the starts it still has, by the start each had at first."""

    name: str
    first: datetime
    starts: dict[datetime, datetime]
    series: bool
    gone: bool = False


class World(ABC):
    """A calendar on a server, and what is known to be in it."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.events: list[Event] = []
        self.changes = self._ticks = 0

    def add(self) -> None:
        """A meeting ahead, one in five of them weekly; one in four lies in the past, where nothing changes any more."""
        series = self.dice.random() < 0.2
        past = not series and self.dice.random() < 0.25
        days = -self.dice.randrange(1, 60) if past else self.dice.randrange(2, 25)
        first = NOW.replace(hour=self.dice.randrange(7, 18)) + timedelta(days=days)
        found = [first + timedelta(weeks=week) for week in range(SERIES if series else 1)]
        event = Event(f"e{len(self.events) + 1}", first, {at: at for at in found}, series)
        self.events.append(event)
        self.create(event)

    def change(self) -> None:
        """Something happens to something that is still ahead."""
        self.changes += 1
        ahead = [one for one in self.events if not one.gone and min(one.starts.values()) > NOW]
        if not ahead or self.dice.random() < 0.3:
            self.add()
            return
        event = self.dice.choice(ahead)
        if self.dice.random() < 0.3:
            event.gone = True
            self.remove(event)
            return
        instance = self.dice.choice(sorted(event.starts))
        if event.series and len(event.starts) > 1 and self.dice.random() < 0.4:
            del event.starts[instance]
            self.take_out(event, instance)
        else:
            event.starts[instance] += timedelta(minutes=self.dice.choice((15, 30, 60, 90)))
            self.move(event, instance)

    def tick(self) -> datetime:
        """Each change is made at an instant of its own, all before now."""
        self._ticks += 1
        return NOW - timedelta(days=2) + timedelta(seconds=self._ticks)

    def there(self) -> Starts:
        """By id, when everything that is there begins."""
        return {
            self.id_of(event, first): starts
            for event in self.events
            if not event.gone
            for first, starts in event.starts.items()
        }

    def id_of(self, event: Event, first: datetime) -> str:
        uid = self.uid(event)
        return f"{uid}/{first:%Y%m%dT%H%M%SZ}" if event.series else uid

    def uid(self, event: Event) -> str:
        return event.name

    @abstractmethod
    def create(self, event: Event) -> None: ...

    @abstractmethod
    def remove(self, event: Event) -> None: ...

    @abstractmethod
    def move(self, event: Event, instance: datetime) -> None: ...

    @abstractmethod
    def take_out(self, event: Event, instance: datetime) -> None: ...

    @abstractmethod
    def connect(self) -> Connector: ...

    @abstractmethod
    def weather(self, rate: float) -> None:
        """From now on, so many requests fail."""

    @abstractmethod
    def asked(self) -> int:
        """Requests so far."""

    @property
    @abstractmethod
    def faults(self) -> int: ...
