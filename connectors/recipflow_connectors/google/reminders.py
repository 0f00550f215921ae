"""Reminders as events in a calendar of their own at Google: private, shown as free, with nobody invited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from recipflow.connector import Busy, Reminder, Vacated, Written
from recipflow.errors import AuthNeeded, Changed, TryLater
from recipflow_connectors.events import instant
from recipflow_connectors.google import auth
from recipflow_connectors.google.meetings import Json, moment, zone_of
from recipflow_connectors.google.wire import Api, Refused

NAME = "recipflow"
#: By which the calendar is found again; another one of that name is left alone.
DESCRIPTION = "Reminders by recipflow. It keeps them up to date, and removes them when they no longer hold."
_MARK = {"recipflow": "reminder"}
_MARKED = {"privateExtendedProperty": "recipflow=reminder"}
#: Google answers for some two months at once.
_SPAN = timedelta(days=60)


class Reminders:
    """Of calendars beside which reminders may be kept, in one of their own; the others tell when the user is busy."""

    _api: Api
    _ids: tuple[str, ...]
    _own_id = ""

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        """Create it, or change the one that still has this etag."""
        events, calendar = self._own_events, self._calendar() or self._create()
        body = _event(reminder)
        if etag is None:
            asked = events.insert(calendarId=calendar, body=body, sendUpdates="none")
        else:
            asked = events.patch(calendarId=calendar, eventId=reminder.id, body=body, sendUpdates="none")
            asked.headers["If-Match"] = etag
        try:
            return _written(self._api.ask(asked, writes=True, known=(404, 409, 410, 412)))
        except Refused as refused:
            return self._as_found(reminder, calendar, refused)

    def written(self) -> Sequence[Written]:
        """Every reminder of ours that is there."""
        calendar = self._calendar()
        return tuple(
            _written(one) for page in self._pages(calendar, _MARKED) for one in page.get("items", ())
        )

    def remove(self, reminder: str, *, etag: str | None) -> None:
        """Remove the reminder of that id, if it has that etag; what is gone already is removed, too."""
        calendar = self._calendar()
        if not calendar:
            return
        asked = self._own_events.delete(calendarId=calendar, eventId=reminder, sendUpdates="none")
        if etag is not None:
            asked.headers["If-Match"] = etag
        try:
            self._api.ask(asked, writes=True, known=(404, 410, 412))
        except Refused as refused:
            if refused.status == 412 and self._look(calendar, reminder):
                raise Changed(f"The reminder {reminder} was changed.") from refused

    def vacate(self) -> Vacated:
        """Remove the calendar, if nothing is in it; by its description only one that we made is found."""
        calendar = self._calendar()
        if not calendar:
            return Vacated.NEVER
        if any(page.get("items") for page in self._pages(calendar, {})):
            return Vacated.USED
        self._api.ask(self._api.methods("calendars").delete(calendarId=calendar), writes=True)
        self._own_id = ""
        return Vacated.GONE

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        """When the user is busy by the chosen calendars, and by what they put into that of the reminders."""
        found, upto = list(self._beside_ours(since, until)), since
        while upto < until:
            begins, upto = upto, min(until, upto + _SPAN)
            found += self._busy(begins, upto)
        return tuple(sorted(set(found)))

    @property
    def _own_events(self) -> Any:
        return self._api.methods("events")

    def _calendar(self) -> str:
        """The id of our calendar, "" while there is none."""
        if not self._own_id:
            asked = self._api.methods("calendarList").list(minAccessRole="owner", maxResults=250)
            found = self._api.ask(asked).get("items", ())
            ours = (one["id"] for one in found if one.get("description") == DESCRIPTION)
            self._own_id = next(ours, "")
        return self._own_id

    def _create(self) -> str:
        body = {"summary": NAME, "description": DESCRIPTION}
        asked = self._api.methods("calendars").insert(body=body)
        self._own_id = str(self._api.ask(asked, writes=True)["id"])
        return self._own_id

    def _as_found(self, reminder: Reminder, calendar: str, refused: Refused) -> Written:
        """What a refusal to write comes to: ours after all, or somebody else's change."""
        if refused.status == 409:
            there = self._look(calendar, reminder.id)
            if there and _same(reminder, there):
                return there  # an earlier attempt, whose answer was lost
        if refused.status == 404 and not self._is_calendar(calendar):
            self._own_id = ""
            raise TryLater("The calendar for reminders was deleted; it will be made anew.") from refused
        raise Changed(f"The reminder {reminder.id} was changed or removed.") from refused

    def _look(self, calendar: str, ref: str) -> Written | None:
        """What stands under an id; None when nothing does any more."""
        try:
            found: Json = self._api.ask(
                self._own_events.get(calendarId=calendar, eventId=ref), known=(404, 410)
            )
        except Refused:
            return None
        return None if found.get("status") == "cancelled" else _written(found)

    def _is_calendar(self, calendar: str) -> bool:
        """Whether it is still there: events of a calendar that is gone are not found either."""
        self._own_id = ""
        return self._calendar() == calendar

    def _pages(self, calendar: str, wanted: Mapping[str, Any]) -> Iterator[Json]:
        """The events of our calendar that are as `wanted`, if there is one."""
        token: str | None = None
        while calendar and token != "":
            asked = self._own_events.list(calendarId=calendar, maxResults=250, pageToken=token, **wanted)
            found = self._api.ask(asked)
            yield found
            token = found.get("nextPageToken", "")

    def _beside_ours(self, since: datetime, until: datetime) -> Iterator[Busy]:
        bounds = {"timeMin": since.isoformat(), "timeMax": until.isoformat(), "singleEvents": True}
        for page in self._pages(self._calendar(), bounds):
            zone = zone_of(page)
            for one in page.get("items", ()):
                ours = one.get("extendedProperties", {}).get("private", {}).items() >= _MARK.items()
                if not ours and one.get("transparency") != "transparent":
                    yield Busy(instant(moment(one["start"]), zone), instant(moment(one["end"]), zone))

    def _busy(self, since: datetime, until: datetime) -> Iterator[Busy]:
        body = {
            "timeMin": since.isoformat(),
            "timeMax": until.isoformat(),
            "items": [{"id": one} for one in self._ids],
        }
        found = self._api.ask(self._api.methods("freebusy").query(body=body))
        for ref, one in found["calendars"].items():
            if one.get("errors"):
                _refuse(ref, {str(error.get("reason", "")) for error in one["errors"]})
            for span in one.get("busy", ()):
                yield Busy(_utc(span["start"]), _utc(span["end"]))


