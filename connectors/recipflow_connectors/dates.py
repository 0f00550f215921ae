"""When a message was sent: the many ways a Date is written, and what to go by when there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from functools import lru_cache

#: Nobody had mail before, nobody has it yet.
FIRST_YEAR, LAST_YEAR = 1970, 2100

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_ZONES = {
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
}
_STANDARD = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s{0,3})?(\d{1,2})[ -]\s?([A-Za-z]{3})[ -]\s?(\d{2,4})\s{1,3}(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?:[.,]\d+)?(?:\s{0,3}([+-]\d{4}|[A-Z]{1,5}))?"
)
_COMMENT = re.compile(r"\([^()]*\)")
_COLON = re.compile(r"\s*:\s*")
_BESIDES = ("resent-date", "delivery-date", "x-original-date", "x-date", "x-received-date", "posted-date")


def sent_at(heads: Mapping[str, list[str]], envelope: str = "") -> datetime | None:
    """The instant of a message: Date, unless it says later than it was received or there was no mail yet."""
    date = first_date(heads.get("date", ()))
    received = _received(heads.get("received", ()))
    if date and received and (date.year < 1990 or date > received + timedelta(days=1)):
        return received
    others = [value for name in _BESIDES for value in heads.get(name, ())]
    return date or received or first_date(others) or parse_date(envelope.partition(" ")[2].strip())


def first_date(values: Iterable[str]) -> datetime | None:
    """The first of the values that is a date one can go by."""
    return next((date for date in map(parse_date, values) if date), None)


def parse_date(value: str) -> datetime | None:
    """A date as mail writes it, in UTC; None if it is none or lies outside of mail's time."""
    value = value.strip()[:200]
    if not value:
        return None
    found = _STANDARD.match(value)
    try:
        if found:
            return _instant(*found.groups())
        return _old_or_odd(value)
    except (ValueError, OverflowError):
        return None


def _instant(
    day: str, month: str, year: str, hour: str, minute: str, second: str | None, zone: str | None
) -> datetime | None:
    number = _MONTHS.get(month.lower())
    if number is None:
        return None
    local = datetime(
        full_year(int(year)), number, int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=UTC
    )
    east = _east(zone or "")
    return _within(local - east if east else local)


def full_year(year: int) -> int:
    """Two digits as RFC 5322 wants them read, three as years since 1900; 0001 is a two-digit year as well."""
    if year < 50:
        return year + 2000
    return year + 1900 if year < 1000 else year


@lru_cache(maxsize=256)
def _east(zone: str) -> timedelta:
    """How far the zone is ahead of UTC."""
    if zone[:1] not in ("+", "-"):
        return timedelta(minutes=_ZONES.get(zone, 0))
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    if minutes > 24 * 60:
        return timedelta()
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)


def _old_or_odd(value: str) -> datetime | None:
    value = _COLON.sub(":", _COMMENT.sub(" ", value)).strip()
    fields = parsedate_tz(value)
    if fields:
        year, month, day, hour, minute, second = fields[:6]
        local = datetime(full_year(year), month, day, hour, minute, min(second, 59), tzinfo=UTC)
        offset = fields[9] or 0
        return _within(local - timedelta(seconds=offset if abs(offset) <= 86_400 else 0))
    moment = datetime.fromisoformat(value)
    return _within(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))


def _within(moment: datetime) -> datetime | None:
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _received(values: Iterable[str]) -> datetime | None:
    """When the user's own server took it: the topmost Received says so, behind its last semicolon."""
    return first_date(value[-200:].rpartition(";")[2] for value in values)
