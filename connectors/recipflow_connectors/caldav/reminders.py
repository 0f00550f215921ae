"""Reminders in a CalDAV calendar of their own, which is made when the first one is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from recipflow.connector import Busy, Reminder, Vacated, Written
from recipflow.errors import AuthNeeded
from recipflow_connectors import events
from recipflow_connectors.caldav.client import Client, Sheet

NAME = "recipflow"
"""The calendar's, and what marks the events in it as ours."""
_MARK = f"@{NAME}"
_BATCH = 100


class Reminders:
    """The courier's half of a CalDAV account."""

    client: Client
    _zone: tzinfo

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        """Create it (`etag` None), or change the one that still has this etag; `Changed` when it has another."""
        with self.client.connected():
            shelf = self._shelf() or self.client.make(NAME)
            new = self.client.put(shelf, _file(reminder.id), as_ics(reminder), etag)
            new = new or self._etag(shelf, reminder.id)
        return Written(reminder.id, reminder.starts, reminder.ends, reminder.title, reminder.note, new)

    def written(self) -> Sequence[Written]:
        """Every reminder of ours that is there; what the user put into that calendar is none."""
        with self.client.connected():
            shelf = self._shelf() or ""
            hrefs = self.client.changes(shelf, None).hrefs if shelf else ()
            batches = (hrefs[start : start + _BATCH] for start in range(0, len(hrefs), _BATCH))
            sheets = [sheet for batch in batches for sheet in self.client.sheets(shelf, batch)]
        return [one for sheet in sheets for one in self._ours(sheet)]

    def remove(self, reminder: str, *, etag: str | None) -> None:
        """Remove the reminder of that id; `Changed` when it has another etag (None: whatever it has)."""
        with self.client.connected():
            if shelf := self._shelf():
                self.client.delete(shelf, _file(reminder), etag)

    def vacate(self) -> Vacated:
        """Remove the calendar, if nothing is in it; one that the user made has an address of its own."""
        with self.client.connected():
            shelf = self._shelf()
            if shelf is None:
                return Vacated.NEVER
            if not shelf.rstrip("/").endswith(f"/{NAME}"):
                return Vacated.THEIRS
            if self.client.changes(shelf, None).hrefs:
                return Vacated.USED
            try:
                return Vacated.GONE if self.client.unmake(shelf) else Vacated.HELD
            except AuthNeeded:
                return Vacated.HELD

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        """When the user is busy by all calendars but for reminders of ours, in the order of time."""
        with self.client.connected():
            shelves = self.client.shelves()
            components = [one for shelf in shelves for one in self.client.between(shelf.url, since, until)]
        found = filter(None, map(self._busy, components))
        return sorted({one for one in found if one.starts < until and one.ends > since})

    def _shelf(self) -> str | None:
        return next((one.url for one in self.client.shelves() if one.name == NAME), None)

    def _etag(self, shelf: str, reminder: str) -> str:
        """Where a server does not give it with its answer."""
        return next((sheet.etag for sheet in self.client.sheets(shelf, [_path(shelf, reminder)])), "")

    def _ours(self, sheet: Sheet) -> Iterator[Written]:
        from icalendar import Calendar

        for component in Calendar.from_ical(sheet.data).walk("VEVENT"):
            starts = events.start(component)
            if _is_ours(component) and starts is not None:
                yield Written(
                    str(component["UID"]).removesuffix(_MARK),
                    events.instant(starts, self._zone),
                    events.instant(events.end(component, starts), self._zone),
                    str(component.get("SUMMARY", "")),
                    str(component.get("DESCRIPTION", "")),
                    sheet.etag,
                )

    def _busy(self, component: Any) -> Busy | None:
        starts = events.start(component)
        free = str(component.get("TRANSP", "")).upper() == "TRANSPARENT" or _is_ours(component)
        if starts is None or free or str(component.get("STATUS", "")).upper() == "CANCELLED":
            return None
        ends: date = events.end(component, starts)
        return Busy(events.instant(starts, self._zone), events.instant(ends, self._zone))


def as_ics(reminder: Reminder) -> str:
    """The event as it is written: private, shown as free, with nobody invited (RFC 5545)."""
    from icalendar import Alarm, Calendar, Event

    event = Event()
    event.add("UID", f"{reminder.id}{_MARK}")
    event.add("DTSTAMP", datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=reminder.sequence))
    event.add("DTSTART", reminder.starts.astimezone(UTC))
    event.add("DTEND", reminder.ends.astimezone(UTC))
    event.add("SUMMARY", reminder.title)
    event.add("DESCRIPTION", reminder.note)
    event.add("SEQUENCE", reminder.sequence)
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT")
    if reminder.alarm_minutes is not None:
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", reminder.title)
        alarm.add("TRIGGER", timedelta(minutes=-reminder.alarm_minutes))
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//{NAME}//EN")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _is_ours(component: Any) -> bool:
    return str(component.get("UID", "")).endswith(_MARK)


def _file(reminder: str) -> str:
    return f"{reminder}.ics"


def _path(shelf: str, reminder: str) -> str:
    from urllib.parse import urlsplit

    return f"{urlsplit(shelf).path.rstrip('/')}/{_file(reminder)}"
