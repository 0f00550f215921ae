"""Fictional Outlook accounts for the contracts: the real connectors over HTTP to a stand-in for Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from recipflow_connectors.microsoft.graph import Graph
from recipflow_connectors.microsoft.outlook_mail import OutlookMailAndDrafts
from recipflow_connectors.microsoft.pace import Pace

from recipflow.errors import AuthNeeded, TryLater
from recipflow.testing import NOW
from tests.fakes.graph.mailbox import recipient, stamp
from tests.fakes.graph.server import FakeGraph

ME = "alex@contoso.example"
LATELY = NOW - timedelta(days=200)


class Token:
    """Signed in for good."""

    def __init__(self, token: str = "token") -> None:
        self.token = token
        self.asked: list[bool] = []

    def __call__(self, *, fresh: bool = False) -> str:
        self.asked.append(fresh)
        return self.token


def graph(fake: FakeGraph, bearer: Token | None = None) -> Graph:
    return Graph(bearer or Token(), base=fake.url, pace=Pace(10_000_000))


FAULTS: dict[str, tuple[type[AuthNeeded] | type[TryLater], dict[str, Any]]] = {
    "401": (AuthNeeded, {"status": 401, "code": "InvalidAuthenticationToken"}),
    "403": (AuthNeeded, {"status": 403, "code": "ErrorAccessDenied"}),
    "a mailbox on another server": (AuthNeeded, {"status": 404, "code": "MailboxNotEnabledForRESTAPI"}),
    "429": (TryLater, {"status": 429, "retry_after": "7", "code": "ApplicationThrottled"}),
    "500": (TryLater, {"status": 500}),
    "502": (TryLater, {"status": 502}),
    "503 with Retry-After": (TryLater, {"status": 503, "retry_after": "30"}),
    "504": (TryLater, {"status": 504}),
    "an answer cut short": (TryLater, {"cut": True}),
    "a reset": (TryLater, {"reset": True}),
}


class OutlookAccount:
    """A mailbox in which every fourth message is a sent one."""

    def __init__(self, fake: FakeGraph) -> None:
        self.fake = fake
        self.number = 0

    def add(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            at = stamp(LATELY + timedelta(hours=self.number))
            times = {"receivedDateTime": at, "sentDateTime": at}
            if self.number % 4 == 0:
                self.fake.mailbox.add({**times, "from": recipient(ME, "Alex")}, "sentitems")
            else:
                headers = [
                    {"name": "In-Reply-To", "value": "<earlier@contoso.example>"},
                    {"name": "List-Id", "value": "<people.fabrikam.example>"},
                ]
                self.fake.mailbox.add({**times, "internetMessageHeaders": headers})

    def ids(self) -> set[str]:
        return {one["internetMessageId"].strip("<>") for one in self.fake.mailbox.messages.values()}

    def connect(self) -> OutlookMailAndDrafts:
        one = graph(self.fake)
        return OutlookMailAndDrafts(one, one, address=ME)

    def remove(self, message: str) -> None:
        known = self.fake.mailbox.messages
        self.fake.mailbox.remove(
            next(key for key, one in known.items() if one["internetMessageId"] == f"<{message}>")
        )

    def state(self) -> object:
        mailbox = self.fake.mailbox
        return json.dumps([mailbox.messages, mailbox.version, sorted(mailbox.folders)]), self.fake.writes

    def forget(self) -> None:
        self.fake.mailbox.forget_states()

    @property
    def faults(self) -> Mapping[str, type[AuthNeeded] | type[TryLater]]:
        return {name: kind for name, (kind, _) in FAULTS.items()}

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        self.fake.faults.plan(".", times=1_000, **FAULTS[fault][1])
        yield
        self.fake.faults.planned.clear()


def at(days: float) -> datetime:
    """So many days before the tests' now."""
    return NOW - timedelta(days=days)
