"""Keeping the events in the user's calendar as the facts and the user want them: looked at, decided, then written.

The look comes first, always: what the user moved, edited or deleted is known before anything is written, and a
write whose answer was lost is seen to have been done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recipflow.connector import CalendarCourier, Reminder, Written
from recipflow.errors import AuthNeeded, Changed, TryLater, Uncertain
from recipflow.outbox import reminder_id
from recipflow.outbox.letters import LEASE, RETRY
from recipflow.reminders.seeing import Plan, Seen, plan_of, seen, wrote_of, wrote_text
from recipflow.reminders.slots import LOOK_AHEAD, Hours, Interval, find, holds
from recipflow.reminders.wanted import Wanted
from recipflow.store import Delivery, DeliveryForm, DeliveryState, Store

log = logging.getLogger(__name__)

LIVE = frozenset(
    {
        DeliveryState.STAGED,
        DeliveryState.SENDING,
        DeliveryState.DELIVERED,
        DeliveryState.THEIRS,
        DeliveryState.REMOVING,
    }
)
"""Those that have an event, or may have."""
_TO_WRITE = frozenset({DeliveryState.STAGED, DeliveryState.REMOVING})

Title = Callable[[str], str]
Told = Callable[[Seen], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Keeps the reminders of one channel."""

    store: Store
    channel: str
    courier: CalendarCourier
    hours: Hours
    title: Title  #: the event's title, from the contact's name
    owner: str
    alarm: int | None = None
    answering: Callable[[str], Collection[int]] = lambda _: ()  #: hours at which a contact is known to answer
    told: Told = lambda _: None  #: what the user did to an event, within the transaction that keeps it

    def keep(self, wanted: Mapping[str, Wanted], now: datetime) -> bool:
        """One round; True when all is as it should be. Raises `TryLater` or `AuthNeeded` when it cannot look."""
        rows = self.store.deliveries.of(DeliveryForm.REMINDER, self.channel)
        if not wanted and not any(row.state in LIVE for row in rows):
            return True
        there = {one.id: one for one in self.courier.written()}
        busy = [(one.starts, one.ends) for one in self.courier.busy(now, now + LOOK_AHEAD)] if wanted else []
        with self.store.transaction():
            looked = [self._look(row, there, now) for row in rows if row.state in LIVE]
            self.store.deliveries.put(looked)
            self._decide(wanted, busy, now)
        to_write = self.store.deliveries.of(DeliveryForm.REMINDER, self.channel, _TO_WRITE)
        done = [self._write(row.key, now) for row in to_write]
        return all(done)

    def _look(self, row: Delivery, there: Mapping[str, Written], now: datetime) -> Delivery:
        found = seen(row, there.get(row.provider_id), now)
        if found.snoozed or found.dismissed:
            self.told(found)
        return found.row

    def _decide(self, wanted: Mapping[str, Wanted], busy: Iterable[Interval], now: datetime) -> None:
        rows = {row.key: row for row in self.store.deliveries.of(DeliveryForm.REMINDER, self.channel)}
        taken = [*busy, *_taken(rows.values())]
        for key in sorted(rows.keys() - wanted.keys()):
            self._take_back(rows[key])
        for key, one in sorted(wanted.items(), key=lambda pair: (pair[1].opens, pair[0])):
            planned = self._planned(rows.get(key), one, taken, now)
            if planned is not None:
                self.store.deliveries.put([planned])
            if planned is not None and planned.state is DeliveryState.STAGED:
                plan = plan_of(planned)
                taken.append((plan.starts, plan.ends))

    def _take_back(self, row: Delivery) -> None:
        if row.state not in LIVE or row.state is DeliveryState.REMOVING:
            return
        if row.attempts:
            self.store.deliveries.put([replace(row, state=DeliveryState.REMOVING, next_try=None)])
        else:
            self.store.deliveries.drop([row.key])

    def _planned(
        self, row: Delivery | None, one: Wanted, taken: list[Interval], now: datetime
    ) -> Delivery | None:
        """The row with another place for its event, or None when all may stay as it is."""
        if row is not None and row.state not in (
            DeliveryState.DELIVERED,
            DeliveryState.STAGED,
            DeliveryState.REMOVED,
        ):
            return None
        kept = plan_of(row) if row and row.content else None
        if row and kept and row.state is not DeliveryState.REMOVED:
            own = (kept.starts, kept.ends)
            taken.remove(own)
            begun = kept.starts <= now and row.state is DeliveryState.DELIVERED
            if begun or (kept.starts > now and holds(own, one.opens, one.closes, taken)):
                taken.append(own)
                return None
        slot = find(one.opens, one.closes, taken, self.hours, now, answering=self.answering(one.contact))
        if slot is None:
            return _left(row, kept, one, taken)
        again = (
            kept.put_up + 1
            if row and kept and row.state is DeliveryState.REMOVED
            else kept.put_up
            if kept
            else 0
        )
        plan = Plan(*slot, self.title(one.name), f"recipflow why {one.key}", one.kind, again)
        return self._staged(row, one, plan, now)

    def _staged(self, row: Delivery | None, one: Wanted, plan: Plan, now: datetime) -> Delivery:
        fresh = Delivery(
            key=one.key,
            form=DeliveryForm.REMINDER,
            channel=self.channel,
            contact=one.contact,
            nudge=one.key,
            content=plan.text(),
            provider_id=reminder_id(one.key, plan.put_up),
            staged_at=now,
        )
        if row is None or row.state is DeliveryState.REMOVED:
            return fresh
        return replace(row, state=DeliveryState.STAGED, content=plan.text(), settled_at=None)

    def _write(self, key: str, now: datetime) -> bool:
        """Write or remove one event; what became of it is kept at once. False when it has to be tried again."""
        with self.store.transaction():
            row = self.store.deliveries.lease(key, self.owner, now, now + LEASE)
            if row is None:
                return False
            sending = DeliveryState.SENDING if row.state is DeliveryState.STAGED else row.state
            row = replace(row, state=sending, attempts=row.attempts + 1, attempted_at=now)
            self.store.deliveries.put([row])
        try:
            done = self._removed(row, now) if row.state is DeliveryState.REMOVING else self._written(row, now)
        except (TryLater, AuthNeeded, Uncertain, Changed) as problem:
            done = self._again(row, now, problem)
        except Exception as problem:
            log.debug("a reminder could not be written", exc_info=problem)
            done = self._again(row, now, problem)
        with self.store.transaction():
            self.store.deliveries.put([replace(done, leased_by="", leased_until=None)])
        return done.next_try is None

    def _written(self, row: Delivery, now: datetime) -> Delivery:
        plan, known = plan_of(row), wrote_of(row)
        reminder = Reminder(
            id=row.provider_id,
            starts=plan.starts,
            ends=plan.ends,
            title=plan.title,
            note=plan.note,
            alarm_minutes=self.alarm,
            sequence=row.sequence + 1 if known else row.sequence,
        )
        try:
            written = self.courier.write(reminder, etag=known.etag if known else None)
        except Changed:
            if known is None and row.provider_id not in {one.id for one in self.courier.written()}:
                return self._elsewhere(row, plan, now)
            raise
        return replace(
            row,
            state=DeliveryState.DELIVERED,
            wrote=wrote_text(written),
            sequence=reminder.sequence,
            next_try=None,
            settled_at=now,
            problem="",
        )

    def _elsewhere(self, row: Delivery, plan: Plan, now: datetime) -> Delivery:
        """The id of an event that was deleted is refused for ever: the next one is free."""
        again = plan._replace(put_up=plan.put_up + 1)
        return replace(
            row,
            state=DeliveryState.STAGED,
            content=again.text(),
            provider_id=reminder_id(row.key, again.put_up),
            next_try=now,
        )

    def _removed(self, row: Delivery, now: datetime) -> Delivery:
        known = wrote_of(row)
        self.courier.remove(row.provider_id, etag=known.etag if known else None)
        return replace(row, state=DeliveryState.REMOVED, next_try=None, settled_at=now, problem="")

    def _again(self, row: Delivery, now: datetime, problem: Exception) -> Delivery:
        said = problem.after if isinstance(problem, TryLater) else None
        wait = timedelta(seconds=said) if said is not None else RETRY[min(row.attempts, len(RETRY)) - 1]
        return replace(row, next_try=now + wait, problem=str(problem) or type(problem).__name__)


def _left(row: Delivery | None, kept: Plan | None, one: Wanted, taken: list[Interval]) -> Delivery | None:
    """Without another place, an event that would ring before its time is taken away; any other stays where it is."""
    if row is None or kept is None or row.state is DeliveryState.REMOVED:
        return None
    if kept.starts < one.opens:
        return replace(row, state=DeliveryState.REMOVING, next_try=None)
    taken.append((kept.starts, kept.ends))
    return None


def _taken(rows: Iterable[Delivery]) -> list[Interval]:
    """Where our own events lie, or are to lie."""
    plans = [plan_of(row) for row in rows if row.state in (DeliveryState.DELIVERED, DeliveryState.STAGED)]
    return [(plan.starts, plan.ends) for plan in plans]
