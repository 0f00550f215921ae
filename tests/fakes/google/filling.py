"""Files of mail and meetings into a fake Google."""

from __future__ import annotations

import mailbox
from datetime import UTC, date, datetime, timedelta
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
    """Put a mailbox and a calendar into it, so many seconds later than they are dated: the calendar by whole weeks, for
    what is on Mondays stays on Mondays."""
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
    weeks = timedelta(weeks=round(later / timedelta(weeks=1).total_seconds()))
    for event in Calendar.from_ical(ics.read_bytes()).walk("VEVENT"):
        put_event(google, event, now=google.calendars.now, later=weeks)


def put_event(google: Google, event: Any, *, now: datetime, later: timedelta = timedelta()) -> None:
    """A VEVENT into the user's own calendar; one with a RECURRENCE-ID changes that instance of its series."""
    own, found = google.calendars.own, _event(event, later)
    if "RECURRENCE-ID" not in event:
        own.put(found, now=now)
        return
    uid, original = str(event["UID"]), event["RECURRENCE-ID"].dt + later
    series = next(one for one in own.events.values() if one["iCalUID"] == uid and "recurrence" in one)
    changed = {name: found[name] for name in ("summary", "start", "end", "attendees", "status")}
    own.change_instance(series["id"], original.astimezone(UTC), now=now, **changed)


def _event(event: Any, later: timedelta) -> dict[str, Any]:
    people = event.get("ATTENDEE", [])
    found: dict[str, Any] = {
        "iCalUID": str(event["UID"]),
        "summary": str(event.get("SUMMARY", "")),
        "status": str(event.get("STATUS", "CONFIRMED")).lower(),
        "start": _time(event["DTSTART"].dt, later),
        "end": _time(event["DTEND"].dt, later),
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
    if "CLASS" in event:
        found["visibility"] = str(event["CLASS"]).lower()
    if str(event.get("TRANSP", "")) == "TRANSPARENT":
        found["transparency"] = "transparent"
    if "RRULE" in event:
        found["recurrence"] = [f"RRULE:{_rule(event, later)}", *_left_out(event, later)]
    return found


def _rule(event: Any, later: timedelta) -> str:
    rule = event["RRULE"].copy()
    if "UNTIL" in rule:
        rule["UNTIL"] = [one + later for one in rule["UNTIL"]]
    return str(rule.to_ical(), "ascii")


def _left_out(event: Any, later: timedelta) -> list[str]:
    """The days of a series that are not; the fake reads them in the series' own zone."""
    given = event.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    days = [f"{one.dt + later:%Y%m%dT%H%M%S}" for each in lists for one in each.dts]
    return [f"EXDATE:{','.join(days)}"] if days else []


def _time(moment: date, later: timedelta) -> dict[str, str]:
    """By the clock on the wall: that is how a series goes on, whether or not the clocks are changed in between."""
    if not isinstance(moment, datetime):
        return {"date": (moment + timedelta(days=later.days)).isoformat()}
    return {"dateTime": (moment + later).isoformat(), "timeZone": str(moment.tzinfo or "UTC")}
