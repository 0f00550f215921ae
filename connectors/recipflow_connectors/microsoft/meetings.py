"""An event as Graph gives it into one version of a Meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from recipflow.connector import SetAside
from recipflow.model import Attendee, Meeting, PartStat
from recipflow_connectors.events import MAX_ATTENDEES, versioned
from recipflow_connectors.headers import addresses_in
from recipflow_connectors.microsoft.messages import moment, party, string
from recipflow_connectors.microsoft.times import instant

Json = Mapping[str, Any]

#: https://learn.microsoft.com/graph/api/resources/responsestatus
_ANSWERS = {
    "accepted": PartStat.ACCEPTED,
    "organizer": PartStat.ACCEPTED,
    "tentativelyAccepted": PartStat.TENTATIVE,
    "declined": PartStat.DECLINED,
}
_PRIVATE = frozenset({"private", "confidential"})
_INSTANCES = frozenset({"occurrence", "exception"})
#: A global object id: its class, then the day of the instance, then the rest.
#: https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxocal: PidLidGlobalObjectId, PidLidCleanGlobalObjectId
_GLOBAL_ID = re.compile(r"(040000008200E00074C5B7101A82E008)[0-9A-F]{8}([0-9A-F]+)", re.IGNORECASE)


def meeting(one: Json, series: Json | None, zone: tzinfo) -> Meeting | SetAside:
    """The meeting; an occurrence that tells its times alone has the rest of its `series`. `zone` is the user's."""
    whole = one if series is None or one.get("type") != "occurrence" else {**series, **one}
    day = zone if whole.get("isAllDay") is True else None
    starts, ends = instant(whole.get("start"), day), instant(whole.get("end"), day)
    uid = series_uid(string((series or whole).get("iCalUId")))
    if starts is None or not uid:
        missing = (
            "it has no start one could go by" if starts is None else "it has no id it is known by elsewhere"
        )
        who = addresses_in(str([whole.get("organizer"), whole.get("attendees")]))
        return SetAside(f"event {string(one.get('id'))[-40:]}", missing, who)
    recurring = whole.get("type") in _INSTANCES
    content: dict[str, Any] = {
        "starts": starts,
        "ends": max(starts, ends or starts),
        "all_day": day is not None,
        "recurring": recurring,
        "cancelled": whole.get("isCancelled") is True,
        "private": whole.get("sensitivity") in _PRIVATE,
        "away": whole.get("showAs") == "oof",
        "organizer": party(whole.get("organizer")),
        "attendees": tuple(_attendees(whole)),
        "summary": " ".join(string(whole.get("subject")).split()),
    }
    known = moment(one.get("lastModifiedDateTime")) or moment(whole.get("lastModifiedDateTime"))
    return versioned(uid, _instance(one, starts, day) if recurring else "", known, content)


def series_uid(given: str) -> str:
    """The UID of an event as other calendars know it: Graph's differs for each instance of a series."""
    return _GLOBAL_ID.sub(lambda found: f"{found[1]}00000000{found[2]}".upper(), given)


def _instance(one: Json, starts: datetime, day: tzinfo | None) -> str:
    """The recurrence id: of an exception when it was to be, of any other when it is."""
    original = moment(one.get("originalStart")) if one.get("type") == "exception" else None
    if day is not None:
        return (original or starts.astimezone(day)).strftime("%Y%m%d")
    return (original or starts).strftime("%Y%m%dT%H%M%SZ")


def _attendees(one: Json) -> Iterator[Attendee]:
    given = one.get("attendees")
    seen: set[str] = set()
    for each in (given if isinstance(given, list) else [])[:MAX_ATTENDEES]:
        found = party(each)
        if found is None or found.address in seen or each.get("type") == "resource":
            continue
        seen.add(found.address)
        status = each.get("status")
        answer = status.get("response") if isinstance(status, dict) else None
        yield Attendee(found.address, found.name, _ANSWERS.get(str(answer), PartStat.NEEDS_ACTION))
