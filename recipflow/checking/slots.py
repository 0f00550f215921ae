"""A moment of a working day at which a mail is read, in the reader's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

MORNING = time(10)
EVENING = time(16)
"""Between these hours somebody at work has time to answer. Ours."""
_SATURDAY = 5


def morning_after(at: datetime, zone: tzinfo) -> datetime:
    """`at` itself within the hours of a working day, else the next such morning."""
    local = at.astimezone(zone)
    if local.weekday() < _SATURDAY and MORNING <= local.time() < EVENING:
        return at
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
