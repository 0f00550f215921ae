"""Reminders without an account: an .ics file, and the same enclosed in the digest.

Nobody sees there what becomes of an event: one that the user moves or deletes in their own calendar is not known to
be moved or deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from recipflow.connector import Busy, Enclosure, Reminder, Written
from recipflow.errors import TryLater
from recipflow.outbox.couriers import write_whole
from recipflow.reminders.seeing import wrote_of
from recipflow.store import Delivery, DeliveryForm, DeliveryState, Store

if TYPE_CHECKING:
    from icalendar import Event

NAME = "reminders.ics"
TYPE = "text/calendar; method=PUBLISH; charset=utf-8"
TOLD_GONE = timedelta(days=14)
"""For so long a file says of an event that it is off; whoever opens it later never had it."""
KEPT = timedelta(days=30)
"""For so long an event that is over stays in the file."""
_THERE = frozenset(DeliveryState) - {DeliveryState.REMOVED, DeliveryState.DELETED}


class FileCalendar:
    """A `CalendarCourier` to a file that is always what the outbox says; the user's hand is not seen in it."""

    def __init__(
        self,
        store: Store,
        channel: str,
        path: Path,
        *,
        me: Iterable[str],
        now: datetime,
        alarm: int | None = None,
    ) -> None:
        self._store, self._channel, self._path = store, channel, path.expanduser()
        self._me, self._now, self._alarm = tuple(me), now, alarm
        there = [wrote_of(row) for row in self._rows() if row.state in _THERE]
        self._events = {one.id: one for one in there if one and now - one.ends < KEPT}

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:  # noqa: ARG002  (only we write)
        written = Written(
            reminder.id, reminder.starts, reminder.ends, reminder.title, reminder.note, str(reminder.sequence)
        )
        self._events[reminder.id] = written
        self._save()
        return written

    def written(self) -> Sequence[Written]:
        return list(self._events.values())

    def remove(self, reminder: str, *, etag: str | None) -> None:  # noqa: ARG002
        self._events.pop(reminder, None)
        self._save()

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        """By the meetings that were read from files."""
        return [Busy(*one) for one in self._store.calendar.busy(self._me, since, until)]

    def enclosure(self) -> Enclosure | None:
        """All of it, to be enclosed in a mail; None when there is nothing to tell."""
        gone = self._gone()
        if not self._events and not gone:
            return None
        return Enclosure(NAME, TYPE, self._published(gone))

    def _save(self) -> None:
        try:
            write_whole(self._path, self._published(self._gone()))
        except OSError as problem:
            raise TryLater(f"{self._path}: cannot be written: {problem.strerror}") from problem

    def _rows(self) -> tuple[Delivery, ...]:
        return self._store.deliveries.of(DeliveryForm.REMINDER, self._channel)

    def _gone(self) -> list[Written]:
        """Events that were taken back not long ago, for calendars that have taken them in."""
        gone = (row for row in self._rows() if row.state not in _THERE and row.settled_at)
        late = (row for row in gone if row.settled_at and self._now - row.settled_at < TOLD_GONE)
        known = (wrote_of(row) for row in late)
        return [one for one in known if one and one.id not in self._events]

    def _published(self, gone: Iterable[Written]) -> bytes:
        from icalendar import Calendar

        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//recipflow//reminders//EN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", "recipflow")
        for one in self._events.values():
            calendar.add_component(_event(one, "CONFIRMED", self._now, self._alarm))
        for one in gone:
            calendar.add_component(_event(one, "CANCELLED", self._now))
        return bytes(calendar.to_ical())


def _event(one: Written, status: str, now: datetime, alarm: int | None = None) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", f"{one.id}@recipflow")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", one.starts.astimezone(UTC))
    event.add("dtend", one.ends.astimezone(UTC))
    event.add("summary", one.title)
    event.add("description", one.note)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("status", status)
    event.add("sequence", int(one.etag or 0) + (status == "CANCELLED"))
    if alarm is not None:
        bell = Alarm()
        bell.add("action", "DISPLAY")
        bell.add("description", one.title)
        bell.add("trigger", timedelta(minutes=-alarm))
        event.add_component(bell)
    return event
