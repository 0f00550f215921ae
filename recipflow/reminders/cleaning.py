"""Taking every event of ours out of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from recipflow.connector import CalendarCourier
from recipflow.reminders.keeping import LIVE
from recipflow.store import DeliveryForm, DeliveryState, Store

THERE = LIVE | {DeliveryState.OVER}
"""Those whose event lies in the calendar, or may."""


def clean(store: Store, channel: str, courier: CalendarCourier, now: datetime) -> int:
    """Remove all that the courier knows to be ours, whatever became of it; says how many there were."""
    there = courier.written()
    for one in there:
        courier.remove(one.id, etag=None)
    rows = store.deliveries.of(DeliveryForm.REMINDER, channel, THERE)
    with store.transaction():
        store.deliveries.put(
            replace(row, state=DeliveryState.REMOVED, next_try=None, settled_at=now) for row in rows
        )
    return len(there)
