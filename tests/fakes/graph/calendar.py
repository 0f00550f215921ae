"""The state of one fictional person's calendars: events, series and their occurrences, and what changed when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from tests.fakes.graph.mailbox import Json, recipient, stamp

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


class Calendars:
    """One person's calendars."""

    def __init__(self, address: str = "alex@contoso.example", name: str = "Alex Rivera") -> None:
        self.address, self.name = address, name
        self.version = self.epoch = 0
        self.calendars: dict[str, Json] = {}
        self.events: dict[str, Json] = {}
        self.calendar_of: dict[str, str] = {}
        self.changed: dict[str, int] = {}  #: by event or series, when it last changed or went
        self.gone_from: dict[str, str] = {}
        self.exceptions: dict[str, Json] = {}  #: by the id of the occurrence
        self.left_out: set[str] = set()  #: occurrences that were taken out of their series
        self._numbers = count(1)
        self.default = self.add_calendar("Calendar", isDefaultCalendar=True, isRemovable=False)

    def add_calendar(self, name: str, **fields: Any) -> str:
        id_ = f"AAMkCAL{sha256(f'{self.address}/{name}/{len(self.calendars)}'.encode()).hexdigest()[:32]}="
        self.calendars[id_] = {
            "id": id_,
            "name": name,
            "canEdit": True,
            "isDefaultCalendar": False,
            "isRemovable": True,
            "changeKey": f"CK{len(self.calendars)}",
            "owner": {"name": self.name, "address": self.address},
        } | fields
        return id_

    def add(self, starts: datetime, calendar: str | None = None, *, hours: float = 1, **fields: Any) -> str:
        number = next(self._numbers)
        id_ = f"AAkEVT{sha256(f'{self.address}/event/{number}'.encode()).hexdigest()[:56]}="
        self.events[id_] = blank(number, starts, hours, self.address, self.name) | fields | {"id": id_}
        if fields.get("recurrence"):
            self.events[id_]["type"] = "seriesMaster"
        self.calendar_of[id_] = calendar or self.default
        self._note(id_)
        return id_

    def change(self, event: str, **fields: Any) -> None:
        """Also of one occurrence of a series, which becomes an exception."""
        master = event.partition(".")[0]
        if event in self.events:
            self.events[event] |= fields
        else:
            whole = self.exceptions.get(event) or next(
                one for one in self.occurrences(master) if one["id"] == event
            )
            self.exceptions[event] = {**whole, **fields, "type": "exception"}
        self._note(master)

    def remove(self, event: str) -> None:
        master = event.partition(".")[0]
        self._note(master)
        if event in self.events:
            self.gone_from[event] = self.calendar_of.pop(event)
            del self.events[event]
        else:
            self.left_out.add(event)
            self.exceptions.pop(event, None)

    def forget_states(self) -> None:
        self.epoch += 1

    def find(self, event: str) -> Json | None:
        if event in self.events:
            return self.events[event]
        master = event.partition(".")[0]
        if master not in self.events:
            return None
        return next((one for one in self.occurrences(master) if one["id"] == event), None)

    def occurrences(self, master: str) -> Iterator[Json]:
        """The instances of a series, those that were changed as they are now; or the single event itself."""
        whole = self.events[master]
        recurrence = whole.get("recurrence")
        if not recurrence:
            yield whole
            return
        first, last = moment(whole["start"]), moment(whole["end"])
        step = EVERY[recurrence["pattern"]["type"]] * recurrence["pattern"]["interval"]
        for number in range(recurrence["range"]["numberOfOccurrences"]):
            starts = first + number * step
            id_ = f"{master}.{starts:%Y%m%d%H%M}"
            if id_ in self.left_out:
                continue
            yield self.exceptions.get(id_) or {
                **whole,
                "id": id_,
                "type": "occurrence",
                "seriesMasterId": master,
                "recurrence": None,
                "originalStart": stamp(starts),
                "iCalUId": f"{whole['iCalUId'][:32]}{starts:%Y%m%d}{whole['iCalUId'][40:]}",
                "start": graph_time(starts),
                "end": graph_time(starts + (last - first)),
            }

    def _note(self, event: str) -> None:
        self.version += 1
        self.changed[event] = self.version
        if event in self.events:
            self.events[event]["changeKey"] = f"EQAAABYAAAD{self.version:08}"
            self.events[event]["@odata.etag"] = f'W/"EQAAABYAAAD{self.version:08}"'


def blank(number: int, starts: datetime, hours: float, address: str, name: str) -> Json:
    made = stamp(starts - timedelta(days=30))
    return {
        "subject": f"meeting {number}",
        "body": {"contentType": "text", "content": ""},
        "bodyPreview": "",
        "start": graph_time(starts),
        "end": graph_time(starts + timedelta(hours=hours)),
        "type": "singleInstance",
        "iCalUId": f"040000008200E00074C5B7101A82E00800000000{number:072X}",
        "isAllDay": False,
        "isCancelled": False,
        "isDraft": False,
        "isOrganizer": True,
        "isReminderOn": False,
        "reminderMinutesBeforeStart": 15,
        "showAs": "busy",
        "sensitivity": "normal",
        "importance": "normal",
        "organizer": recipient(address, name),
        "attendees": [],
        "responseStatus": {"response": "organizer", "time": made},
        "createdDateTime": made,
        "lastModifiedDateTime": made,
        "originalStartTimeZone": "UTC",
        "originalEndTimeZone": "UTC",
        "recurrence": None,
        "seriesMasterId": None,
        "transactionId": None,
        "categories": [],
        "hasAttachments": False,
        "attachments": [],
        "singleValueExtendedProperties": [],
    }


def every(kind: str, times: int, *, interval: int = 1) -> Json:
    """A recurrence, daily or weekly, so many times."""
    return {
        "pattern": {"type": kind, "interval": interval, "dayOfMonth": 0, "month": 0},
        "range": {"type": "numbered", "numberOfOccurrences": times, "startDate": "2026-01-01"},
    }


def attendee(address: str, response: str = "accepted", kind: str = "required") -> Json:
    return {
        **recipient(address),
        "type": kind,
        "status": {"response": response, "time": "0001-01-01T00:00:00Z"},
    }


def graph_time(at: datetime) -> Json:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "UTC"}


def moment(given: Json) -> datetime:
    assert given["timeZone"] == "UTC"
    return datetime.fromisoformat(given["dateTime"][:26]).replace(tzinfo=UTC)
