"""One VEVENT into one version of a Meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from recipflow.connector import SetAside
from recipflow.model import Attachment, Attendee, Meeting, PartStat, Party

if TYPE_CHECKING:
    from icalendar import Component

MAX_ATTENDEES = 1_000
MAX_ATTACHMENTS = 100
_THINGS = frozenset({"ROOM", "RESOURCE"})
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})


def uid(component: Component) -> str:
    """The UID, or a hash of the event when it has none."""
    given = str(component.get("UID", "")).strip()
    return given[:1_000] or "hash:" + sha256(component.to_ical()).hexdigest()


def single(
    uid: str, components: Iterable[Component], zone: tzinfo, *, cancels: bool
) -> Iterator[Meeting | SetAside]:
    """Events that do not repeat here: plain ones, and lone instances of a series whose rule is elsewhere."""
    for component in components:
        starts = start(component)
        if starts is None:
            yield SetAside(f"event {uid[:100]}", "it has no start one could go by")
        else:
            yield meeting(uid, component, starts, end(component, starts), zone, cancels=cancels)


def meeting(
    uid: str,
    component: Component,
    starts: date,
    ends: date,
    zone: tzinfo,
    *,
    cancels: bool = False,
    instance: date | None = None,
) -> Meeting:
    """The meeting; `instance` is the recurrence id when it is one of a series and does not say so itself."""
    if instance is None:
        instance = value(component, "RECURRENCE-ID")
    status = str(component.get("STATUS", "")).upper()
    begin = instant(starts, zone)
    finish = max(begin, instant(ends, zone))
    content: dict[str, Any] = {
        "sequence": sequence(component),
        "starts": begin,
        "ends": finish,
        "all_day": not isinstance(starts, datetime),
        "recurring": instance is not None,
        "cancelled": cancels or status == "CANCELLED",
        "private": str(component.get("CLASS", "")).upper() in _PRIVATE,
        "away": str(component.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "OOF",
        "organizer": _organizer(component),
        "attendees": _attendees(component),
        "summary": " ".join(str(component.get("SUMMARY", "")).replace("\x00", "").split())[:1_000],
        "attachments": tuple(_attachments(component)),
    }
    return versioned(
        uid, basic(instance, zone) if instance is not None else "", _known(component, zone), content
    )


def versioned(uid: str, instance: str, known: datetime | None, content: dict[str, Any]) -> Meeting:
    """The version of a meeting that has this content: the same one, whichever connector read it.

    Most are no absence, and are the versions they were before calendars were asked for that.
    """
    content = {key: one for key, one in content.items() if key != "away" or one}
    return Meeting(
        id=f"{uid}/{instance}" if instance else uid,
        uid=uid,
        version=sha256(repr(sorted(content.items())).encode("utf-8", "replace")).hexdigest()[:32],
        known=known or content["starts"],
        **content,
    )


def start(component: Component) -> date | None:
    """DTSTART as date or datetime; None when missing or unreadable."""
    return value(component, "DTSTART")


def end(component: Component, starts: date) -> date:
    """DTEND, or start and DURATION, or what RFC 5545 says of neither: that day, that instant."""
    given = value(component, "DTEND")
    if given is not None and isinstance(given, datetime) == isinstance(starts, datetime):
        return given
    lasts = _held(component.get("DURATION"))
    if not isinstance(lasts, timedelta):
        lasts = timedelta(0) if isinstance(starts, datetime) else timedelta(days=1)
    try:
        return starts + lasts
    except OverflowError:
        return starts


def value(component: Component, name: str) -> date | None:
    """A property that holds a date or datetime; the first of several."""
    found = component.get(name)
    if isinstance(found, list):
        found = found[0] if found else None
    given = _held(found)
    return given if isinstance(given, date) else None


def _held(found: Any) -> Any:
    """What a property stands for; None of a missing or broken one."""
    try:
        return found.dt
    except (AttributeError, ValueError):
        return None


def sequence(component: Component) -> int:
    try:
        return max(0, int(component.get("SEQUENCE", 0)))
    except (ValueError, TypeError):
        return 0


def instant(moment: date, zone: tzinfo) -> datetime:
    """A date or datetime as an instant in UTC; days and times that name no zone are those of `zone`."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), tzinfo=zone)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):  # within a day of the calendar's ends
        return moment.replace(tzinfo=UTC)


def basic(moment: date, zone: tzinfo) -> str:
    """A recurrence id in UTC, basic ISO form; of an all-day series the day alone."""
    if not isinstance(moment, datetime):
        return moment.strftime("%Y%m%d")
    return instant(moment, zone).strftime("%Y%m%dT%H%M%SZ")


def _known(component: Component, zone: tzinfo) -> datetime | None:
    for name in ("LAST-MODIFIED", "DTSTAMP", "CREATED"):
        given = value(component, name)
        if given is not None and given.year >= 1990:
            return instant(given, zone)
    return None


def _listed(component: Component, name: str) -> list[Any]:
    found = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _organizer(component: Component) -> Party | None:
    for given in _listed(component, "ORGANIZER"):
        address = _mailbox(given)
        if address:
            return Party(address, _common_name(given, address))
    return None


def _attendees(component: Component) -> tuple[Attendee, ...]:
    found: dict[str, Attendee] = {}
    for given in _listed(component, "ATTENDEE")[:MAX_ATTENDEES]:
        address = _mailbox(given)
        if address and _parameter(given, "CUTYPE").upper() not in _THINGS:
            found.setdefault(address, Attendee(address, _common_name(given, address), _part_stat(given)))
    return tuple(found.values())


def _mailbox(given: Any) -> str:
    address = str(given).strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if "@" not in address:
        address = _parameter(given, "EMAIL")
    address = address.partition("?")[0].strip("<> \"'").lower()[:320]
    return address if "@" in address and not any(blank in address for blank in " \t\n:/") else ""


def _common_name(given: Any, address: str) -> str:
    name = " ".join(_parameter(given, "CN").strip("\"'").split())[:200]
    return "" if name.lower() == address else name


def _part_stat(given: Any) -> PartStat:
    try:
        return PartStat(_parameter(given, "PARTSTAT").lower())
    except ValueError:
        return PartStat.NEEDS_ACTION


def _parameter(given: Any, name: str) -> str:
    try:
        found = given.params.get(name, "")
    except (AttributeError, ValueError):  # a broken property
        return ""
    return str(found[0] if isinstance(found, list) and found else found or "")


def _attachments(component: Component) -> Iterator[Attachment]:
    for given in _listed(component, "ATTACH")[:MAX_ATTACHMENTS]:
        inline = _parameter(given, "VALUE").upper() == "BINARY"
        text = "" if inline else str(given)
        name = _parameter(given, "FILENAME") or _parameter(given, "X-FILENAME") or PurePosixPath(text).name
        size = _parameter(given, "SIZE")
        yield Attachment(
            name.partition("?")[0][:255],
            _parameter(given, "FMTTYPE")[:100],
            int(size) if size.isdecimal() else 0,
        )
