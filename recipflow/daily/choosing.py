"""Which of the nudges that stand go into this morning's digest, and which wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recipflow.digest.model import in_order
from recipflow.model import Nudge, NudgeKind

FIRST_DAYS = timedelta(days=30)
"""Of what stood already when the first sync ended, only so much is news; the rest is one page, offered once."""
ALWAYS = frozenset({NudgeKind.THANK, NudgeKind.KEEP_PROMISE})
"""What no quiet day and no cap holds back: it is the user's own word, and somebody's kindness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What goes into the digest, in its order, and what does not, and why."""

    nudges: tuple[Nudge, ...]
    waiting: int = 0  #: that stand, and come another day
    older: tuple[Nudge, ...] = ()  #: from before what is news


def choose(nudges: Iterable[Nudge], *, began: datetime, quiet: bool, limit: int, of_one: int) -> Chosen:
    """Of those to be shown: nothing from long before `began`, on a quiet day only `ALWAYS`, of one contact at most
    `of_one`, and `limit` in all."""
    shown = in_order(nudge for nudge in nudges if nudge.shown)
    older = tuple(nudge for nudge in shown if nudge.opens < began - FIRST_DAYS)
    news = [nudge for nudge in shown if nudge.opens >= began - FIRST_DAYS]
    kept = _capped([one for one in news if not quiet or one.kind in ALWAYS], of_one)[:limit]
    return Chosen(nudges=tuple(kept), waiting=len(news) - len(kept), older=older)


def _capped(nudges: Sequence[Nudge], of_one: int) -> list[Nudge]:
    about: Counter[str] = Counter()
    kept = []
    for nudge in nudges:
        about[nudge.contact] += 1
        if nudge.kind in ALWAYS or about[nudge.contact] <= of_one:
            kept.append(nudge)
    return kept
