"""The resources of calendars: events, views, the delta query of a view."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tests.fakes.graph.calendar import Calendars, moment
from tests.fakes.graph.mailbox import Json, stamp
from tests.fakes.graph.odata import Asked, Refused, cut

READ = ("Calendars.Read", "Calendars.ReadWrite")
WRITE = ("Calendars.ReadWrite",)
NAVIGATION = frozenset({"attachments", "singleValueExtendedProperties"})
_REDUCED = ("id", "type", "seriesMasterId", "start", "end")
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

    def answer(self, asked: Asked) -> tuple[int, str, Json]:
        match asked.method, asked.path:
            case "GET", ["calendars"]:
                asked.need(*READ)
                return (
                    200,
                    "calendar",
                    self._page(asked, [self._shown(one, asked) for one in self.calendars.calendars]),
                )
            case "GET", ["calendar"]:
                asked.need(*READ)
                return 200, "calendar", self._shown(self.calendars.default, asked)
            case "POST", ["calendars"]:
                return self._add_calendar(asked)
            case ("GET" | "DELETE") as method, ["calendars", calendar]:
                self._known(asked, calendar)
                shown = self._shown(calendar, asked)
                return (
                    self._remove_calendar(asked, calendar) if method == "DELETE" else (200, "calendar", shown)
                )
            case ("GET" | "POST") as method, ["calendars", calendar, "events"]:
                self._known(asked, calendar)
                return self._list(asked, calendar) if method == "GET" else self._create(asked, calendar)
            case "GET", ["calendars", calendar, "calendarView"]:
                self._known(asked, calendar)
                return self._view(asked, calendar)
            case "GET", ["calendars", calendar, "calendarView", "delta"]:
                self._known(asked, calendar)
                return self._delta(asked, calendar)
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

    def _cut(self, event: Json, asked: Asked) -> Json:
        for name in ("IdType", "outlook.timezone", "outlook.body-content-type"):
            asked.preferred(name)
        return cut(event, asked, navigation=NAVIGATION, only_selected=frozenset())

    def _list(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        state = self.calendars
        found = [one for id_, one in state.events.items() if state.calendar_of[id_] == calendar]
        return 200, "event", self._page(asked, [self._cut(one, asked) for one in found])

    def _create(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        """Rule `transaction-id`."""
        asked.need(*WRITE)
        given = json.loads(asked.body)
        self._allowed(given)
        state, transaction = self.calendars, given.get("transactionId")
        for event in state.events.values():
            if transaction and event["transactionId"] == transaction:
                return 201, "event", self._cut(event, asked)
        now = stamp(self._clock())
        id_ = state.add(
            moment(given["start"]), calendar, **given, createdDateTime=now, lastModifiedDateTime=now
        )
        return 201, "event", self._cut(state.events[id_], asked)

    def _event(self, asked: Asked, method: str, event: str) -> tuple[int, str, Json]:
        """Rule `if-match`."""
        asked.need(*READ)
        found = self.calendars.find(event)
        if found is None:
            raise Refused(404, "ErrorItemNotFound")
        if method == "GET":
            return 200, "event", self._cut(found, asked)
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
        return 200, "event", self._cut(self.calendars.events[event], asked)

    def _allowed(self, given: Json) -> None:
        if set(given) - _WRITABLE:
            raise Refused(400, "ErrorInvalidPropertySet")

    def _view(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        low, high = (_given(asked, name) for name in ("startDateTime", "endDateTime"))
        found = [
            one
            for event, of in self.calendars.calendar_of.items()
            if of == calendar
            for one in self.calendars.occurrences(event)
            if moment(one["start"]) < high and moment(one["end"]) > low
        ]
        found.sort(key=lambda one: str(one["start"]["dateTime"]))
        return 200, "event", self._page(asked, [self._cut(one, asked) for one in found])

    def _page(self, asked: Asked, found: list[Any]) -> Json:
        top, skip = int(asked.query.get("$top", 10)), int(asked.query.get("$skip", 0))
        body: Json = {"value": found[skip : skip + top]}
        if skip + top < len(found):
            following = {**asked.query, "$top": str(top), "$skip": str(skip + top)}
            body["@odata.nextLink"] = f"{self._base()}/me/{'/'.join(asked.path)}?{urlencode(following)}"
        return body

    def _delta(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        """Rules `view-delta`, `view-occurrences`, `view-outside`."""
        state = self._state(asked, calendar)
        size = int(asked.preferred("odata.maxpagesize") or 10)
        rows = [row for row in self._changes(calendar, state, asked) if row[0] > tuple(state["after"])]
        part = rows[:size]
        body: Json = {"value": [one for _, one in part]}
        if len(rows) > size:
            body["@odata.nextLink"] = self._link(calendar, "$skiptoken", {**state, "after": part[-1][0]})
        else:
            following = {"after": (0, ""), "from": state["upto"], "upto": None, "first": False}
            body["@odata.deltaLink"] = self._link(calendar, "$deltatoken", {**state, **following})
        return 200, "event", body

    def _state(self, asked: Asked, calendar: str) -> Json:
        token = asked.query.get("$skiptoken") or asked.query.get("$deltatoken")
        if token:
            state: Json = json.loads(base64.urlsafe_b64decode(token))
            if state["epoch"] != self.calendars.epoch:
                raise Refused(410, "SyncStateNotFound")
        elif {"$select", "$filter", "$orderby", "$expand", "$search"} & asked.query.keys():
            raise Refused(400, "ErrorInvalidUrlQuery")
        else:
            low, high = (stamp(_given(asked, name)) for name in ("startDateTime", "endDateTime"))
            state = {"epoch": self.calendars.epoch, "low": low, "high": high, "from": 0, "first": True}
            state |= {"after": (0, ""), "upto": None}
        upto = self.calendars.version if state["upto"] is None else state["upto"]
        return {**state, "upto": upto, "after": tuple(state["after"])}

    def _changes(self, calendar: str, state: Json, asked: Asked) -> list[tuple[tuple[int, str], Json]]:
        """Each with its place: by when its series changed, then by id."""
        found: list[tuple[tuple[int, str], Json]] = []
        low, high = (datetime.fromisoformat(state[name]) for name in ("low", "high"))
        for event, version in self.calendars.changed.items():
            of = self.calendars.calendar_of.get(event) or self.calendars.gone_from.get(event)
            if of != calendar or not state["from"] < version <= state["upto"]:
                continue
            shown = self._shown_as(event, low, high, asked, first=state["first"])
            found += [((version, one["id"]), one) for one in shown]
        return sorted(found, key=lambda row: row[0])

    def _shown_as(
        self, event: str, low: datetime, high: datetime, asked: Asked, *, first: bool
    ) -> list[Json]:
        gone = {"@odata.type": "#microsoft.graph.event", "@removed": {"reason": "deleted"}}
        state = self.calendars
        if event not in state.events:
            return [] if first else [{**gone, "id": event}]
        master = state.events[event]
        inside = [
            one
            for one in state.occurrences(event)
            if moment(one["start"]) < high and moment(one["end"]) > low
        ]
        out = [{**gone, "id": one} for one in sorted(state.left_out) if one.startswith(event)]
        if not inside:
            return [] if first else [{**gone, "id": event}]
        shown = [self._reduced(one, asked) for one in inside]
        if master["type"] == "seriesMaster":
            shown.append({"@odata.type": "#microsoft.graph.event", **self._cut(master, asked)})
        return shown + ([] if first else out)

    def _reduced(self, one: Json, asked: Asked) -> Json:
        whole = {"@odata.type": "#microsoft.graph.event", **self._cut(one, asked)}
        if one["type"] != "occurrence":
            return whole
        return {name: value for name, value in whole.items() if "@" in name or name in _REDUCED}

    def _link(self, calendar: str, kind: str, state: Json) -> str:
        token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
        return f"{self._base()}/me/calendars('{calendar}')/calendarView/delta?{kind}={token}"


def _given(asked: Asked, name: str) -> datetime:
    for key, value in asked.query.items():
        if key.lower() == name.lower():
            return datetime.fromisoformat(value).astimezone(UTC)
    raise Refused(400, "ErrorInvalidParameter")
