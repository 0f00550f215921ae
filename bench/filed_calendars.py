"""Calendars that lie on a server as text: by CalDAV, on two servers nobody here wrote, and by an address (ICS)."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.calendar_worlds import DANA, ME, SERIES, Event, World
from recipflow.connector import Connector, MemorySecrets
from tests import dav


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
    """A calendar on a real server, below the user's home there."""

    def __init__(self, dice: random.Random, proxy: dav.Proxy, home: str) -> None:
        super().__init__(dice, proxy)
        self.shelf = dav.Shelf(f"{proxy.target}{home}meetings/")
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


@contextmanager
def radicale(dice: random.Random, folder: Path) -> Iterator[World]:
    """One of the two CalDAV servers: it answers a dead token with 403."""
    with dav.radicale(folder / "radicale") as url, dav.proxied(url) as proxy:
        yield CalDav(dice, proxy, f"{dav.USER}/")


@contextmanager
def xandikos(dice: random.Random, folder: Path) -> Iterator[World]:
    """The other: with 412."""
    with dav.xandikos(folder / "xandikos") as url, dav.proxied(url) as proxy:
        yield CalDav(dice, proxy, f"{dav.USER}/calendars/")


@contextmanager
def ics(dice: random.Random, folder: Path) -> Iterator[World]:
    """A file on the web."""
    from tests.connectors.test_ics import serving as served

    with served(folder) as url, dav.proxied(url) as proxy:
        yield Ics(dice, proxy, folder / "calendar.ics")
