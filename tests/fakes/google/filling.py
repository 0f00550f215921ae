"""Files of mail and meetings into a fake Google."""

from __future__ import annotations

import mailbox
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar

from tests.fakes.google.server import Google

#: How X-Gmail-Labels, as Takeout writes them, are called in the API.
_LABELS = {
    "inbox": "INBOX",
    "sent": "SENT",
    "unread": "UNREAD",
    "starred": "STARRED",
    "important": "IMPORTANT",
}
_RESPONSES = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


def fill(google: Google, mbox: Path, ics: Path, *, later: float = 0.0) -> None:
    """Put a mailbox and a calendar into it, so many seconds later than they are dated."""
    box = mailbox.mbox(mbox, create=False)
    for mail in box:
        given = str(mail.get("X-Gmail-Labels", "inbox")).lower().split(",")
        labels = [_LABELS[one.strip()] for one in given if one.strip() in _LABELS]
        at = parsedate_to_datetime(str(mail["Date"]))
        if later:
            moved = datetime.fromtimestamp(at.timestamp() + later, at.tzinfo)
            mail.replace_header("Date", moved.strftime("%a, %d %b %Y %H:%M:%S %z"))
            at = moved
        del mail["X-Gmail-Labels"]
        google.mail.deliver(mail.as_bytes(), labels, at=at)
    box.close()
    for event in Calendar.from_ical(ics.read_bytes()).walk("VEVENT"):
        google.calendars.own.put(_event(event, later), now=google.calendars.now)


def _event(event: Any, later: float) -> dict[str, object]:
    starts, ends = (event[name].dt for name in ("DTSTART", "DTEND"))
    people = event.get("ATTENDEE", [])
    found: dict[str, object] = {
        "iCalUID": str(event["UID"]),
        "summary": str(event.get("SUMMARY", "")),
        "start": _time(starts, later),
        "end": _time(ends, later),
        "attendees": [
            {
                "email": str(one).lower().removeprefix("mailto:"),
                "displayName": str(one.params.get("CN", "")),
                "responseStatus": _RESPONSES.get(str(one.params.get("PARTSTAT", "")), "needsAction"),
            }
            for one in (people if isinstance(people, list) else [people])
        ],
    }
    if "ORGANIZER" in event:
        found["organizer"] = {"email": str(event["ORGANIZER"]).lower().removeprefix("mailto:")}
    if "RRULE" in event:
        found["recurrence"] = [f"RRULE:{event['RRULE'].to_ical().decode()}"]
    return found


def _time(moment: date, later: float) -> dict[str, str]:
    if not isinstance(moment, datetime):
        return {"date": moment.isoformat()}
    moved = datetime.fromtimestamp(moment.astimezone(UTC).timestamp() + later, UTC)
    return {"dateTime": moved.isoformat(), "timeZone": "UTC"}
