"""A user's calendar on a real CalDAV server, behind a proxy that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from recipflow_connectors import caldav

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded, TryLater
from recipflow.model import Meeting
from recipflow.testing import NOW, pull_all
from tests import dav
from tests.dav import PASSWORD, USER, Proxy, Shelf, event

SERVERS = {"radicale": (dav.radicale, f"{USER}/"), "xandikos": (dav.xandikos, f"{USER}/calendars/")}
NUMBER = iter(range(10_000))


@dataclass
class Account:
    """A user's calendar on a server, behind a proxy."""

    proxy: Proxy
    home: str
    shelf: Shelf
    count: int = 0
    faults: ClassVar = {
        "password refused": AuthNeeded,
        "forbidden": AuthNeeded,
        "busy": TryLater,
        "broken": TryLater,
        "not found": TryLater,
        "reset": TryLater,
        "cut off": TryLater,
    }

    def add(self, count: int) -> None:
        for _ in range(count):
            self.count += 1
            self.shelf.put(f"e{self.count}", event(self.count))

    def ids(self) -> set[str]:
        return {f"e{number}" for number in range(1, self.count + 1)}

    def connect(self, **settings: object) -> caldav.CalDav:
        given = {"url": self.proxy.url, "user": USER, "tz": "Europe/Lisbon", **settings}
        return caldav.connect(given, MemorySecrets(password=PASSWORD))

    def state(self) -> object:
        return {name: self.shelf.get(name) for name in self.ids()} | {"writes": self.writes()}

    def writes(self) -> list[str]:
        return [
            one for one in self.proxy.asked if one not in ("PROPFIND", "REPORT", "GET", "HEAD", "OPTIONS")
        ]

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        self.proxy.status = {
            "password refused": 401,
            "forbidden": 403,
            "busy": 429,
            "broken": 500,
            "not found": 404,
        }.get(fault)
        self.proxy.headers = {"Retry-After": "7"} if fault == "busy" else {}
        self.proxy.reset, self.proxy.cut = fault == "reset", 40 if fault == "cut off" else None
        try:
            yield
        finally:
            self.proxy.well()


@dataclass
class Only(Account):
    only: str = ""

    def connect(self, **settings: object) -> caldav.CalDav:
        return super().connect(**({"calendars": [self.only]} | settings))


def meetings(
    account: Account, cursor: str | None = None, now: datetime = NOW
) -> tuple[dict[str, Meeting], str]:
    pages = pull_all(account.connect(), cursor, now=now)
    found = [one for page in pages for one in page.interactions]
    return {one.id: one for one in found if isinstance(one, Meeting)}, pages[-1].cursor
