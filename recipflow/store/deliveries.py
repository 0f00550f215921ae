"""The outbox as rows: what is on its way to the user, who is at work on it, and what became of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recipflow.model import ContactId
from recipflow.store.rows import Row, instant, maybe_instant, maybe_seconds, seconds


class DeliveryForm(StrEnum):
    LETTER = "letter"
    REMINDER = "reminder"
    NOTICE = "notice"
    EVENT = "event"  #: for a hook of the user's


class DeliveryState(StrEnum):
    """Where a delivery is; those a letter never takes are a reminder's."""

    STAGED = "staged"  #: decided, and not yet tried, or tried and surely not done
    SENDING = "sending"  #: tried, and nobody knows yet whether it was done: look before repeating
    DELIVERED = "delivered"
    NOTHING = "nothing"  #: there was nothing to say that day
    FAILED = "failed"  #: given up: its moment is over
    THEIRS = "theirs"  #: the user moved or edited the event: it is only ever removed
    DELETED = "deleted"  #: the user deleted the event
    REMOVING = "removing"  #: the facts took it back; the event still stands
    REMOVED = "removed"
    OVER = "over"  #: the event lies in the past, and stays there


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing through one channel; `key` is what makes it happen once."""

    key: str
    form: DeliveryForm
    channel: str
    state: DeliveryState = DeliveryState.STAGED
    contact: ContactId = ""
    nudge: str = ""
    content: str = ""
    wrote: str = ""
    provider_id: str = ""
    sequence: int = 0
    attempts: int = 0
    attempted_at: datetime | None = None
    next_try: datetime | None = None
    leased_by: str = ""
    leased_until: datetime | None = None
    problem: str = ""
    staged_at: datetime
    settled_at: datetime | None = None


class Deliveries:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def stage(self, one: Delivery) -> bool:
        """Put it into the outbox, in the transaction that decided it; False when that key is there already."""
        added = self._db.execute(
            f"INSERT OR IGNORE INTO delivery ({_COLUMNS}) VALUES ({_PLACES})", _row_of(one)
        )
        return added.rowcount == 1

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Keep these in place of what was known of them."""
        self._db.executemany(
            f"REPLACE INTO delivery ({_COLUMNS}) VALUES ({_PLACES})", map(_row_of, deliveries)
        )

    def drop(self, keys: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM delivery WHERE key = ?", ((one,) for one in keys))

    def get(self, key: str) -> Delivery | None:
        return next(iter(self._found("key = ?", key)), None)

    def lease(self, key: str, owner: str, now: datetime, until: datetime) -> Delivery | None:
        """Take it to work on, alone until then; None when somebody else has it, or it is no longer open."""
        rows = self._db.execute(
            "UPDATE delivery SET leased_by = ?, leased_until = ? WHERE key = ? AND state IN "
            "('staged', 'sending', 'removing') AND (leased_by IN ('', ?) OR leased_until <= ?) "
            f"RETURNING {_COLUMNS}",
            (owner, seconds(until), key, owner, seconds(now)),
        ).fetchall()
        return _delivery(rows[0]) if rows else None

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        """What is to be tried by now, the oldest first."""
        return self._found("next_try <= ? ORDER BY next_try, key", seconds(now))

    def next_try(self) -> datetime | None:
        """When the next of them is to be tried."""
        return maybe_instant(self._db.execute("SELECT min(next_try) FROM delivery").fetchone()[0])

    def of(
        self, form: DeliveryForm, channel: str | None = None, states: Collection[DeliveryState] | None = None
    ) -> tuple[Delivery, ...]:
        """Those of a form, of one channel or all, in some states or any; the oldest first."""
        found = self._found(
            "form = ? AND (? IS NULL OR channel = ?) ORDER BY staged_at, key", form.value, channel, channel
        )
        return tuple(one for one in found if states is None or one.state in states)

    def last(self, form: DeliveryForm, state: DeliveryState) -> Delivery | None:
        """The one settled last."""
        return next(
            iter(
                self._found(
                    "form = ? AND state = ? ORDER BY settled_at DESC, key DESC LIMIT 1",
                    form.value,
                    state.value,
                )
            ),
            None,
        )

    def _found(self, where: str, *values: str | int | None) -> tuple[Delivery, ...]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM delivery WHERE {where}", values)
        return tuple(map(_delivery, rows))


_COLUMNS = (
    "key, form, channel, state, contact, nudge, content, wrote, provider_id, sequence, attempts, attempted_at, "
    "next_try, leased_by, leased_until, problem, staged_at, settled_at"
)
_PLACES = ", ".join("?" * 18)


def _row_of(one: Delivery) -> Row:
    return (
        one.key,
        one.form.value,
        one.channel,
        one.state.value,
        one.contact,
        one.nudge,
        one.content,
        one.wrote,
        one.provider_id,
        one.sequence,
        one.attempts,
        maybe_seconds(one.attempted_at),
        maybe_seconds(one.next_try),
        one.leased_by,
        maybe_seconds(one.leased_until),
        one.problem,
        seconds(one.staged_at),
        maybe_seconds(one.settled_at),
    )


def _delivery(row: Row) -> Delivery:
    key, form, channel, state, contact, nudge, content, wrote, provider_id, sequence, attempts, *rest = row
    attempted, next_try, leased_by, leased_until, problem, staged, settled = rest
    return Delivery(
        key=key,
        form=DeliveryForm(form),
        channel=channel,
        state=DeliveryState(state),
        contact=contact,
        nudge=nudge,
        content=content,
        wrote=wrote,
        provider_id=provider_id,
        sequence=sequence,
        attempts=attempts,
        attempted_at=maybe_instant(attempted),
        next_try=maybe_instant(next_try),
        leased_by=leased_by,
        leased_until=maybe_instant(leased_until),
        problem=problem,
        staged_at=instant(staged),
        settled_at=maybe_instant(settled),
    )
