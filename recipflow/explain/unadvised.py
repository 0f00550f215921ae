"""Why a kind of advice does not stand, or stands and is not shown; and until when that will be so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from recipflow.advice import WINDOWS, Held, windows_shown
from recipflow.advice.days import instant
from recipflow.explain.portrait import Painter
from recipflow.insight import Standpoint
from recipflow.insight.lives import dismissed, silenced
from recipflow.model import Asking, Nudge, NudgeKind, Tag
from recipflow.store import Life

KINDS = tuple(NudgeKind)
"""The kinds of advice, in the digest's order."""


_ASKED = {
    Asking.THEIR_ASK: NudgeKind.REPLY_OWED,
    Asking.MY_PROMISE: NudgeKind.KEEP_PROMISE,
    Asking.FAVOUR: NudgeKind.THANK,
    Asking.THEIR_PROMISE: NudgeKind.AWAITED,
    Asking.MY_ASK: NudgeKind.FOLLOW_UP,
}
"""The advice that each question stands in the place of."""


class Reason(NamedTuple):
    """Why there is no advice of this kind to be seen."""

    kind: NudgeKind
    title: str  #: what the digest calls such advice
    reason: str
    until: datetime | None = None


def reasons_of(
    point: Standpoint, nudges: Sequence[Nudge], lives: Mapping[str, Life], painter: Painter, *, numbers: bool
) -> Iterator[Reason]:
    """One for every kind that is not shown of this contact now; none where the user wants no advice: that is the reason."""
    if Tag.NEVER in point.contact.tags:
        return
    for kind in KINDS:
        standing = [one for one in nudges if one.kind is kind]
        if any(one.shown for one in standing):
            continue
        title = painter.wording.section(kind)
        if standing:
            why, until = unseen(point, standing[0], lives, painter.now)
            reason = painter.unseen(why)
        else:
            reason, until = _held(point, kind, painter, numbers=numbers)
        yield Reason(kind, title, reason, until)


def _held(
    point: Standpoint, kind: NudgeKind, painter: Painter, *, numbers: bool
) -> tuple[str, datetime | None]:
    """What holds it back: of several, what ends first."""
    held = [one for one in point.advice.held if one.kind is kind]
    if any(_ASKED.get(one.kind) is kind for one in point.advice.questions):
        return painter.doubted(kind), None
    if not held:
        return painter.nothing(kind), None
    first = min(held, key=_ends)
    said = painter.held(first, numbers=numbers)
    return said, None if first.until is None else instant(first.until)


def _ends(held: Held) -> float:
    return float("inf") if held.until is None else held.until


def unseen(
    point: Standpoint, nudge: Nudge, lives: Mapping[str, Life], now: datetime
) -> tuple[str, datetime | None]:
    """It stands, and is not shown: the key of its sentence, and until when."""
    life = lives.get(nudge.key)
    if life is not None and silenced(life, now):
        return life.state.value, life.until
    away = dismissed(lives.values(), now)
    if any((address, nudge.kind.value) in away for address in point.contact.addresses):
        return "unwanted", None
    if nudge.kind in WINDOWS and not windows_shown(point.contact):
        return "unwatched", None
    return "worn", None
