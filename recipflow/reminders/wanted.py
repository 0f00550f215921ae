"""Which times are worth an event, under which key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from recipflow.advice import WINDOWS, opened, windows_shown
from recipflow.insight import Standpoint
from recipflow.insight.lives import dismissed, silenced
from recipflow.model import Nudge, NudgeKind
from recipflow.store import Life, LifeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A time that suits, and what it is for."""

    key: str  #: of the reminder: contact, kind, episode
    kind: NudgeKind
    contact: str
    name: str
    opens: datetime
    closes: datetime


def wanted(points: Iterable[Standpoint], lives: Mapping[str, Life], now: datetime) -> dict[str, Wanted]:
    """By key: the windows of people the user cares about, but what the user has put away for good."""
    away = dismissed(lives.values(), now)
    found: dict[str, Wanted] = {}
    for point in points:
        for nudge in _windows(point):
            one = _later(_wanted(point, nudge), lives, now)
            if not _unwanted(point, {nudge.kind, one.kind}, away) and not (
                _over(lives.get(nudge.key)) or _over(lives.get(one.key))
            ):
                found[one.key] = one
    return found


def _windows(point: Standpoint) -> Iterator[Nudge]:
    if windows_shown(point.contact):
        yield from (nudge for nudge in point.advice.nudges if nudge.kind in WINDOWS)


def _unwanted(point: Standpoint, kinds: Iterable[NudgeKind], away: frozenset[tuple[str, str]]) -> bool:
    return any((address, kind.value) in away for address in point.contact.addresses for kind in kinds)


def _wanted(point: Standpoint, nudge: Nudge) -> Wanted:
    """The window that opens soon is the one that will be open: one event for both."""
    opens, closes = nudge.opens, nudge.closes
    if nudge.kind is NudgeKind.ASK_SOON:
        opens = nudge.closes or nudge.opens
        closes = max(_end(nudge) or opens, opens + timedelta(days=1))
    return Wanted(
        key=opened(nudge).key,
        kind=NudgeKind.ASK_NOW if nudge.kind is NudgeKind.ASK_SOON else nudge.kind,
        contact=nudge.contact,
        name=point.contact.name,
        opens=opens,
        closes=closes or opens + timedelta(days=7),
    )


def _later(one: Wanted, lives: Mapping[str, Life], now: datetime) -> Wanted:
    """What was snoozed is not to ring before it is back."""
    life = lives.get(one.key)
    if life is None or life.state is not LifeState.SNOOZED or not silenced(life, now) or life.until is None:
        return one
    return replace(one, opens=max(one.opens, life.until))


def _end(nudge: Nudge) -> datetime | None:
    """A window that is not open yet tells its last day: it ends as that day begins."""
    day = nudge.facts.get("due")
    return datetime.combine(day, time(), UTC) if isinstance(day, date) else None


def _over(life: Life | None) -> bool:
    return life is not None and life.state in (LifeState.DONE, LifeState.DISMISSED)
