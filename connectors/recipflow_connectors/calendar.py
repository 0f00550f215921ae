"""An .ics file into Meetings: every event, every instance of a series, one broken event never losing the others."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from time import process_time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recipflow.connector import SetAside
from recipflow.model import Meeting
from recipflow_connectors import events, rrules, series
from recipflow_connectors.headers import addresses_in

if TYPE_CHECKING:
    from icalendar import Calendar, Component

#: Seconds for rules that never come true, before no more rules of this calendar are followed.
_PATIENCE = 5.0
_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]*\s*(?:;[^:\n]*(?:\"[^\"\n]*\"[^:\n]*)*)?:")
_UID = re.compile(rb"^UID[^:\n]*:([^\n]*)", re.IGNORECASE | re.MULTILINE)
_FRAME = re.compile(rb"^(?:METHOD|X-WR-TIMEZONE|PRODID|VERSION)\s*[:;][^\n]*$", re.IGNORECASE | re.MULTILINE)


def meetings(ics: bytes, now: datetime, zone: tzinfo) -> tuple[tuple[Meeting, ...], tuple[SetAside, ...]]:
    """The meetings of a calendar and what could not be read of it, all at once: `read` gives them one by one."""
    found: list[Meeting] = []
    aside: list[SetAside] = []
    for item in read(ics, now, zone):
        if isinstance(item, SetAside):
            aside.append(item)
        else:
            found.append(item)
    return tuple(found), tuple(aside)


def read(ics: bytes, now: datetime, zone: tzinfo) -> Iterator[Meeting | SetAside]:
    """The meetings of a calendar, series expanded to 60 days after `now`, and what could not be read.

    `zone` is that of times which name none, unless the calendar says its own. Never raises on the account of `ics`.
    A calendar without any event is set aside with that reason.
    """
    empty = True
    for calendar in _calendars(ics.replace(b"\x00", b"")):
        items = (calendar,) if isinstance(calendar, SetAside) else _of_calendar(calendar, now, zone)
        for item in items:
            empty = False
            yield item
    if empty:
        yield SetAside("", "a calendar without events")


def _of_calendar(calendar: Calendar, now: datetime, zone: tzinfo) -> Iterator[Meeting | SetAside]:
    zone = _own_zone(calendar) or zone
    cancels = str(calendar.get("METHOD", "")).upper() == "CANCEL"
    horizon = now.astimezone(UTC) + rrules.AHEAD
    by_uid: dict[str, list[Component]] = {}
    for component in calendar.walk("VEVENT"):
        by_uid.setdefault(events.uid(component), []).append(component)
    wasted = 0.0  # seconds on rules that gave nothing
    for uid, components in by_uid.items():
        if not any(series.recurs(component) for component in components):
            yield from _guarded(uid, components, events.single(uid, components, zone, cancels=cancels))
            continue
        one = series.Series(uid=uid, components=components, horizon=horizon, zone=zone, cancels=cancels)
        before = process_time()
        found = list(_guarded(uid, components, series.expand(one, follow=wasted < _PATIENCE)))
        wasted += 0.0 if len(found) > 1 else process_time() - before
        yield from found


def _guarded(
    uid: str, components: Iterable[Component], items: Iterator[Meeting | SetAside]
) -> Iterator[Meeting | SetAside]:
    """One broken event never loses the others; of what is set aside it is said whom the event names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # icalendar warns of what it guesses
        try:
            found = list(items)
        except Exception as fault:  # noqa: BLE001  (of many kinds, all of them the event's)
            found = [SetAside(f"event {uid[:100]}", f"too broken to be read ({type(fault).__name__})")]
    for one in found:
        yield one._replace(who=_who(components)) if isinstance(one, SetAside) else one


def _who(components: Iterable[Component]) -> tuple[str, ...]:
    named = [component.get(name, "") for component in components for name in ("ORGANIZER", "ATTENDEE")]
    return addresses_in(str(named))


def _own_zone(calendar: Calendar) -> tzinfo | None:
    try:
        return ZoneInfo(str(calendar["X-WR-TIMEZONE"]))
    except (KeyError, ValueError, OSError):
        return None


def _calendars(ics: bytes) -> Iterator[Calendar | SetAside]:
    from icalendar import Calendar

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            whole = [one for one in Calendar.from_ical(ics, multiple=True) if isinstance(one, Calendar)]
        except Exception:  # noqa: BLE001  (icalendar raises of many kinds; each event is then read for itself)
            whole = []
    if whole:
        yield from whole
    else:
        yield from _one_by_one(ics)


def _one_by_one(ics: bytes) -> Iterator[Calendar | SetAside]:
    """Each UID's events as a calendar of their own, its broken lines left out when it cannot be read with them."""
    ics = ics.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    frame = b"\n".join(one[0] for one in _FRAME.finditer(ics.partition(b"BEGIN:VEVENT")[0]))
    zones = b"\n".join(_blocks(ics, b"VTIMEZONE"))
    blocks: dict[bytes, list[bytes]] = {}
    for number, block in enumerate(_blocks(ics, b"VEVENT")):
        for alarm in _blocks(block, b"VALARM"):
            block = block.replace(alarm + b"\n", b"")
        line = _UID.search(block)
        blocks.setdefault(line[1] if line else str(number).encode(), []).append(block)
    if not blocks:
        yield SetAside("", "there is no event in it, or none that is whole")
    for key, parts in blocks.items():
        calendar = _mended(frame, zones, parts)
        who = addresses_in(b"\n".join(parts).decode("utf-8", "replace"))
        where = f"event {key[:100].decode('utf-8', 'replace')}"
        yield calendar or SetAside(where, "too broken to be read", who)


def _blocks(ics: bytes, name: bytes) -> Iterator[bytes]:
    """The components of that name, from BEGIN to END, by plain search: linear whatever is nested in what."""
    capital = ics.upper()
    end = 0
    while (start := capital.find(b"BEGIN:" + name + b"\n", end)) >= 0:
        end = capital.find(b"\nEND:" + name, start)
        if end < 0:
            return
        end += 5 + len(name)
        yield ics[start:end]


def _mended(frame: bytes, zones: bytes, parts: list[bytes]) -> Calendar | None:
    from icalendar import Calendar

    unfolded = re.sub(rb"\n[ \t]", b"", b"\n".join(parts))
    well_formed = b"\n".join(line for line in unfolded.split(b"\n") if _LINE.match(line))
    for content in (b"\n".join((zones, *parts)), b"\n".join((zones, well_formed)), well_formed):
        text = b"\n".join((b"BEGIN:VCALENDAR", frame, content, b"END:VCALENDAR", b""))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return Calendar.from_ical(text)
            except Exception:  # noqa: BLE001, S112  (as above: the next, plainer form is tried)
                continue
    return None
