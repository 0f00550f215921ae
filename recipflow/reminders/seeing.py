"""What the calendar shows of a reminder, against what we wrote: our own echo, or the user's hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from recipflow.connector import Written
from recipflow.model import NudgeKind
from recipflow.store import Delivery, DeliveryState


class Plan(NamedTuple):
    """An event as it is to be."""

    starts: datetime
    ends: datetime
    title: str
    note: str
    kind: NudgeKind
    put_up: int = 0  #: how often the event was put up under an id of its own before

    def text(self) -> str:
        return json.dumps(
            {
                **self._asdict(),
                "starts": self.starts.isoformat(),
                "ends": self.ends.isoformat(),
                "kind": self.kind.value,
            }
        )


def plan_of(row: Delivery) -> Plan:
    kept: dict[str, Any] = json.loads(row.content)
    times = {name: datetime.fromisoformat(kept[name]) for name in ("starts", "ends")}
    return Plan(**{**kept, **times, "kind": NudgeKind(kept["kind"])})


def wrote_text(written: Written) -> str:
    return json.dumps(
        {**written._asdict(), "starts": written.starts.isoformat(), "ends": written.ends.isoformat()}
    )


def wrote_of(row: Delivery) -> Written | None:
    """The event as the calendar had it when we last knew it to be ours; None: it never was there."""
    if not row.wrote:
        return None
    kept: dict[str, Any] = json.loads(row.wrote)
    times = {name: datetime.fromisoformat(kept[name]) for name in ("starts", "ends")}
    return Written(**{**kept, **times})


@dataclass(frozen=True, slots=True)
class Seen:
    """How a reminder stands after a look, and what the user did."""

    row: Delivery
    snoozed: datetime | None = None  #: the user moved it there
    dismissed: bool = False  #: the user deleted it


def seen(row: Delivery, there: Written | None, now: datetime) -> Seen:
    """What a look at the calendar says of one reminder; `there` is None when its event is not."""
    if row.state is DeliveryState.REMOVING:
        gone = _settled(row, DeliveryState.REMOVED, now)
        nameless = there and there._replace(title="", note="")  # it may be somebody's who was forgotten
        return Seen(replace(row, wrote=wrote_text(nameless)) if nameless else gone)
    if there is None:
        return _gone(row, now)
    known = wrote_of(row)
    if row.state in (DeliveryState.STAGED, DeliveryState.SENDING) and (
        known is None or _times(there) == _times(plan_of(row))
    ):
        return _over(
            Seen(_ours(row, there, now)), there, now
        )  # an answer that was lost, or another computer's
    if known is None or _times(there) != _times(known):
        return _over(Seen(_theirs(row, there, now), snoozed=there.starts), there, now)
    if (there.title, there.note) != (known.title, known.note):
        return _over(Seen(_theirs(row, there, now)), there, now)
    return _over(Seen(_same(row, there)), there, now)


def _gone(row: Delivery, now: datetime) -> Seen:
    known = wrote_of(row)
    if known is None:  # never there: an attempt that failed
        return Seen(replace(row, state=DeliveryState.STAGED))
    if known.ends <= now:
        return Seen(_settled(row, DeliveryState.OVER, now))
    return Seen(_settled(row, DeliveryState.DELETED, now), dismissed=True)


def _over(found: Seen, there: Written, now: datetime) -> Seen:
    """What lies in the past stays there."""
    return Seen(_settled(found.row, DeliveryState.OVER, now), found.snoozed) if there.ends <= now else found


def _ours(row: Delivery, there: Written, now: datetime) -> Delivery:
    plan = plan_of(row)._replace(starts=there.starts, ends=there.ends)
    done = _settled(row, DeliveryState.DELIVERED, now)
    return replace(done, wrote=wrote_text(there), content=plan.text())


def _theirs(row: Delivery, there: Written, now: datetime) -> Delivery:
    return replace(_settled(row, DeliveryState.THEIRS, now), wrote=wrote_text(there))


def _same(row: Delivery, there: Written) -> Delivery:
    """Untouched, though the provider may have given it another etag; a change that failed is tried again."""
    state = DeliveryState.STAGED if row.state is DeliveryState.SENDING else row.state
    return replace(row, state=state, wrote=wrote_text(there))


def _settled(row: Delivery, state: DeliveryState, now: datetime) -> Delivery:
    return replace(row, state=state, next_try=None, settled_at=row.settled_at or now, problem="")


def _times(one: Written | Plan) -> tuple[datetime, datetime]:
    return one.starts, one.ends
