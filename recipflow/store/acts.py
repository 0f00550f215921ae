"""An act as a row, and a row as an act."""

from __future__ import annotations

from datetime import date

from recipflow.model import Act, ActType, Flag, Kind, Side
from recipflow.store.rows import Row

COLUMNS = 19
# Far quicker than to call an enumeration, and each act asks three.
_SIDES = {one.value: one for one in Side}
_ACTS = {one.value: one for one in ActType}
_KINDS = {one.value: one for one in Kind}
_NO_FLAGS: frozenset[Flag] = frozenset()


def act_row(key: int, number: int, act: Act) -> Row:
    """The columns of `act`: of the interaction with that key, so far down in its text."""
    return (
        key,
        number,
        act.contact,
        act.by.value,
        act.act.value,
        act.kind and act.kind.value,
        act.size,
        int(act.routine),
        int(act.notable),
        " ".join(sorted(act.flags)),
        act.quote,
        act.rule,
        act.position,
        iso(act.due),
        iso(act.about),
        act.confidence,
        act.notable_confidence,
        act.large_confidence,
        int(act.counts),
    )


def act_of(row: Row) -> Act:
    """From the columns of `act`."""
    _, _, contact, by, act, kind, size, routine, notable, flags, quote, rule, position, due, about, *rest = (
        row
    )
    confidence, notable_confidence, large_confidence, counts = rest
    return Act(
        contact=contact,
        by=_SIDES[by],
        act=_ACTS[act],
        kind=_KINDS[kind] if kind else None,
        size=size,
        routine=bool(routine),
        notable=bool(notable),
        flags=frozenset(map(Flag, flags.split())) if flags else _NO_FLAGS,
        quote=quote,
        rule=rule,
        position=position,
        due=day_of(due),
        about=day_of(about),
        confidence=confidence,
        notable_confidence=notable_confidence,
        large_confidence=large_confidence,
        counts=bool(counts),
    )


def iso(day: date | None) -> str | None:
    """A day as it is kept."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """The other way round."""
    return None if text is None else date.fromisoformat(text)
