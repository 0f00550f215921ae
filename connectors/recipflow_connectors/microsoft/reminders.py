"""Reminders in a calendar of their own: private, shown as free, with nobody invited; and when the user is busy.

Ours, and a calendar that we made, are told by a property that no program shows; an event is never found by its title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from recipflow.connector import Busy, Reminder, Vacated, Written
from recipflow.errors import Changed, TryLater, Uncertain
from recipflow_connectors.microsoft import calendars
from recipflow_connectors.microsoft.calendars import OURS
from recipflow_connectors.microsoft.failures import Conflict, Gone
from recipflow_connectors.microsoft.graph import Graph, Json, listed
from recipflow_connectors.microsoft.position import text
from recipflow_connectors.microsoft.times import graph_time, instant

#: A named property of recipflow's own: https://learn.microsoft.com/graph/api/resources/extended-properties-overview
PROPERTY = "String {8c7a4b6e-51f4-4d0e-9a35-6f1c2b7d90e2} Name recipflow"
_EXPAND = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
_PREFER = ('outlook.timezone="UTC"', 'outlook.body-content-type="text"')
_BUSY = frozenset({"busy", "oof"})


class Reminders:
    """The reminders of one account. Reading needs no more than reading calendars; writing has its own permission."""

    def __init__(self, reading: Graph, writing: Graph) -> None:
        self._reading, self._writing = reading, writing
        self._calendar = ""

    def write(self, reminder: Reminder, etag: str | None) -> Written:
        if etag is None:
            return self._create(reminder)
        known = self._find(reminder.id)
        if known is None or known.get("@odata.etag") != etag:
            raise Changed("the reminder is not as it was written")
        url = self._writing.url("me", "events", str(known["id"]))
        try:
            answer = self._writing.patch(url, _content(reminder), etag=etag, prefer=_PREFER)
        except Gone:
            raise Changed("the reminder is not there any more") from None
        return _answered(answer, reminder.id)

    def written(self) -> Sequence[Written]:
        return [found for one in self._ours() if (found := _written(one, _id(one)))]

    def remove(self, reminder: str, etag: str | None) -> None:
        known = self._find(reminder)
        if known is None:
            return
        if etag is not None and known.get("@odata.etag") != etag:
            raise Changed("the reminder is not as it was written")
        try:
            self._writing.delete(self._writing.url("me", "events", str(known["id"])), etag=etag or "*")
        except Gone:
            return

    def vacate(self) -> Vacated:
        calendar = self._place()
        if not calendar:
            return Vacated.NEVER
        if not _id(self._reading.get(self._reading.url("me", "calendars", calendar, expand=_EXPAND))):
            return Vacated.THEIRS
        if listed(self._reading.get(self._reading.url("me", "calendars", calendar, "events", top=1))):
            return Vacated.USED
        self._writing.delete(self._writing.url("me", "calendars", calendar), etag="*")
        self._calendar = ""
        return Vacated.GONE

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        found: list[Busy] = []
        for calendar in calendars.kept(self._reading):
            path = ("me", "calendars", str(calendar["id"]), "calendarView")
            url = self._reading.url(
                *path,
                startDateTime=text(since),
                endDateTime=text(until),
                select="start,end,showAs,isCancelled",
                expand=_EXPAND,
                top=100,
            )
            found += filter(None, map(_busy, calendars.pages(self._reading, url, *_PREFER[:1])))
        return sorted(found)

    def _create(self, reminder: Reminder) -> Written:
        """One that is there already is left as it is; one that comes to be there meanwhile is no second one
        (`transactionId`: https://learn.microsoft.com/graph/api/resources/event#properties)."""
        calendar = self._place() or self._make_place()
        if self._find(reminder.id) is not None:
            raise Changed("the reminder is there already")
        body = _content(reminder) | {
            "transactionId": reminder.id,
            "singleValueExtendedProperties": [{"id": PROPERTY, "value": reminder.id}],
        }
        url = self._writing.url("me", "calendars", calendar, "events")
        try:
            return _answered(self._writing.post(url, body, prefer=_PREFER), reminder.id)
        except Gone:  # the calendar was deleted since it was found
            self._calendar = ""
            raise TryLater("the calendar of the reminders was deleted just now") from None
        except Conflict:
            raise Changed("the reminder is there already") from None

    def _find(self, reminder: str) -> Json | None:
        return next((one for one in self._ours() if _id(one) == reminder), None)

    def _ours(self) -> Iterator[Json]:
        calendar = self._place()
        if not calendar:
            return
        url = self._reading.url("me", "calendars", calendar, "events", expand=_EXPAND, top=100)
        try:
            yield from (one for one in calendars.pages(self._reading, url, *_PREFER) if _id(one))
        except Gone:
            self._calendar = ""

    def _place(self) -> str:
        """The id of our calendar; "" when there is none."""
        if not self._calendar:
            named = [one for one in calendars.every(self._reading) if one.get("name") == OURS]
            self._calendar = str(named[0]["id"]) if named else ""
        return self._calendar

    def _make_place(self) -> str:
        try:
            marked = {"name": OURS, "singleValueExtendedProperties": [{"id": PROPERTY, "value": "calendar"}]}
            made = self._writing.post(self._writing.url("me", "calendars"), marked)
            self._calendar = str(made["id"])
        except Conflict:
            self._calendar = ""
        return self._place()


def _content(reminder: Reminder) -> dict[str, Any]:
    alarm = reminder.alarm_minutes
    return {
        "subject": reminder.title,
        "body": {"contentType": "text", "content": reminder.note},
        "start": graph_time(reminder.starts),
        "end": graph_time(reminder.ends),
        "isReminderOn": alarm is not None,
        "reminderMinutesBeforeStart": alarm or 0,
        "showAs": "free",
        "sensitivity": "private",
    }


def _busy(one: Json) -> Busy | None:
    starts, ends = instant(one.get("start")), instant(one.get("end"))
    if one.get("showAs") in _BUSY and not one.get("isCancelled") and not _id(one) and starts and ends:
        return Busy(starts, ends)
    return None


def _id(one: Json) -> str:
    properties = one.get("singleValueExtendedProperties")
    for each in properties if isinstance(properties, list) else ():
        if str(each.get("id")).lower() == PROPERTY.lower():
            return str(each.get("value") or "")
    return ""


def _answered(one: Json, reminder: str) -> Written:
    """What the answer to a write says of it; it was done, whatever becomes of its answer."""
    found = _written(one, reminder)
    if found is None:
        raise Uncertain("Microsoft Graph does not say what was written")
    return found


def _written(one: Json, reminder: str) -> Written | None:
    starts, ends = instant(one.get("start")), instant(one.get("end"))
    if starts is None or ends is None:
        return None
    body = one.get("body")
    note = str(body.get("content") or "") if isinstance(body, dict) else ""
    return Written(
        id=reminder,
        starts=starts,
        ends=ends,
        title=str(one.get("subject") or ""),
        note=note.replace("\r\n", "\n").strip(),
        etag=str(one.get("@odata.etag") or ""),
    )
