"""Connecting to the fake Google: secrets that hold a grant, connectors that lose no time over a quota."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from recipflow_connectors.google import auth, calendars, gmail
from recipflow_connectors.google.auth import Grant
from recipflow_connectors.google.lanes import LANES
from recipflow_connectors.google.pace import Pace

from recipflow.connector import MemorySecrets
from recipflow.testing import NOW
from tests.fakes.google import Fault, Google, serving

READING = (auth.READ_MAIL, auth.READ_CALENDARS)
ALL = (*READING, auth.SEND_MAIL, auth.OWN_CALENDAR)


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self, now: float = NOW.timestamp()) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@contextmanager
def a_google(clock: Clock | None = None) -> Iterator[Google]:
    """A fake Google that is served; at the end, all that was asked and answered must have been Google's own."""
    google = Google(clock=clock or Clock())
    with serving(google):
        yield google
    assert not google.problems


def granted(google: Google, *scopes: str, on: datetime = NOW) -> MemorySecrets:
    """Secrets of somebody who granted these."""
    secrets = MemorySecrets()
    Grant(
        client=google.client_json()["installed"],
        refresh_token=google.oauth.grant(*scopes),
        scopes=scopes,
        granted_at=on.isoformat(),
    ).store(secrets)
    return secrets


def mailbox(google: Google, *scopes: str, lanes: int = LANES, **settings: Any) -> gmail.Gmail:
    """The mailbox, without a quota to keep to."""
    secrets = granted(google, *(scopes or ALL))
    return gmail.connect({"url": google.url, **settings}, secrets, pace=Pace(1e12), lanes=lanes)


def calendar(google: Google, *scopes: str, **settings: Any) -> calendars.GoogleCalendar:
    secrets = granted(google, *(scopes or ALL))
    return calendars.connect({"url": f"{google.url}/calendar/v3/", **settings}, secrets)


@contextmanager
def failing(google: Google, interface: str, fault: str) -> Iterator[None]:
    """Within it Google fails in that way, in the one interface or in all; afterwards all is well again."""
    kept = dict(google.oauth.refresh)
    if fault == "signed out":
        google.oauth.revoke_all()
    elif fault == "switched off":
        google.disabled.add(interface)
    else:
        google.faults.always = Fault(fault)
    yield
    google.oauth.refresh.update(kept)
    google.disabled.clear()
    google.faults.always = None
