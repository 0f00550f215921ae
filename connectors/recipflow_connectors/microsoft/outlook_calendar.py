"""The connector `outlook_calendar`: the calendars of Outlook or Microsoft 365, through Microsoft Graph.

It reads with Calendars.Read. Writing reminders is another permission, Calendars.ReadWrite, asked for when it is
switched on; they go into a calendar of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from recipflow.connector import Busy, Page, Reminder, Secrets, Vacated, Written
from recipflow.errors import RecipflowError, UserError
from recipflow_connectors.given import zone_of
from recipflow_connectors.microsoft import settings
from recipflow_connectors.microsoft.failures import WITHDRAW
from recipflow_connectors.microsoft.graph import Graph
from recipflow_connectors.microsoft.reminders import Reminders
from recipflow_connectors.microsoft.tokens import READ_CALENDARS, WRITE_CALENDARS
from recipflow_connectors.microsoft.views import Views, load

REMINDERS = "reminders"


def connect(given: Mapping[str, Any], secrets: Secrets) -> OutlookCalendar:
    """The calendars of `address`, with `client_id` and what `recipflow connect outlook` put into the vault.

    `tz` is the zone in which all-day events are days (default: the computer's own); the other settings are those
    of `outlook_mail`. `allow = ["reminders"]`: that reminders may be written. Raises UserError with every problem.
    """
    problems: list[str] = []
    known = settings.checked(given, "outlook_calendar", may=REMINDERS)
    zone = zone_of(known.tz or None, "outlook_calendar", problems)
    if problems:
        raise UserError(problems)
    pace = known.pace()
    reading = known.graph(secrets, [READ_CALENDARS], pace)
    if REMINDERS not in known.allow:
        return OutlookCalendar(reading, since_days=known.since_days, zone=zone)
    writing = known.graph(secrets, [WRITE_CALENDARS], pace, allow=REMINDERS)
    return OutlookReminders(reading, writing, since_days=known.since_days, zone=zone)


class OutlookCalendar:
    """Pulls one person's calendars."""

    unhurried = True

    def __init__(self, reading: Graph, *, since_days: int = settings.YEAR, zone: tzinfo = UTC) -> None:
        self._views = Views(reading, span=timedelta(days=since_days), zone=zone)

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; one that is not ours starts from nothing, with `reset`."""
        position = load(cursor) if cursor is not None else None
        return self._views.page(position, now=now, reset=cursor is not None and position is None)

    def revoke(self) -> None:
        """Only the user can: says where."""
        raise RecipflowError(WITHDRAW)


class OutlookReminders(OutlookCalendar):
    """With the user's leave, reminders are written, into a calendar of their own."""

    def __init__(
        self, reading: Graph, writing: Graph, *, since_days: int = settings.YEAR, zone: tzinfo = UTC
    ) -> None:
        super().__init__(reading, since_days=since_days, zone=zone)
        self._reminders = Reminders(reading, writing)

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        return self._reminders.write(reminder, etag)

    def written(self) -> Sequence[Written]:
        return self._reminders.written()

    def remove(self, reminder: str, *, etag: str | None) -> None:
        self._reminders.remove(reminder, etag)

    def vacate(self) -> Vacated:
        return self._reminders.vacate()

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        return self._reminders.busy(since, until)
