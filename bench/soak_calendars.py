"""Calendars in foul weather: events come, move, are called off and repeat, while requests fail and the process dies.

    python -m bench.soak_calendars [--events 2000] [--seed 1] [--faults 0.02] [--only caldav,ics,google,outlook]

Each of the four connectors reads its calendar again and again into a store; between two pages, things change. At the end
the store has to equal the server, instance for instance and start for start, as the world that made the changes knows
them: nothing of the connector's own is asked. Before that, in calm weather, requests are counted: for a first sync, for
one with nothing new, and for one with one change. CalDAV is a real Radicale behind a proxy.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recipflow.connector import Connector, MemorySecrets
from recipflow.model import Meeting
from recipflow.patience import Patience
from recipflow.store import Prepared, Store
from recipflow.workflow import Intake, pull
from tests import dav
from tests.fakes.google import Faults, Google, serving
from tests.fakes.graph.server import FakeGraph

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SERIES = 4
"""Weeks that a series goes on."""
ROUNDS = 12
"""Times that the calendar is read in foul weather."""
ME, DANA = "ann@example.org", "dana@example.org"
Starts = dict[str, datetime]


class Died(Exception):
    """The process, between two pages."""


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


def ics_of(event: Event, step: int) -> str:
    """An event as an .ics has it: a series with its exceptions."""
    first = event.first
    rule = f"RRULE:FREQ=WEEKLY;COUNT={SERIES}\r\n" if event.series else ""
    starts = first if event.series else event.starts[first]
    whole = [first + timedelta(weeks=week) for week in range(SERIES)] if event.series else []
    out = "".join(f"EXDATE:{at:%Y%m%dT%H%M%SZ}\r\n" for at in whole if at not in event.starts)
    parts = [_vevent(event.name, starts, step, rule + out)]
    parts += [
        _vevent(event.name, moved, step, f"RECURRENCE-ID:{at:%Y%m%dT%H%M%SZ}\r\n")
        for at, moved in sorted(event.starts.items())
        if event.series and at != moved
    ]
    return "".join(parts)


def _vevent(name: str, starts: datetime, step: int, more: str) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{name}\r\nDTSTAMP:20260101T000000Z\r\n"
        f"LAST-MODIFIED:{datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=step):%Y%m%dT%H%M%SZ}\r\n"
        f"SEQUENCE:{step}\r\nDTSTART:{starts:%Y%m%dT%H%M%SZ}\r\nDTEND:{starts + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n"
        f"SUMMARY:{name}\r\nORGANIZER:mailto:{ME}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{DANA}\r\n{more}END:VEVENT\r\n"
    )


class _Storm(list[str]):
    """What a proxy was asked; each request may be one that fails."""

    def __init__(self, proxy: dav.Proxy, dice: random.Random) -> None:
        super().__init__()
        self.proxy, self.dice = proxy, dice
        self.rate, self.hit = 0.0, 0

    def append(self, command: str) -> None:
        super().append(command)
        self.proxy.well()
        if self.dice.random() < self.rate:
            self.hit += 1
            kind = self.dice.choice(("busy", "broken", "reset", "cut"))
            self.proxy.status = {"busy": 429, "broken": 503}.get(kind)
            self.proxy.headers = {"Retry-After": "0"} if kind == "busy" else {}
            self.proxy.reset, self.proxy.cut = kind == "reset", 40 if kind == "cut" else None


class Filed(World):
    """What CalDAV and ICS share: events as text, behind a proxy."""

    def __init__(self, dice: random.Random, proxy: dav.Proxy) -> None:
        super().__init__(dice)
        self.proxy = proxy
        self.storm = proxy.asked = _Storm(proxy, random.Random(dice.random()))
        self.step = 0

    def create(self, event: Event) -> None:
        self.write(event)

    def move(self, event: Event, instance: datetime) -> None:  # noqa: ARG002
        self.write(event)

    def take_out(self, event: Event, instance: datetime) -> None:  # noqa: ARG002
        self.write(event)

    def text(self, event: Event) -> str:
        self.step += 1
        return ics_of(event, self.step)

    @abstractmethod
    def write(self, event: Event) -> None: ...

    def weather(self, rate: float) -> None:
        self.storm.rate = rate
        self.proxy.well()

    def asked(self) -> int:
        return len(self.storm)

    @property
    def faults(self) -> int:
        return self.storm.hit


class CalDav(Filed):
    """Radicale."""

    def __init__(self, dice: random.Random, proxy: dav.Proxy) -> None:
        super().__init__(dice, proxy)
        self.shelf = dav.Shelf(f"{proxy.target}{dav.USER}/meetings/")
        self.shelf.make()

    def write(self, event: Event) -> None:
        body = self.text(event)
        self.shelf.put(
            event.name, f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//soak//EN\r\n{body}END:VCALENDAR\r\n"
        )

    def remove(self, event: Event) -> None:
        self.shelf.delete(event.name)

    def connect(self) -> Connector:
        from recipflow_connectors import caldav

        given = {"url": self.proxy.url, "user": dav.USER, "tz": "UTC", "timeout": 10}
        return caldav.connect(given, MemorySecrets(password=dav.PASSWORD))


class Ics(Filed):
    """A file behind an address, rewritten whole."""

    def __init__(self, dice: random.Random, proxy: dav.Proxy, path: Path) -> None:
        super().__init__(dice, proxy)
        self.path, self.parts = path, dict[str, str]()

    def write(self, event: Event) -> None:
        self.parts[event.name] = self.text(event)
        self.publish()

    def remove(self, event: Event) -> None:
        del self.parts[event.name]
        self.publish()

    def publish(self) -> None:
        body = "".join(self.parts.values())
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//soak//EN\r\n{body}END:VCALENDAR\r\n"
        whole = self.path.with_suffix(".new")
        whole.write_text(text, encoding="utf-8", newline="")
        whole.replace(self.path)

    def connect(self) -> Connector:
        from recipflow_connectors import ics

        return ics.connect(
            {"tz": "UTC", "timeout": 10}, MemorySecrets(address=f"{self.proxy.url}{self.path.name}")
        )


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


@dataclass
class Found:
    """What a run came to."""

    events: int = 0
    instances: int = 0
    changes: int = 0
    faults: int = 0
    deaths: int = 0
    requests: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def run(name: str, events: int, seed: int, rate: float) -> Found:
    """One connector's course of things."""
    found, begun = Found(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, WORLDS[name](random.Random(seed), Path(folder)) as world:
        for _ in range(events):
            world.add()
        path = Path(folder) / "recipflow.db"
        calm = Path(folder) / "calm.db"
        found.requests = _requests(world, calm)
        world.weather(rate)
        for _ in range(ROUNDS):
            _sync(world, path, found, storm=True)
            for _ in range(max(5, events // 40)):
                world.change()
        found.faults = world.faults
        world.weather(0.0)
        for one in (path, calm):
            _sync(world, one, found, storm=False)
            found.wrong += _differences(world, one)
        found.events, found.changes = len(world.events), world.changes
        found.instances = len(world.there())
    found.seconds = time.perf_counter() - begun
    return found


def _requests(world: World, path: Path) -> dict[str, float]:
    """In calm weather: of a first sync for each instance, of one with nothing new, of one with one change."""
    told = {}
    for label in ("first", "nothing new", "one change"):
        if label == "one change":
            world.change()
        before = world.asked()
        _sync(world, path, Found(), storm=False)
        told[label] = float(world.asked() - before)
    told["for each instance"] = told["first"] / max(1, len(world.there()))
    return told


def _sync(world: World, path: Path, found: Found, *, storm: bool) -> None:
    """Until there is nothing more, by as many processes as it takes."""
    patient = Patience(sleep=lambda _: None, random=world.dice.random, most=1e9)

    def between_pages() -> None:
        if storm:
            for _ in range(world.dice.randrange(3)):
                world.change()
            if world.dice.random() < 0.3:
                raise Died

    while True:
        try:
            with Store(path) as store:
                account = store.accounts.ensure("calendar", "calendar")
                intake = Intake(prepare=Prepared, me=[ME], patient=patient)
                pull(store, account, world.connect(), intake, now=NOW, stored=between_pages)
            return
        except Died:
            found.deaths += 1


def _differences(world: World, path: Path) -> list[str]:
    """Instance for instance, start for start."""
    with Store(path) as store:
        stored = [one.interaction for one in store.interactions.get(store.interactions.in_order())]
    meetings = [one for one in stored if isinstance(one, Meeting)]
    kept: Starts = {one.id: one.starts for one in meetings if not one.cancelled}
    there = world.there()
    wrong = ["doubled"] * (len(meetings) - len({one.id for one in meetings}))
    wrong += [f"missing {one}" for one in sorted(there.keys() - kept.keys())]
    wrong += [f"still there {one}" for one in sorted(kept.keys() - there.keys())]
    wrong += [
        f"another start: {one}" for one in sorted(there.keys() & kept.keys()) if there[one] != kept[one]
    ]
    return wrong


@contextmanager
def _caldav(dice: random.Random, folder: Path) -> Iterator[World]:
    with dav.radicale(folder / "radicale") as url, dav.proxied(url) as proxy:
        yield CalDav(dice, proxy)


@contextmanager
def _ics(dice: random.Random, folder: Path) -> Iterator[World]:
    from tests.connectors.test_ics import serving as served

    with served(folder) as url, dav.proxied(url) as proxy:
        yield Ics(dice, proxy, folder / "calendar.ics")


@contextmanager
def _google(dice: random.Random, folder: Path) -> Iterator[World]:  # noqa: ARG001
    google = Google(address=ME)
    google.check_every = 20
    with serving(google):
        yield GoogleCalendar(dice, google)


@contextmanager
def _outlook(dice: random.Random, folder: Path) -> Iterator[World]:  # noqa: ARG001
    with FakeGraph(now=lambda: NOW, most=10**9) as fake:
        yield OutlookCalendar(dice, fake)


WORLDS: dict[str, Callable[[random.Random, Path], AbstractContextManager[World]]] = {
    "caldav": _caldav,
    "ics": _ics,
    "google": _google,
    "outlook": _outlook,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.02)
    parser.add_argument("--only", default=",".join(WORLDS))
    given = parser.parse_args()
    failed = False
    for name in given.only.split(","):
        found = run(name, given.events, given.seed, given.faults)
        asked = ", ".join(f"{label} {number:.3g}" for label, number in found.requests.items())
        print(f"{name}: requests: {asked}", flush=True)
        print(
            f"{name}: {found.events:,} events, {found.instances:,} instances at the end, {found.changes} changes, "
            f"{found.faults} faults, {found.deaths} deaths, {found.seconds:.0f} s: "
            f"{f'WRONG {len(found.wrong)}: {found.wrong[:6]}' if found.wrong else 'the store equals the server'}",
            flush=True,
        )
        failed |= bool(found.wrong)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
