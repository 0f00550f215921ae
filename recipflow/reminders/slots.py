"""A free slot of the user's working hours, within the time that suits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

STEP = timedelta(minutes=15)
"""Slots begin on the quarter hour."""
NOTICE = timedelta(minutes=30)
"""So soon nobody wants to be surprised by an event."""
LOOK_AHEAD = timedelta(days=60)
"""Further ahead nobody's calendar says anything yet."""

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the user works."""

    zone: tzinfo
    days: Collection[int]  #: of the week, Monday is 0
    begins: time
    ends: time
    length: timedelta


def find(
    opens: datetime,
    closes: datetime,
    busy: Sequence[Interval],
    hours: Hours,
    now: datetime,
    *,
    answering: Collection[int] = (),
) -> Interval | None:
    """The first slot within working hours that is free, between `opens` and `closes`; None when there is none.

    `answering`: the hours of the user's day at which the contact is known to answer; a slot in them goes first.
    """
    free = [
        slot for slot in _slots(max(opens, now + NOTICE), closes, hours, now) if not _overlaps(slot, busy)
    ]
    suits = (slot for slot in free if slot[0].astimezone(hours.zone).hour in answering)
    return next(suits, free[0] if free else None)


def holds(slot: Interval, opens: datetime, closes: datetime, busy: Sequence[Interval]) -> bool:
    """Whether a slot chosen before is still good."""
    return opens <= slot[0] and slot[1] <= closes and not _overlaps(slot, busy)


def _slots(opens: datetime, closes: datetime, hours: Hours, now: datetime) -> Iterator[Interval]:
    closes = min(closes, now + LOOK_AHEAD)
    day, last = opens.astimezone(hours.zone).date(), closes.astimezone(hours.zone).date()
    while day <= last:
        if day.weekday() in hours.days:
            yield from _of_day(day, opens, closes, hours)
        day += timedelta(days=1)


def _of_day(day: date, opens: datetime, closes: datetime, hours: Hours) -> Iterator[Interval]:
    begins = datetime.combine(day, hours.begins, hours.zone).astimezone(UTC)
    ends = min(closes, datetime.combine(day, hours.ends, hours.zone).astimezone(UTC))
    while begins + hours.length <= ends:
        if begins >= opens:
            yield begins, begins + hours.length
        begins += STEP


def _overlaps(slot: Interval, busy: Sequence[Interval]) -> bool:
    return any(begins < slot[1] and slot[0] < ends for begins, ends in busy)
