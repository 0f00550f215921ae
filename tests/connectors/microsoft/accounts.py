"""Fictional Outlook accounts for the contracts: the real connectors over HTTP to a stand-in for Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from recipflow_connectors.microsoft.graph import Graph
from recipflow_connectors.microsoft.meetings import series_uid
from recipflow_connectors.microsoft.outlook_calendar import OutlookCalendar, OutlookReminders
from recipflow_connectors.microsoft.outlook_mail import OutlookMail, Sending, SendingWithDrafts
from recipflow_connectors.microsoft.pace import Pace

from recipflow.errors import AuthNeeded, TryLater
from recipflow.testing import NOW
from tests.fakes.graph.calendar import attendee, every, graph_time, moment
from tests.fakes.graph.mailbox import Mailbox, recipient, stamp
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


def graph(fake: FakeGraph, bearer: Token | None = None, *, mailbox: str = "") -> Graph:
    return Graph(bearer or Token(), base=fake.url, pace=Pace(10_000_000), mailbox=mailbox)


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


class Failing:
    """A provider that fails on demand."""

    fake: FakeGraph

    @property
    def faults(self) -> Mapping[str, type[AuthNeeded] | type[TryLater]]:
        return {name: kind for name, (kind, _) in FAULTS.items()}

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        self.fake.faults.plan(".", times=1_000, **FAULTS[fault][1])
        yield
        self.fake.faults.planned.clear()


class _Mailboxed(Failing):
    """A mailbox in which every fourth message is a sent one; what is added first was received some time ago."""

    def __init__(self, fake: FakeGraph) -> None:
        self.fake = fake
        self.mail = fake.mail
        self.number = 0
        self.begun = False

    @property
    def mailbox(self) -> Mailbox:
        return self.mail.mailbox

    def add(self, count: int) -> None:
        first = NOW - timedelta(hours=1) if self.begun and not self.mail.counts else LATELY
        self.begun = True
        for _ in range(count):
            self.number += 1
            at = stamp(first + timedelta(seconds=self.number))
            times = {"receivedDateTime": at, "sentDateTime": at}
            if self.number % 4 == 0:
                self.mailbox.add({**times, "from": recipient(ME, "Alex")}, "sentitems")
            else:
                headers = [
                    {"name": "In-Reply-To", "value": "<earlier@contoso.example>"},
                    {"name": "List-Id", "value": "<people.fabrikam.example>"},
                ]
                self.mailbox.add({**times, "internetMessageHeaders": headers})

    def ids(self) -> set[str]:
        return {one["internetMessageId"].strip("<>") for one in self.mailbox.messages.values()}

    def remove(self, message: str) -> None:
        known = self.mailbox.messages
        self.mailbox.remove(
            next(key for key, one in known.items() if one["internetMessageId"] == f"<{message}>")
        )

    def state(self) -> object:
        mailbox = self.mailbox
        return json.dumps([mailbox.messages, mailbox.version, sorted(mailbox.folders)]), self.fake.writes

    def forget(self) -> None:
        self.mailbox.forget_states()


class OutlookAccount(_Mailboxed):
    """One's own."""

    def connect(self) -> SendingWithDrafts:
        one = graph(self.fake)
        return SendingWithDrafts(one, one, address=ME)


class SharedAccount(_Mailboxed):
    """One that others use, too, beside one's own."""

    def __init__(self, fake: FakeGraph) -> None:
        super().__init__(fake)
        office = fake.share(Mailbox("office@contoso.example"))
        self.mail = fake.shared[office.address]

    def connect(self) -> OutlookMail:
        one = graph(self.fake, mailbox=self.mailbox.address)
        return OutlookMail(one, one, address=ME)


def at(days: float) -> datetime:
    """So many days before the tests' now."""
    return NOW - timedelta(days=days)


class OutlookCalendarAccount(Failing):
    """A calendar of meetings with somebody, every fifth of them weekly, three times."""

    def __init__(self, fake: FakeGraph) -> None:
        self.fake = fake
        self.number = 0

    def add(self, count: int) -> None:
        for _ in range(count):
            self.number += 1
            starts = LATELY + timedelta(hours=self.number)
            weekly = every("weekly", 3) if self.number % 5 == 0 else None
            others = [attendee(ME), attendee("dana@fabrikam.example")]
            self.fake.calendars.add(starts, attendees=others, recurrence=weekly)

    def ids(self) -> set[str]:
        state, found = self.fake.calendars, set()
        for event, whole in state.events.items():
            for one in state.occurrences(event):
                day = moment(one["start"])
                instance = f"/{day:%Y%m%dT%H%M%SZ}" if whole["recurrence"] else ""
                found.add(series_uid(whole["iCalUId"]) + instance)
        return found

    def connect(self) -> OutlookCalendar:
        return OutlookCalendar(graph(self.fake))

    def state(self) -> object:
        return json.dumps([self.fake.calendars.events, self.fake.calendars.version]), self.fake.writes

    def forget(self) -> None:
        self.fake.calendars.forget_states()


class OutlookLetters:
    """A mailbox that letters to its owner come to."""

    def __init__(self, fake: FakeGraph) -> None:
        self.fake = fake

    def connect(self) -> Sending:
        return Sending(graph(self.fake), graph(self.fake), address=ME)

    def delivered(self) -> list[tuple[str, str]]:
        inbox = self.fake.mailbox.ids["inbox"]
        return [
            (one["toRecipients"][0]["emailAddress"]["address"], one["subject"])
            for one in self.fake.mailbox.messages.values()
            if one["parentFolderId"] == inbox
        ]


class OutlookRemindersAccount:
    """A calendar with an event of the user's own, in theirs and in ours."""

    def __init__(self, fake: FakeGraph) -> None:
        self.fake = fake
        self.own = {
            fake.calendars.add(at(-9)),
            fake.calendars.add(at(-9), fake.calendars.add_calendar("recipflow")),
        }

    def connect(self) -> OutlookReminders:
        return OutlookReminders(graph(self.fake), graph(self.fake))

    def foreign(self) -> int:
        return len(self.own & self.fake.calendars.events.keys())

    def drag(self, id_: str, starts: datetime) -> None:
        events = self.fake.calendars.events
        (ours,) = (key for key, one in events.items() if one["transactionId"] == id_)
        self.fake.calendars.change(
            ours, start=graph_time(starts), end=graph_time(starts + timedelta(hours=1))
        )

    def meet(self, starts: datetime, ends: datetime) -> None:
        self.fake.calendars.add(starts, end=graph_time(ends))
