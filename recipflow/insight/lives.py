"""What became of a nudge, and what follows for showing it: three mornings in its life, unless the user said otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from recipflow.model import Asking, Nudge, Question
from recipflow.store import Life, LifeState

MOST_SHOWN = 3
"""Days on which one nudge is shown (DESIGN.md)."""

QUESTIONS = frozenset(kind.value for kind in Asking)
"""The kinds under which the lives of questions are kept, beside those of nudges."""
_WAITING = frozenset({LifeState.SNOOZED, LifeState.DISMISSED})


def silenced(life: Life | None, now: datetime) -> bool:
    """Whether the user put it away: done, or snoozed or dismissed until later or for good.

    What expired and stands again is the same advice, shown as often as it was.
    """
    if life is None:
        return False
    if life.state in _WAITING:
        return life.until is None or now < life.until
    return life.state is LifeState.DONE


def dismissed(lives: Iterable[Life], now: datetime) -> frozenset[tuple[str, str]]:
    """The kinds, each with its contact, that the user wants to hear nothing of for a while."""
    kept_away = (life for life in lives if life.state is LifeState.DISMISSED and life.until)
    return frozenset((life.contact, life.kind) for life in kept_away if silenced(life, now))


def came_back(life: Life, now: datetime, zone: tzinfo) -> bool:
    """Whether the user put it off until now, and was not shown it before today: a look does not count for the digest."""
    if life.state in _WAITING:
        return not silenced(life, now)
    return life.state is LifeState.SHOWN and life.until is not None and shown_today(life, now, zone)


def worn(life: Life | None, now: datetime, zone: tzinfo) -> bool:
    """Whether it was shown often enough; on the day of the last time it stays where it was, and what was put off comes."""
    if life is None or life.state is LifeState.SNOOZED:
        return False
    return life.shown_count >= MOST_SHOWN and not shown_today(life, now, zone)


def shown(
    nudges: Iterable[Nudge | Question], lives: Mapping[str, Life], now: datetime, zone: tzinfo
) -> list[Life]:
    """The lives that change by these nudges and questions being shown now: each counts once a day."""
    known = [
        lives.get(nudge.key) or Life(key=nudge.key, kind=nudge.kind.value, contact=nudge.contact)
        for nudge in nudges
    ]
    return shown_again(known, now, zone)


def shown_again(lives: Iterable[Life], now: datetime, zone: tzinfo) -> list[Life]:
    """Those of these lives that change by being shown now."""
    return [_shown(life, now) for life in lives if not shown_today(life, now, zone)]


def begun(nudges: Iterable[Nudge | Question], lives: Mapping[str, Life]) -> list[Life]:
    """The lives that begin with these nudges, or go on after they were thought to be over."""
    standing = list(nudges)
    fresh = [
        Life(key=nudge.key, kind=nudge.kind.value, contact=nudge.contact)
        for nudge in standing
        if nudge.key not in lives
    ]
    known = [lives[nudge.key] for nudge in standing if nudge.key in lives]
    return [*fresh, *(_standing(life) for life in known if life.state is LifeState.EXPIRED)]


def ended(standing: Collection[str], lives: Iterable[Life]) -> list[Life]:
    """Of these lives, those whose nudge stands no more though the user said nothing of it. Questions are no nudges."""
    return [
        replace(life, state=LifeState.EXPIRED, until=None)
        for life in lives
        if life.kind not in QUESTIONS
        and life.key not in standing
        and life.state in (LifeState.NEW, LifeState.SHOWN)
    ]


def _standing(life: Life) -> Life:
    return replace(life, state=LifeState.SHOWN if life.shown_count else LifeState.NEW)


def _shown(life: Life, now: datetime) -> Life:
    fresh = life.state in (LifeState.NEW, LifeState.EXPIRED) or (
        life.state in _WAITING and not silenced(life, now)
    )
    # if it was put off, it came back before today
    before = life.state in (LifeState.SHOWN, LifeState.EXPIRED)
    return replace(
        life,
        state=LifeState.SHOWN if fresh else life.state,
        until=None if before else life.until,
        shown_count=life.shown_count + 1,
        first_shown=life.first_shown or now,
        last_shown=now,
    )


def shown_today(life: Life, now: datetime, zone: tzinfo) -> bool:
    """Whether it was shown on the day that `now` lies in."""
    last = life.last_shown
    return last is not None and last.astimezone(zone).date() == now.astimezone(zone).date()
