"""What became of a nudge, and what follows for showing it: three mornings in its life, unless the user said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from recipflow.model import Nudge
from recipflow.store import Life, LifeState

MOST_SHOWN = 3
"""Days on which one nudge is shown (DESIGN.md)."""

_OVER = frozenset({LifeState.DONE, LifeState.EXPIRED})
_WAITING = frozenset({LifeState.SNOOZED, LifeState.DISMISSED})


def silenced(life: Life | None, now: datetime) -> bool:
    """Whether the user put it away: done, or snoozed or dismissed until later or for good."""
    if life is None:
        return False
    if life.state in _WAITING:
        return life.until is None or now < life.until
    return life.state in _OVER


def dismissed(lives: Iterable[Life], now: datetime) -> frozenset[tuple[str, str]]:
    """The kinds, each with its contact, that the user wants to hear nothing of for a while."""
    kept_away = (life for life in lives if life.state is LifeState.DISMISSED and life.until)
    return frozenset((life.contact, life.kind) for life in kept_away if silenced(life, now))


def worn(life: Life | None, now: datetime, zone: tzinfo) -> bool:
    """Whether it was shown often enough; on the day of the last time it stays where it was."""
    return life is not None and life.shown_count >= MOST_SHOWN and not _shown_today(life, now, zone)


def shown(nudges: Iterable[Nudge], lives: Mapping[str, Life], now: datetime, zone: tzinfo) -> list[Life]:
    """The lives that change by these nudges being shown now: each counts once a day."""
    known = [
        lives.get(nudge.key) or Life(key=nudge.key, kind=nudge.kind.value, contact=nudge.contact)
        for nudge in nudges
    ]
    return [_shown(life, now) for life in known if not _shown_today(life, now, zone)]


def _shown(life: Life, now: datetime) -> Life:
    fresh = life.state is LifeState.NEW or (life.state in _WAITING and not silenced(life, now))
    return replace(
        life,
        state=LifeState.SHOWN if fresh else life.state,
        shown_count=life.shown_count + 1,
        first_shown=life.first_shown or now,
        last_shown=now,
    )


def _shown_today(life: Life, now: datetime, zone: tzinfo) -> bool:
    last = life.last_shown
    return last is not None and last.astimezone(zone).date() == now.astimezone(zone).date()
