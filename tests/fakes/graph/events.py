"""The resources of calendars, and of the events in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from tests.fakes.graph.calendar import Calendars, moment
from tests.fakes.graph.mailbox import Json, stamp
from tests.fakes.graph.odata import Asked, Refused, cut
from tests.fakes.graph.views import NAVIGATION, Views, paged, shown

READ = ("Calendars.Read", "Calendars.ReadWrite")
WRITE = ("Calendars.ReadWrite",)
_WRITABLE = frozenset(
    [
        "subject",
        "body",
        "start",
        "end",
        "isReminderOn",
        "reminderMinutesBeforeStart",
        "showAs",
        "sensitivity",
        "transactionId",
        "isAllDay",
        "singleValueExtendedProperties",
        "categories",
        "attendees",
    ]
)


class Events:
    """Answers requests about one person's calendars."""

    def __init__(self, calendars: Calendars, base: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self.calendars, self._base, self._clock = calendars, base, clock
        self._views = Views(calendars, base)

    def answer(self, asked: Asked) -> tuple[int, str, Json]:
        match asked.method, asked.path:
            case "GET", ["calendars"]:
                asked.need(*READ)
                return (
                    200,
                    "calendar",
                    paged(asked, [self._shown(one, asked) for one in self.calendars.calendars], self._base()),
                )
            case "GET", ["calendar"]:
                asked.need(*READ)
                return 200, "calendar", self._shown(self.calendars.default, asked)
            case "POST", ["calendars"]:
                return self._add_calendar(asked)
            case ("GET" | "DELETE") as method, ["calendars", calendar]:
                self._known(asked, calendar)
                if method == "DELETE":
                    return self._remove_calendar(asked, calendar)
                return 200, "calendar", self._shown(calendar, asked)
            case ("GET" | "POST") as method, ["calendars", calendar, "events"]:
                self._known(asked, calendar)
                return self._list(asked, calendar) if method == "GET" else self._create(asked, calendar)
            case "GET", ["calendars", calendar, "calendarView"]:
                self._known(asked, calendar)
                return self._views.view(asked, calendar)
            case "GET", ["calendars", calendar, "calendarView", "delta"]:
                self._known(asked, calendar)
                return self._views.delta(asked, calendar)
            case method, ["events", event]:
                return self._event(asked, method, event)
        raise Refused(405, "Request_BadRequest")

    def _known(self, asked: Asked, calendar: str) -> None:
        asked.need(*READ)
        if calendar not in self.calendars.calendars:
            raise Refused(404, "ErrorItemNotFound")

    def _shown(self, calendar: str, asked: Asked) -> Json:
        return cut(
            self.calendars.calendars[calendar], asked, navigation=NAVIGATION, only_selected=frozenset()
        )

    def _add_calendar(self, asked: Asked) -> tuple[int, str, Json]:
        asked.need(*WRITE)
        given = json.loads(asked.body)
        name = given.pop("name")
        if any(one["name"] == name for one in self.calendars.calendars.values()):
            raise Refused(409, "ErrorFolderExists")
        return 201, "calendar", self._shown(self.calendars.add_calendar(name, **given), asked)

    def _remove_calendar(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        asked.need(*WRITE)
        if not self.calendars.calendars[calendar]["isRemovable"]:
            raise Refused(403, "ErrorCannotDeleteObject")
        del self.calendars.calendars[calendar]
        for event in [one for one, of in self.calendars.calendar_of.items() if of == calendar]:
            self.calendars.remove(event)
        return 204, "", {}

    def _list(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        state = self.calendars
        found = [one for id_, one in state.events.items() if state.calendar_of[id_] == calendar]
        return 200, "event", paged(asked, [shown(one, asked) for one in found], self._base())

    def _create(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        """Rule `transaction-id`."""
        asked.need(*WRITE)
        given = json.loads(asked.body)
        self._allowed(given)
        state, transaction = self.calendars, given.get("transactionId")
        for event in state.events.values():
            if transaction and event["transactionId"] == transaction:
                return 201, "event", shown(event, asked)
        now = stamp(self._clock())
        id_ = state.add(
            moment(given["start"]), calendar, **given, createdDateTime=now, lastModifiedDateTime=now
        )
        return 201, "event", shown(state.events[id_], asked)

    def _event(self, asked: Asked, method: str, event: str) -> tuple[int, str, Json]:
        """Rule `if-match`."""
        asked.need(*READ)
        found = self.calendars.find(event)
        if found is None:
            raise Refused(404, "ErrorItemNotFound")
        if method == "GET":
            return 200, "event", shown(found, asked)
        asked.need(*WRITE)
        wanted = asked.headers.get("if-match", "*")
        if wanted not in ("*", f'W/"{found["changeKey"]}"'):
            raise Refused(412, "ErrorIrresolvableConflict")
        if method == "DELETE":
            self.calendars.remove(event)
            return 204, "", {}
        given = json.loads(asked.body)
        self._allowed(given)
        self.calendars.change(event, **given, lastModifiedDateTime=stamp(self._clock()))
        return 200, "event", shown(self.calendars.events[event], asked)

    def _allowed(self, given: Json) -> None:
        if set(given) - _WRITABLE:
            raise Refused(400, "ErrorInvalidPropertySet")
