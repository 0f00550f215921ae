"""Google's and Microsoft's calendars, at the stand-ins for them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.calendar_worlds import DANA, ME, NOW, SERIES, Event, World
from recipflow.connector import Connector
from tests.fakes.google import Faults, Google, serving
from tests.fakes.graph.server import FakeGraph


class GoogleCalendar(World):
    """The fake Google under its own client library."""

    def __init__(self, dice: random.Random, google: Google) -> None:
        from recipflow_connectors.google import auth

        from tests.connectors.googling import granted

        super().__init__(dice)
        self.google = google
        self.secrets = granted(google, auth.READ_CALENDARS)
        self.refs: dict[str, str] = {}

    def create(self, event: Event) -> None:
        starts = min(event.starts)
        rule = {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={SERIES}"]} if event.series else {}
        given = {"summary": event.name, **_span(starts), "attendees": [{"email": DANA}], **rule}
        self.refs[event.name] = self.google.calendars.own.put(given, now=self.tick())["id"]

    def remove(self, event: Event) -> None:
        self.google.calendars.own.cancel(self.refs[event.name], now=self.tick())

    def move(self, event: Event, instance: datetime) -> None:
        own, ref, span = self.google.calendars.own, self.refs[event.name], _span(event.starts[instance])
        if event.series:
            own.put({**self._shown(event, instance), **span}, now=self.tick())
        else:
            own.put({"id": ref, **span}, now=self.tick())

    def take_out(self, event: Event, instance: datetime) -> None:
        self.google.calendars.own.put(
            {**self._shown(event, instance), "status": "cancelled"}, now=self.tick()
        )

    def _shown(self, event: Event, instance: datetime) -> dict[str, object]:
        own, ref = self.google.calendars.own, self.refs[event.name]
        id_ = f"{ref}_{instance:%Y%m%dT%H%M%SZ}"
        if id_ in own.events:
            return {"id": id_}
        return next(one for one in own.instances(own.events[ref]) if one["id"] == id_)

    def uid(self, event: Event) -> str:
        return f"{self.refs[event.name]}@google.com"

    def connect(self) -> Connector:
        from recipflow_connectors.google import calendars

        return calendars.connect({"url": f"{self.google.url}/calendar/v3/"}, self.secrets)

    def weather(self, rate: float) -> None:
        self.google.faults = Faults(rate=rate, seed=self.dice.randrange(1000))

    def asked(self) -> int:
        return self.google.calls.total()

    @property
    def faults(self) -> int:
        return self.google.faults.hit


def _span(starts: datetime) -> dict[str, object]:
    def at(moment: datetime) -> dict[str, str]:
        return {"dateTime": moment.isoformat(), "timeZone": "UTC"}

    return {"start": at(starts), "end": at(starts + timedelta(hours=1))}


class OutlookCalendar(World):
    """The fake Graph."""

    def __init__(self, dice: random.Random, fake: FakeGraph) -> None:
        super().__init__(dice)
        self.fake, self.refs = fake, dict[str, str]()

    def create(self, event: Event) -> None:
        from tests.fakes.graph.calendar import attendee, every
        from tests.fakes.graph.mailbox import stamp

        self.refs[event.name] = self.fake.calendars.add(
            event.first,
            subject=event.name,
            attendees=[attendee(DANA)],
            recurrence=every("weekly", SERIES) if event.series else None,
            lastModifiedDateTime=stamp(self.tick()),
        )

    def remove(self, event: Event) -> None:
        self.fake.calendars.remove(self.refs[event.name])

    def move(self, event: Event, instance: datetime) -> None:
        from tests.fakes.graph.calendar import graph_time
        from tests.fakes.graph.mailbox import stamp

        starts = event.starts[instance]
        span = {"start": graph_time(starts), "end": graph_time(starts + timedelta(hours=1))}
        changed = stamp(self.tick())
        self.fake.calendars.change(self._ref(event, instance), **span, lastModifiedDateTime=changed)

    def take_out(self, event: Event, instance: datetime) -> None:
        self.fake.calendars.remove(self._ref(event, instance))

    def _ref(self, event: Event, instance: datetime) -> str:
        ref = self.refs[event.name]
        return f"{ref}.{instance:%Y%m%d%H%M}" if event.series else ref

    def uid(self, event: Event) -> str:
        from recipflow_connectors.microsoft.meetings import series_uid

        return series_uid(str(self.fake.calendars.events[self.refs[event.name]]["iCalUId"]))

    def connect(self) -> Connector:
        from recipflow_connectors.microsoft.outlook_calendar import OutlookCalendar as Account

        from tests.connectors.microsoft.accounts import graph

        return Account(graph(self.fake))

    def weather(self, rate: float) -> None:
        from tests.fakes.graph.faults import Faults as Weather

        before = self.fake.faults.count
        self.fake.faults = Weather(rate=rate, dice=random.Random(self.dice.random()), count=before)

    def asked(self) -> int:
        return self.fake.exchanges

    @property
    def faults(self) -> int:
        return self.fake.faults.count


@contextmanager
def google(dice: random.Random, folder: Path) -> Iterator[World]:  # noqa: ARG001
    """Google's, at the fake."""
    there = Google(address=ME)
    there.check_every = 20
    with serving(there):
        yield GoogleCalendar(dice, there)


@contextmanager
def outlook(dice: random.Random, folder: Path) -> Iterator[World]:  # noqa: ARG001
    """Microsoft's, at the fake."""
    with FakeGraph(now=lambda: NOW, most=10**9) as fake:
        yield OutlookCalendar(dice, fake)
