"""Days as people count them: the user's own zone, working days without the weekend."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import ceil

DAY = 86_400.0
SATURDAY = 5


def instant(days: float) -> datetime:
    """The aware instant, in UTC, of a time in days since the epoch."""
    return datetime.fromtimestamp(days * DAY, UTC)


def whole(days: float) -> datetime:
    """The first whole second that is not before that time."""
    return datetime.fromtimestamp(ceil(round(days * DAY, 3)), UTC)


def start_of(day: date, zone: tzinfo) -> float:
    """Midnight at which `day` begins in `zone`, in days since the epoch."""
    return datetime.combine(day, time(), zone).timestamp() / DAY


def end_of(day: date, zone: tzinfo) -> float:
    """Midnight at which `day` ends: not always 24 hours after it began."""
    return start_of(day + timedelta(days=1), zone)


def local_date(days: float, zone: tzinfo) -> date:
    """The day it is in `zone` at that time."""
    return instant(days).astimezone(zone).date()


def after_working_days(days: float, count: int, zone: tzinfo) -> float:
    """The morning of the `count`-th working day after that time: two working days after a Thursday is Monday."""
    day = local_date(days, zone)
    for _ in range(count):
        day = _next_working(day)
    return start_of(day, zone)


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
