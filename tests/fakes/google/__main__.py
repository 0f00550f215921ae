"""Serve a Google with the built-in mailbox in it, for trying `recipflow connect gmail` by hand.

python -m tests.fakes.google
recipflow connect gmail --client client.json
"""

from __future__ import annotations

import argparse
import json
import mailbox
import tempfile
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from icalendar import Calendar

from recipflow.demo import MORNING, unpack
from tests.fakes.google import Google, Quota, serving

ADDRESS = "noor@haddad.example"
#: How X-Gmail-Labels, as Takeout writes them, are called in the API.
_LABELS = {
    "inbox": "INBOX",
    "sent": "SENT",
    "unread": "UNREAD",
    "starred": "STARRED",
    "important": "IMPORTANT",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fakes.google",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--mbox", type=Path, help="another mailbox, with X-Gmail-Labels; default: the demo's")
    parser.add_argument("--ics", type=Path, help="another calendar")
    parser.add_argument("--address", default=ADDRESS)
    parser.add_argument("--client", type=Path, default=Path("client.json"), help="where to write the client")
    parser.add_argument(
        "--as-dated", action="store_true", help="leave the dates; default: as if it ended now"
    )
    parser.add_argument("--quota", type=int, default=0, help="enforce so many units a minute")
    given = parser.parse_args()
    google = Google(address=given.address)
    google.quota = Quota(given.quota, time.time) if given.quota else None
    with tempfile.TemporaryDirectory() as folder:
        demo = unpack(Path(folder))
        late = 0.0 if given.as_dated or given.mbox else (datetime.now(UTC) - MORNING).total_seconds()
        fill(google, given.mbox or demo.mail, given.ics or demo.calendar, later=late)
    with serving(google, given.port):
        given.client.write_text(json.dumps(google.client_json(), indent=1), encoding="utf-8")
        print(f"A Google with {len(google.mail.mails)} messages of {given.address} is at {google.url}")
        print(f"Now: recipflow connect gmail --client {given.client}")
        print("Ctrl-C ends it.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()
    for problem in google.problems:
        print(f"What Google would not have understood, or said: {problem}")


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


def _event(event: Calendar, later: float) -> dict[str, object]:
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


_RESPONSES = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


def _time(moment: datetime, later: float) -> dict[str, str]:
    if not isinstance(moment, datetime):
        return {"date": moment.isoformat()}
    moved = datetime.fromtimestamp(moment.astimezone(UTC).timestamp() + later, UTC)
    return {"dateTime": moved.isoformat(), "timeZone": "UTC"}


if __name__ == "__main__":
    main()