def _refuse(ref: str, reasons: set[str]) -> None:
    if "notFound" in reasons:
        told = f"Google no longer shows the calendar {ref}: take it out of `calendars`, or sign in again."
        raise AuthNeeded(told, command=auth.command(""))
    raise TryLater(f"Google could not say when the calendar {ref} is busy.")


def _event(reminder: Reminder) -> dict[str, Any]:
    alarm = reminder.alarm_minutes
    overrides = [] if alarm is None else [{"method": "popup", "minutes": alarm}]
    return {
        "id": reminder.id,
        "summary": reminder.title,
        "description": reminder.note,
        "start": {"dateTime": reminder.starts.isoformat(), "timeZone": "UTC"},
        "end": {"dateTime": reminder.ends.isoformat(), "timeZone": "UTC"},
        "visibility": "private",
        "transparency": "transparent",
        "reminders": {"useDefault": False, "overrides": overrides},
        "extendedProperties": {"private": _MARK},
    }


def _written(found: Json) -> Written:
    return Written(
        id=found["id"],
        starts=instant(moment(found["start"]), UTC),
        ends=instant(moment(found["end"]), UTC),
        title=str(found.get("summary", "")),
        note=str(found.get("description", "")),
        etag=str(found["etag"]),
    )


def _same(reminder: Reminder, there: Written) -> bool:
    wanted = (reminder.starts, reminder.ends, reminder.title)
    return wanted == (there.starts, there.ends, there.title)


def _utc(given: str) -> datetime:
    return datetime.fromisoformat(given).astimezone(UTC)
