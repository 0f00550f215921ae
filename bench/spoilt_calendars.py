"""What hostile and broken calendars look like: ways to spoil one."""

from __future__ import annotations

import re
from random import Random

from bench.spoilt_bytes import Mutation, flip, insert, line_ends, repeat, strange, truncate

_ICS_DATES = (b"00010101T000000Z", b"99991231T235959Z", b"20260230T250000", b"", b"x", b"20260302", b"-1")
_RRULES = (
    b"FREQ=SECONDLY", b"FREQ=MINUTELY;COUNT=99999999", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", b"FREQ=DAILY;INTERVAL=0",
    b"FREQ=WEEKLY;UNTIL=00010101T000000Z", b"FREQ=YEARLY;BYDAY=53MO;BYWEEKNO=1", b"FREQ=NEVER", b"",
    b"FREQ=DAILY;BYSECOND=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYHOUR=0,1,2,3,4,5,6,7,8,9",
    b"FREQ=DAILY;COUNT=-1", b"FREQ=MONTHLY;BYSETPOS=366;BYDAY=MO", b"FREQ=DAILY;INTERVAL=99999999999999999999",
)  # fmt: skip


def _calendar_date(raw: bytes, random: Random) -> bytes:
    name = random.choice((b"DTSTART", b"DTEND", b"DTSTAMP", b"RECURRENCE-ID", b"EXDATE", b"RDATE"))
    return _in_event(
        raw,
        name + random.choice((b"", b";TZID=No/Where", b";VALUE=DATE")) + b":" + random.choice(_ICS_DATES),
        random,
    )


def _recurrence(raw: bytes, random: Random) -> bytes:
    return _in_event(raw, b"RRULE:" + random.choice(_RRULES), random)


def _version(raw: bytes, random: Random) -> bytes:
    """Another version of an event that is there, before or after it: moved, cancelled, or with a mad sequence."""
    events = re.findall(rb"BEGIN:VEVENT.*?END:VEVENT\r?\n", raw, re.DOTALL)
    if not events:
        return raw
    sequence = random.choice((b"0", b"1", b"99999999999999999999", b"-5", b"x"))
    status = random.choice((b"CANCELLED", b"CONFIRMED", b"TENTATIVE", b"\xff"))
    other = _in_event(random.choice(events), b"SEQUENCE:" + sequence + b"\r\nSTATUS:" + status, random)
    at = random.choice((raw.find(b"BEGIN:VEVENT"), raw.find(b"END:VCALENDAR")))
    return raw[:at] + other + raw[at:]


def _attendees(raw: bytes, random: Random) -> bytes:
    one = b"ATTENDEE;CN=" + strange(random).replace(b"\n", b"") + b":mailto:p%d@crowd.example\r\n"
    many = b"".join(one.replace(b"%d", b"%d" % number) for number in range(random.choice((1, 2_000))))
    return _in_event(raw, many, random)


def _summary(raw: bytes, random: Random) -> bytes:
    return _in_event(raw, b"SUMMARY:" + strange(random) * random.choice((1, 5_000)), random)


def _duration(raw: bytes, random: Random) -> bytes:
    return _in_event(
        raw, b"DURATION:" + random.choice((b"P99999999999D", b"-PT5M", b"PT", b"P1W2D", b"x")), random
    )


def _cancel(raw: bytes, random: Random) -> bytes:
    return raw.replace(
        b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:" + random.choice((b"CANCEL", b"REPLY", b"\x00")), 1
    )


def _own_zone(raw: bytes, random: Random) -> bytes:
    zone = random.choice((b"../../etc/passwd", b"Europe/Lisbon", b"", b"a" * 5_000, b"\x00"))
    return raw.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-TIMEZONE:" + zone, 1)


def _in_event(raw: bytes, line: bytes, random: Random) -> bytes:
    starts = [one.end() for one in re.finditer(rb"BEGIN:VEVENT\r?\n", raw)]
    if not starts:
        return raw
    at = random.choice(starts)
    name = re.match(rb"[A-Z-]*", line)
    rest = re.sub(rb"(?m)^" + (name[0] if name else b"") + rb"[:;].*\n", b"", raw[at:], count=1)
    return raw[:at] + line.rstrip(b"\r\n") + b"\r\n" + rest


CALENDAR: tuple[Mutation, ...] = (
    truncate, flip, insert, repeat, _calendar_date, _recurrence, _version, _attendees, _summary, _duration, _cancel,
    _own_zone, line_ends,
)  # fmt: skip
