"""Views of a calendar: what lies between two instants, and the delta query of that."""

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

NAVIGATION = frozenset({"attachments", "singleValueExtendedProperties"})
_REDUCED = ("id", "type", "seriesMasterId", "start", "end")


class Views:
    """Answers requests about what lies in a stretch of time of one person's calendars."""

    def __init__(self, calendars: Calendars, base: Callable[[], str]) -> None:
        self.calendars, self._base = calendars, base

    def view(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
        low, high = (_given(asked, name) for name in ("startDateTime", "endDateTime"))
        found = [
            one
            for event, of in self.calendars.calendar_of.items()
            if of == calendar
            for one in self.calendars.occurrences(event)
            if moment(one["start"]) < high and moment(one["end"]) > low
        ]
        found.sort(key=lambda one: str(one["start"]["dateTime"]))
        return 200, "event", paged(asked, [shown(one, asked) for one in found], self._base())

    def delta(self, asked: Asked, calendar: str) -> tuple[int, str, Json]:
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
            seen = self._shown_as(event, low, high, asked, first=state["first"])
            found += [((version, one["id"]), one) for one in seen]
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
        seen = [self._reduced(one, asked) for one in inside]
        if master["type"] == "seriesMaster":
            seen.append({"@odata.type": "#microsoft.graph.event", **shown(master, asked)})
        return seen + ([] if first else out)

    def _reduced(self, one: Json, asked: Asked) -> Json:
        whole = {"@odata.type": "#microsoft.graph.event", **shown(one, asked)}
        if one["type"] != "occurrence":
            return whole
        return {name: value for name, value in whole.items() if "@" in name or name in _REDUCED}

    def _link(self, calendar: str, kind: str, state: Json) -> str:
        token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
        return f"{self._base()}/me/calendars('{calendar}')/calendarView/delta?{kind}={token}"


def shown(event: Json, asked: Asked) -> Json:
    """An event with what was asked for of it."""
    for name in ("IdType", "outlook.timezone", "outlook.body-content-type"):
        asked.preferred(name)
    return cut(event, asked, navigation=NAVIGATION, only_selected=frozenset())


def paged(asked: Asked, found: list[Any], base: str) -> Json:
    """The page of these that was asked for, with the link to the next."""
    top, skip = int(asked.query.get("$top", 10)), int(asked.query.get("$skip", 0))
    body: Json = {"value": found[skip : skip + top]}
    if skip + top < len(found):
        following = {**asked.query, "$top": str(top), "$skip": str(skip + top)}
        body["@odata.nextLink"] = f"{base}/me/{'/'.join(asked.path)}?{urlencode(following)}"
    return body


def _given(asked: Asked, name: str) -> datetime:
    for key, value in asked.query.items():
        if key.lower() == name.lower():
            return datetime.fromisoformat(value).astimezone(UTC)
    raise Refused(400, "ErrorInvalidParameter")
