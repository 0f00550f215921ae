"""The methods of Google Calendar that the fake answers."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.fakes.google.answers import Asked, Refused
from tests.fakes.google.calendars import Calendar, Event, ends, stamp, starts

Method = Callable[[Asked], Any]
APP_CREATED = "https://www.googleapis.com/auth/calendar.app.created"
_ID = re.compile(r"[0-9a-v]{5,1024}")
#: https://developers.google.com/workspace/calendar/api/v3/reference/events/list, syncToken
_NOT_WITH_SYNC = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "timeMin", "timeMax", "updatedMin")


class Calendars:
    """What can be asked about one person's calendars."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self.own = Calendar(address, address)
        self.all: dict[str, Calendar] = {address: self.own}
        self._clock = clock
        self._lists: list[list[Event]] = []
        self.methods: dict[str, Method] = {
            "calendar.calendarList.list": self._list,
            "calendar.calendars.insert": self._create,
            "calendar.calendars.delete": self._drop,
            "calendar.events.list": self._events,
            "calendar.events.get": lambda asked: self._event(asked)[1],
            "calendar.events.insert": self._insert,
            "calendar.events.update": self._update,
            "calendar.events.patch": self._update,
            "calendar.events.delete": self._delete,
            "calendar.freebusy.query": self._free_busy,
        }

    def add(self, ref: str, summary: str, *, role: str = "reader") -> Calendar:
        self.all[ref] = Calendar(ref, summary, role)
        return self.all[ref]

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _list(self, _: Asked) -> Any:
        items = [
            {
                "kind": "calendar#calendarListEntry",
                "id": one.id,
                "summary": one.summary,
                "description": one.description,
                "timeZone": one.zone,
                "accessRole": one.role,
                "primary": one is self.own,
            }
            for one in self.all.values()
        ]
        return {"kind": "calendar#calendarList", "items": items}

    def _create(self, asked: Asked) -> Any:
        ref = f"c{len(self.all):08d}@group.calendar.google.com"
        one = self.add(ref, asked.body["summary"], role="owner")
        one.by_app, one.description = True, asked.body.get("description", "")
        return {
            "kind": "calendar#calendar",
            "id": ref,
            "summary": one.summary,
            "description": one.description,
        }

    def _drop(self, asked: Asked) -> None:
        del self.all[self._writable(asked).id]

    def _calendar(self, asked: Asked) -> Calendar:
        ref = asked.path["calendarId"]
        found = self.own if ref == "primary" else self.all.get(ref)
        if found is None:
            raise Refused(404, "notFound", "Not Found")
        return found

    def _writable(self, asked: Asked) -> Calendar:
        found = self._calendar(asked)
        full = any(one.endswith(("auth/calendar", "calendar.events")) for one in asked.granted)
        if found.role != "owner" or not (full or (found.by_app and APP_CREATED in asked.granted)):
            raise Refused(
                403,
                "requiredAccessLevel",
                "You need to have writer access to this calendar.",
                domain="calendar",
            )
        return found

    def _event(self, asked: Asked) -> tuple[Calendar, Event]:
        calendar = self._calendar(asked)
        if asked.path["eventId"] not in calendar.events:
            raise Refused(404, "notFound", "Not Found")
        return calendar, calendar.events[asked.path["eventId"]]

    def _insert(self, asked: Asked) -> Any:
        calendar, event = self._writable(asked), asked.body
        if "id" in event and not _ID.fullmatch(event["id"]):
            raise Refused(400, "invalid", "Invalid resource ref value.")
        if event.get("id") in calendar.events:
            raise Refused(409, "duplicate", "The requested identifier already exists.")
        if "start" not in event or "end" not in event:
            raise Refused(400, "required", "Missing end time.")
        return calendar.put(event, now=self.now)

    def _update(self, asked: Asked) -> Any:
        self._writable(asked)
        calendar, event = self._event(asked)
        _unchanged(asked, event)
        return calendar.put({**asked.body, "id": event["id"]}, now=self.now)

    def _delete(self, asked: Asked) -> Any:
        self._writable(asked)
        calendar, event = self._event(asked)
        _unchanged(asked, event)
        if event["status"] == "cancelled":
            raise Refused(410, "deleted", "Resource has been deleted")
        calendar.cancel(event["id"], now=self.now)

    def _events(self, asked: Asked) -> Any:
        calendar = self._calendar(asked)
        since, window = _window(asked, calendar)
        page = _read(asked.one("pageToken"))
        if not page:
            shown = calendar.shown(single=window["single"])
            found = [one for step, one in shown if step > since and _wanted(one, asked, window)]
            page = {"list": self._listed(found), "skip": 0, "step": calendar.step}
        found, skip = self._lists[page["list"]], page["skip"]
        most = asked.number("maxResults", 250, 2500)
        answer: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"{calendar.step}"',
            "summary": calendar.summary,
            "updated": _last_change(calendar) or stamp(self.now),
            "timeZone": calendar.zone,
            "accessRole": calendar.role,
            "defaultReminders": [],
            "items": [_told(one) for one in found[skip : skip + most]],
        }
        if skip + most < len(found):
            answer["nextPageToken"] = _token({**page, "skip": skip + most})
        else:  # of when the listing began: what changed between two of its pages is told the next time
            answer["nextSyncToken"] = _token({**window, "deleted": True, "step": page["step"]})
        return answer

    def _listed(self, found: list[Event]) -> int:
        """All pages of a listing show what was there when it began."""
        self._lists.append(found)
        return len(self._lists) - 1

    def _free_busy(self, asked: Asked) -> Any:
        since, until = (datetime.fromisoformat(asked.body[name]) for name in ("timeMin", "timeMax"))
        found = {}
        for item in asked.body["items"]:
            calendar = self.own if item["id"] == "primary" else self.all.get(item["id"])
            if calendar is None:
                found[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            busy = sorted(_busy(calendar, since, until))
            found[item["id"]] = {"busy": [{"start": start, "end": end} for start, end in busy]}
        bounds = {"timeMin": asked.body["timeMin"], "timeMax": asked.body["timeMax"]}
        return {"kind": "calendar#freeBusy", **bounds, "calendars": found}


def _last_change(calendar: Calendar) -> str:
    return max((one["updated"] for one in calendar.events.values() if "updated" in one), default="")


def _unchanged(asked: Asked, event: Event) -> None:
    wanted = asked.headers.get("if-match")
    if wanted not in (None, "*", event["etag"]):
        raise Refused(412, "conditionNotMet", "Precondition Failed")


def _window(asked: Asked, calendar: Calendar) -> tuple[int, dict[str, Any]]:
    """From which step on changes are asked for, and what else was asked when that began."""
    given = asked.one("syncToken")
    if not given:
        window = {
            "single": asked.flag("singleEvents"),
            "from": asked.one("timeMin"),
            "to": asked.one("timeMax"),
        }
        return 0, window | {"deleted": asked.flag("showDeleted")}
    if any(name in asked.query for name in _NOT_WITH_SYNC):
        raise Refused(400, "invalid", "Sync token cannot be used with other query restrictions.")
    try:
        window = json.loads(urlsafe_b64decode(given))
        step = window.pop("step")
    except (ValueError, KeyError):
        raise Refused(400, "invalid", "Invalid sync token value.") from None
    if step < calendar.forgotten:
        raise Refused(
            410,
            "fullSyncRequired",
            "Sync token is no longer valid, a full sync is required.",
            domain="calendar",
        )
    return step, window


def _wanted(event: Event, asked: Asked, window: dict[str, Any]) -> bool:
    if event["status"] == "cancelled" and not window["deleted"]:
        return False
    start, end = starts(event), ends(event)
    if start and end and window["from"] and end <= datetime.fromisoformat(window["from"]):
        return False
    if start and window["to"] and start >= datetime.fromisoformat(window["to"]):
        return False
    own = event.get("extendedProperties", {}).get("private", {})
    marks = asked.query.get("privateExtendedProperty", ())
    return all(own.get(mark.partition("=")[0]) == mark.partition("=")[2] for mark in marks)


def _told(event: Event) -> Event:
    """A cancelled exception is told by its id and its place in the series alone."""
    if event["status"] == "cancelled" and "recurringEventId" in event:
        kept = ("kind", "id", "etag", "status", "recurringEventId", "originalStartTime")
        return {name: event[name] for name in kept if name in event}
    return event


def _busy(calendar: Calendar, since: datetime, until: datetime) -> list[tuple[str, str]]:
    found = []
    for _, event in calendar.shown(single=True):
        start, end = starts(event), ends(event)
        if event["status"] == "cancelled" or event.get("transparency") == "transparent":
            continue
        if start and end and start < until and end > since:
            found.append((_utc(start), _utc(end)))
    return found


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _token(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode()


def _read(token: str) -> dict[str, int]:
    """What a page token stands for; nothing without one."""
    found: dict[str, int] = json.loads(urlsafe_b64decode(token)) if token else {}
    return found
