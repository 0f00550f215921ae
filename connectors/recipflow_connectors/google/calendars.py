"""The connector `google_calendar`: the user's calendars at Google, read only; reminders where that was granted.

Google expands series itself, within a window from a year ago to two months ahead. The window is fixed by the first
request of a calendar, and is renewed every month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from recipflow.connector import Page, Secrets, SetAside
from recipflow.model import Meeting
from recipflow_connectors.google import auth, meetings
from recipflow_connectors.google.calendar_place import Place, Position, load
from recipflow_connectors.google.meetings import Json
from recipflow_connectors.google.reminders import Reminders
from recipflow_connectors.google.settings import CalendarSettings
from recipflow_connectors.google.wire import Api, Refused
from recipflow_connectors.headers import addresses_in

PAGE = 250
#: What an instance does not share with its series.
_OF_THE_SERIES = frozenset({"id", "start", "end", "recurrence", "updated", "etag", "status"})


def connect(settings: Mapping[str, Any], secrets: Secrets) -> GoogleCalendar:
    """The connector for some calendars of one user; with `allow = ["reminders"]` one that also keeps reminders.

    `calendars` are their ids (default: the user's own, "primary"); `address`, `url` and `since_days` have defaults.
    Raises UserError with every problem.
    """
    given = CalendarSettings.of(settings)
    reminds = "reminders" in given.allow
    api = Api(
        "calendar",
        "v3",
        url=given.url,
        secrets=secrets,
        scopes=[auth.READ_CALENDARS] + [auth.OWN_CALENDAR] * reminds,
        command=auth.command(given.address, given.allow),
    )
    kind = RemindingCalendar if reminds else GoogleCalendar
    ids = tuple(dict.fromkeys(given.calendars)) or ("primary",)
    return kind(api, ids, timedelta(days=given.since_days))


class GoogleCalendar:
    """Pulls some calendars, one after the other; never writes to them."""

    unhurried = True

    def __init__(self, api: Api, ids: tuple[str, ...], span: timedelta) -> None:
        self._api, self._ids, self._span = api, ids, span

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; a calendar whose changes Google has forgotten is read again, with `reset`."""
        position = load(cursor) if cursor is not None else Position()
        number = position.turn % len(self._ids) if position else 0
        ref = self._ids[number]
        place = (position.calendars.get(ref) if position else None) or Place()
        reset = position is None
        try:
            found, place = self._events(ref, place, now)
        except _Forgotten:
            reset = True
            found, place = self._events(ref, Place(again=True), now)
        turn = number if place.token else (number + 1) % len(self._ids)
        known = position.calendars if position else {}
        page = self._page(ref, found)
        return replace(
            page,
            cursor=Position(calendars={**known, ref: place}, turn=turn).dump(),
            more=bool(place.token) or turn != 0,
            reset=reset,
            since=now - self._span if reset else None,
        )

    def revoke(self) -> None:
        """Give back what was granted, the mailbox with it."""
        self._api.revoke()

    def _events(self, ref: str, place: Place, now: datetime) -> tuple[Json, Place]:
        """The next page of a calendar, and the place after it."""
        place = place.now(now, self._span)
        asked = self._api.methods("events").list(calendarId=ref, maxResults=PAGE, **place.asked())
        try:
            found: Json = self._api.ask(asked, known=(400, 404, 410) if place.goes_on else (404,))
        except Refused as refused:
            if refused.status != 404:
                raise _Forgotten from refused
            return {"gone": True}, Place()  # no longer shared, or deleted: the others go on
        return found, place.after(found)

    def _page(self, ref: str, found: Json) -> Page:
        items = [self._meeting(ref, one, found) for one in found.get("items", ())]
        aside = [one for one in items if isinstance(one, SetAside)]
        if "gone" in found:
            aside.append(SetAside(f"calendar {ref}", "Google no longer shows it: take it out of `calendars`"))
        meetings = tuple(one for one in items if isinstance(one, Meeting))
        return Page(interactions=meetings, cursor="", more=False, set_aside=tuple(aside))

    def _meeting(self, ref: str, event: Json, page: Json) -> Meeting | SetAside | None:
        if event.get("eventType") in meetings.NO_MEETINGS:
            return None
        if not meetings.is_whole(event):
            event = self._completed(ref, event, page)
        try:
            one = meetings.meeting(event, meetings.zone_of(page))
        except (ValueError, KeyError, TypeError, OverflowError):
            who = addresses_in(str([event.get(name) for name in ("organizer", "creator", "attendees")]))
            return SetAside(f"event {str(event.get('id', ''))[:100]}", "Google says too little of it", who)
        # What was deleted after it had begun took place all the same.
        return None if one.cancelled and one.known >= one.starts else one

    def _completed(self, ref: str, event: Json, page: Json) -> Json:
        """A cancelled event with all that can be had: Google lists but its id, and its place in a series."""
        told = {**self._told(ref, event["id"]), **event}
        if "iCalUID" not in told and "recurringEventId" in told:
            series = self._told(ref, told["recurringEventId"])
            told = {**{key: one for key, one in series.items() if key not in _OF_THE_SERIES}, **told}
        return {"updated": page.get("updated"), **told}

    def _told(self, ref: str, event: str) -> Json:
        """What Google says of an event when asked for it alone; nothing of one that is gone."""
        try:
            found: Json = self._api.ask(
                self._api.methods("events").get(calendarId=ref, eventId=event), known=(404, 410)
            )
        except Refused:
            return {}
        return found


class RemindingCalendar(Reminders, GoogleCalendar):
    """Calendars beside which reminders are kept, in one of their own."""


class _Forgotten(Exception):
    """Google no longer knows the sync token, or the page."""
