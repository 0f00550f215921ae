"""Taking every event of ours out of a calendar, and the calendar with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from recipflow.connector import CalendarCourier, Vacated, Vacating
from recipflow.reminders.keeping import LIVE
from recipflow.store import DeliveryForm, DeliveryState, Store

THERE = LIVE | {DeliveryState.OVER}
"""Those whose event lies in the calendar, or may."""


class Cleaned(NamedTuple):
    """How many events there were, and what became of the calendar."""

    events: int
    calendar: Vacated


def clean(store: Store, channel: str, courier: CalendarCourier, now: datetime) -> Cleaned:
    """Remove all that the courier knows to be ours, whatever became of it, and then the calendar, if we made it."""
    there = courier.written()
    for one in there:
        courier.remove(one.id, etag=None)
    calendar = courier.vacate() if isinstance(courier, Vacating) else Vacated.NEVER
    rows = store.deliveries.of(DeliveryForm.REMINDER, channel, THERE)
    with store.transaction():
        store.deliveries.put(
            replace(row, state=DeliveryState.REMOVED, next_try=None, settled_at=now) for row in rows
        )
    return Cleaned(len(there), calendar)


def said_of(calendar: Vacated) -> str:
    """What is to be said of the calendar; "" where there was none."""
    return _SAID.get(calendar, "")


_SAID = {
    Vacated.GONE: 'the calendar "recipflow" is removed, too',
    Vacated.THEIRS: 'the calendar "recipflow" stays, for recipflow did not make it',
    Vacated.USED: 'the calendar "recipflow" stays, for there are events of yours in it',
    Vacated.HELD: 'the calendar "recipflow" stays: its server does not let recipflow remove it, so do that where you see it',
}
