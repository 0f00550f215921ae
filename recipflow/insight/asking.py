"""Which questions are put to the user today: two at most, none a fourth time, none again once it was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from itertools import chain

from recipflow.insight import WEEK, Standpoint
from recipflow.insight.lives import QUESTIONS, shown_today, silenced, worn
from recipflow.model import Asking, Question
from recipflow.store import Life

MOST = 2
"""Questions in a digest: more would be homework."""

_ORDER = {kind: place for place, kind in enumerate(Asking)}


def questions(
    points: Iterable[Standpoint], lives: Mapping[str, Life], now: datetime, zone: tzinfo, *, alone: bool
) -> tuple[Question, ...]:
    """Every question that stands, those put to the user first and marked as shown.

    What was shown today already stays, and what was answered today is not replaced before tomorrow. `alone` says that
    there is no advice for them to come with: then they come once a week.
    """
    standing = list(chain.from_iterable(point.advice.questions for point in points))
    open_ones = [one for one in standing if _open(lives.get(one.key), now, zone)]
    ordered = sorted(open_ones, key=lambda one: (not _again(one, lives, now, zone), *_rank(one)))
    left = (
        0 if alone and _asked_lately(lives, now, zone) else MOST - _answered_today(ordered, lives, now, zone)
    )
    return tuple(replace(one, shown=place < left) for place, one in enumerate(ordered))


def _open(life: Life | None, now: datetime, zone: tzinfo) -> bool:
    return not silenced(life, now) and not worn(life, now, zone)


def _again(question: Question, lives: Mapping[str, Life], now: datetime, zone: tzinfo) -> bool:
    life = lives.get(question.key)
    return life is not None and shown_today(life, now, zone)


def _rank(question: Question) -> tuple[int, float, str]:
    """By kind, then the newest first: it is remembered best."""
    return _ORDER[question.kind], -question.opens.timestamp(), question.key


def _asked_lately(lives: Mapping[str, Life], now: datetime, zone: tzinfo) -> bool:
    """Within the week, but not today."""
    asked = [life for life in lives.values() if life.kind in QUESTIONS and life.last_shown]
    recent = any(now - life.last_shown < WEEK for life in asked if life.last_shown)
    return recent and not any(shown_today(life, now, zone) for life in asked)


def _answered_today(
    waiting: Iterable[Question], lives: Mapping[str, Life], now: datetime, zone: tzinfo
) -> int:
    known = {one.key for one in waiting}
    asked = (life for life in lives.values() if life.kind in QUESTIONS)
    return sum(life.key not in known and shown_today(life, now, zone) for life in asked)
