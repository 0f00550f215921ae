"""Calendars as Google keeps them: events, series with their exceptions, and which change came when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

Event = dict[str, Any]
#: How far Google follows a series without an end is its own business; this is the fake's.
HORIZON = timedelta(days=730)


@dataclass
class Calendar:
    """One calendar. Its events are kept as Google shows them; `changed` says at which step each last did."""

    id: str
    summary: str
    role: str = "owner"
    zone: str = "Europe/Lisbon"
    description: str = ""
    by_app: bool = False
    events: dict[str, Event] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    ever: dict[str, set[str]] = field(default_factory=dict)  #: series: every instance it has had
    step: int = 0
    forgotten: int = 0  #: sync tokens up to this step are no longer known
    _ids: count[int] = field(default_factory=lambda: count(1))

    def put(self, event: Event, *, now: datetime) -> Event:
        """Create an event, or change one: what is given replaces what was there. As Google then shows it."""
        ref = event.get("id") or f"ev{next(self._ids):08d}"
        before = self.events.get(ref, {})
        kept = {
            "kind": "calendar#event",
            "id": ref,
            "status": "confirmed",
            "eventType": "default",
            "created": stamp(now),
            "iCalUID": f"{ref}@google.com",
            "sequence": 0,
            "organizer": {"email": self.id, "self": True},
        }
        self.step += 1
        stamps = {"id": ref, "updated": stamp(now), "etag": f'"{self.step:016d}"'}
        one: Event = {**kept, **before, **event, **stamps}
        if "recurringEventId" in one and not before:
            one["iCalUID"] = self.events[one["recurringEventId"]]["iCalUID"]
        self.events[ref] = one
        self.changed[ref] = self.step
        if "recurrence" in one:
            self.ever.setdefault(ref, set()).update(shown["id"] for shown in self.instances(one))
        return one

    def cancel(self, ref: str, *, now: datetime) -> None:
        """Delete an event: Google keeps its id, and says that it is cancelled; of a series, its exceptions as well."""
        self.put({"id": ref, "status": "cancelled"}, now=now)
        exceptions = [one["id"] for one in self.events.values() if one.get("recurringEventId") == ref]
        for one in exceptions:
            self.put({"id": one, "status": "cancelled"}, now=now)

    def change_instance(self, series: str, original: datetime, *, now: datetime, **changes: Any) -> Event:
        """Move, rename or (status="cancelled") take out one instance of a series."""
        master = self.events[series]
        shown = next(
            one for one in self.instances(master) if _when(one["originalStartTime"], UTC) == original
        )
        return self.put({**shown, **changes}, now=now)

    def forget_tokens(self) -> None:
        """Let every sync token there is so far be too old."""
        self.step += 1
        self.forgotten = self.step

    def shown(self, *, single: bool) -> Iterator[tuple[int, Event]]:
        """All events with the step of their last change: series as such, or as their instances."""
        for ref, event in self.events.items():
            if not single or "recurrence" not in event:
                yield self.changed[ref], event
                continue
            now = list(self.instances(event))
            yield from ((self.changed[ref], one) for one in now if one["id"] not in self.events)
            for gone in sorted(self.ever[ref] - {one["id"] for one in now} - self.events.keys()):
                yield self.changed[ref], _gone(event, gone)

    def instances(self, master: Event) -> Iterator[Event]:
        """The instances of a series by its rule, those that were changed left as the rule has them."""
        if master["status"] == "cancelled":
            return
        zone = ZoneInfo(master["start"].get("timeZone", self.zone))
        first, end = _when(master["start"], zone), _when(master["end"], zone)
        whole_days = "date" in master["start"]
        rules = "\n".join(master["recurrence"])
        found = rrulestr(rules, dtstart=first.replace(tzinfo=None), forceset=True, ignoretz=True)
        for local in found.between(
            first.replace(tzinfo=None) - HORIZON, first.replace(tzinfo=None) + HORIZON, inc=True
        ):
            start = local.replace(tzinfo=zone)
            yield _instance(master, start, end - first, whole_days=whole_days)


def _instance(master: Event, start: datetime, lasts: timedelta, *, whole_days: bool) -> Event:
    one = {key: value for key, value in master.items() if key != "recurrence"}
    begins, ends = _time(start, whole_days), _time(start + lasts, whole_days)
    stamp = f"{start:%Y%m%d}" if whole_days else f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return one | {
        "id": f"{master['id']}_{stamp}",
        "recurringEventId": master["id"],
        "originalStartTime": begins,
        "start": begins,
        "end": ends,
    }


def _gone(master: Event, ref: str) -> Event:
    """All that Google still says of an instance that is no more."""
    stamp = ref.rpartition("_")[2]
    start = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ" if "T" in stamp else "%Y%m%d").replace(tzinfo=UTC)
    return {
        "kind": "calendar#event",
        "id": ref,
        "etag": master["etag"],
        "status": "cancelled",
        "recurringEventId": master["id"],
        "originalStartTime": _time(start, "T" not in stamp),
    }


def starts(event: Event) -> datetime | None:
    """When an event starts; None of one of which nothing is told."""
    given = event.get("start") or event.get("originalStartTime")
    return _when(given, ZoneInfo("UTC")) if given else None


def ends(event: Event) -> datetime | None:
    return _when(event["end"], ZoneInfo("UTC")) if "end" in event else starts(event)


def _when(given: dict[str, str], zone: Any) -> datetime:
    if "date" in given:
        return datetime.combine(date.fromisoformat(given["date"]), time(), tzinfo=zone)
    moment = datetime.fromisoformat(given["dateTime"])
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(given.get("timeZone", "UTC")))
    return moment.astimezone(zone)


def _time(moment: datetime, whole_days: bool) -> dict[str, str]:
    if whole_days:
        return {"date": moment.date().isoformat()}
    return {"dateTime": moment.isoformat(), "timeZone": str(moment.tzinfo)}


def stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
