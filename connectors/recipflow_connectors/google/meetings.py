"""An event as Google Calendar's API gives it, into one version of a Meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from recipflow.model import Attachment, Attendee, Meeting, PartStat, Party
from recipflow_connectors import events

Json = Mapping[str, Any]

#: Not meetings: birthdays, where somebody works, blocks of time for oneself.
NO_MEETINGS = frozenset({"birthday", "workingLocation", "focusTime"})
_PRIVATE = frozenset({"private", "confidential"})
_PART_STATS = {
    "accepted": PartStat.ACCEPTED,
    "tentative": PartStat.TENTATIVE,
    "declined": PartStat.DECLINED,
}


def is_whole(event: Json) -> bool:
    """Whether it says enough to be a meeting: of what was cancelled, Google may tell no more than the id."""
    return "iCalUID" in event and ("start" in event or "originalStartTime" in event)


def meeting(event: Json, zone: tzinfo) -> Meeting:
    """The meeting; `zone` is that of whole days. ValueError or KeyError when it has no time one could go by."""
    original = event.get("originalStartTime")
    starts = moment(event.get("start") or original or {})
    ends = moment(event["end"]) if "end" in event else starts
    begin = events.instant(starts, zone)
    content: dict[str, Any] = {
        "sequence": max(0, int(event.get("sequence", 0))),
        "starts": begin,
        "ends": max(begin, events.instant(ends, zone)),
        "all_day": not isinstance(starts, datetime),
        "recurring": original is not None,
        "cancelled": event.get("status") == "cancelled",
        "private": event.get("visibility") in _PRIVATE,
        "away": event.get("eventType") == "outOfOffice",
        "organizer": _party(event.get("organizer", {})),
        "attendees": tuple(_attendees(event)),
        "summary": " ".join(str(event.get("summary", "")).replace("\x00", "").split())[:1_000],
        "attachments": tuple(_attachments(event)),
    }
    known = datetime.fromisoformat(event["updated"]) if event.get("updated") else None
    instance = events.basic(moment(original), zone) if original else ""
    return events.versioned(str(event["iCalUID"])[:1_000], instance, known, content)


def zone_of(page: Json) -> tzinfo:
    """The calendar's, by a page of its events."""
    try:
        return ZoneInfo(page["timeZone"])
    except (KeyError, ValueError, OSError):
        return UTC


def moment(given: Json) -> date:
    """A day, or an instant: Google tells the offset of each."""
    if "date" in given:
        return date.fromisoformat(given["date"])
    return datetime.fromisoformat(given["dateTime"])


def _party(given: Json) -> Party | None:
    address = _address(given)
    if not address:
        return None
    name = " ".join(str(given.get("displayName", "")).split())[:200]
    return Party(address, "" if name.lower() == address else name)


def _address(given: Json) -> str:
    address = str(given.get("email", "")).strip().lower()[:320]
    # A calendar that is nobody's own has an address, too.
    return "" if address.endswith("@group.calendar.google.com") else address


def _attendees(event: Json) -> Iterator[Attendee]:
    seen: set[str] = set()
    for one in event.get("attendees", ())[: events.MAX_ATTENDEES]:
        party = _party(one)
        if party and not one.get("resource") and party.address not in seen:
            seen.add(party.address)
            stat = _PART_STATS.get(one.get("responseStatus", ""), PartStat.NEEDS_ACTION)
            yield Attendee(party.address, party.name, stat)


def _attachments(event: Json) -> Iterator[Attachment]:
    for one in event.get("attachments", ())[: events.MAX_ATTACHMENTS]:
        yield Attachment(str(one.get("title", ""))[:255], str(one.get("mimeType", ""))[:100], 0)
