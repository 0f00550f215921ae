"""Which of the nudges that stand go into this morning's digest, which wait, and which of them make it go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from recipflow.digest.model import in_order
from recipflow.insight.lives import came_back
from recipflow.model import Nudge, NudgeKind
from recipflow.store import Life

FIRST_DAYS = timedelta(days=30)
"""Of what stood already when the first sync ended, only so much is news; the rest is one page, offered once."""
ALWAYS = frozenset({NudgeKind.THANK, NudgeKind.KEEP_PROMISE})
"""What no quiet day and no cap holds back: it is the user's own word, and somebody's kindness."""
SILENCE = timedelta(days=7)
"""After so long without a digest, one comes though nothing is new: with what was said before, or to say that all is well."""

REST = timedelta(days=3)
"""So long what was said rides along with nothing: who is reminded of the same thing every day stops reading."""

ENOUGH = 3
"""Advice and questions that are read with pleasure over one coffee."""


def questions_beside(count: int) -> int:
    """How many questions, two at most, may come with so much advice; with none, no mail is sent for a question alone."""
    return max(1, min(2, ENOUGH - count)) if count else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What goes into the digest, in its order, and what does not, and why."""

    nudges: tuple[Nudge, ...]
    pressing: frozenset[str] = (
        frozenset()
    )  #: keys of those for which a digest goes out; the others ride along
    again: frozenset[str] = frozenset()  #: keys of those that were said before
    waiting: int = 0  #: that stand, and come another day
    older: tuple[Nudge, ...] = ()  #: from before what is news

    @property
    def nothing(self) -> bool:
        """Whether nothing stands, and nothing waits."""
        return not self.nudges and not self.waiting

    def worth(self, *, silent: bool, quiet: bool) -> bool:
        """Whether it is worth a mail, on a quiet day or after `SILENCE`: what was said before makes none go out by itself."""
        again = silent and bool(self.nudges) and not quiet
        return bool(self.pressing) or again or (silent and self.nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user was told so far, as of a morning."""

    lives: Mapping[str, Life]
    now: datetime
    zone: tzinfo
    rest: timedelta = REST

    @property
    def day(self) -> date:
        """The user's present one."""
        return self.now.astimezone(self.zone).date()

    def said(self, nudge: Nudge) -> bool:
        """Whether the user was told of it before."""
        life = self.lives.get(nudge.key)
        return life is not None and life.shown_count > 0

    def rests(self, nudge: Nudge) -> bool:
        """Whether it was said of late, and not today: it waits."""
        last = self.lives[nudge.key].last_shown if self.said(nudge) else None
        since = self.day - last.astimezone(self.zone).date() if last else timedelta(0)
        return timedelta(0) < since < self.rest and not self.presses(nudge)

    def presses(self, nudge: Nudge) -> bool:
        """Whether it is worth a mail today: it was not said before, was put off until now, or falls due today."""
        life = self.lives.get(nudge.key)
        if life is None or not self.said(nudge):
            return True
        return self.back(nudge) or nudge.facts.get("due") == self.day

    def back(self, nudge: Nudge) -> bool:
        """Whether the user put it off until now, and it was said today at the earliest."""
        life = self.lives.get(nudge.key)
        return life is not None and came_back(life, self.now, self.zone)


def choose(
    nudges: Iterable[Nudge], told: Told, *, began: datetime, quiet: bool, limit: int, of_one: int
) -> Chosen:
    """Of those to be shown: nothing from long before `began` but what was put off, on a quiet day only `ALWAYS`, nothing that
    rests, of one contact at most `of_one`, and `limit` in all; what presses comes before what was said already."""
    shown = in_order(nudge for nudge in nudges if nudge.shown)
    news = [nudge for nudge in shown if _news(nudge, began) or told.back(nudge)]
    older = tuple(nudge for nudge in shown if nudge not in news)
    wanted = [one for one in news if (not quiet or one.kind in ALWAYS) and not told.rests(one)]
    pressing = frozenset(one.key for one in wanted if told.presses(one))
    kept = _capped(sorted(wanted, key=lambda one: one.key not in pressing), of_one)[:limit]
    return Chosen(
        nudges=in_order(kept),
        pressing=pressing & {one.key for one in kept},
        again=frozenset(one.key for one in kept if told.said(one)),
        waiting=len(news) - len(kept),
        older=older,
    )


def from_before(nudges: Iterable[Nudge], began: datetime) -> tuple[Nudge, ...]:
    """Those to be shown that stood long before the first digest: no news, and on a page of their own."""
    return in_order(nudge for nudge in nudges if nudge.shown and not _news(nudge, began))


def _news(nudge: Nudge, began: datetime) -> bool:
    """By what happened last: thanks may be due for something new beside something old."""
    since, day = began - FIRST_DAYS, nudge.facts.get("day")
    return nudge.opens >= since or (isinstance(day, date) and day >= since.date())


def _capped(nudges: Sequence[Nudge], of_one: int) -> list[Nudge]:
    about: Counter[str] = Counter()
    kept = []
    for nudge in nudges:
        about[nudge.contact] += 1
        if nudge.kind in ALWAYS or about[nudge.contact] <= of_one:
            kept.append(nudge)
    return kept
