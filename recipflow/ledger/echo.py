"""What came back after each entry: it says what a give of mine was worth to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recipflow.ledger.answers import content_words
from recipflow.ledger.lone import lone_thanks
from recipflow.ledger.relationship import DAY
from recipflow.model import ActType, Entry, Flag, Side

PRAISE_DAYS = 120.0
"""Days within which a warm word is still about a give of mine. Ours."""
KEPT_PRAISE = 12
"""Warm words looked back from: the pass stays linear in the ledger."""
SILENCE_DAYS = 14.0
"""A detected give is of low relevance when nothing came back for this long (MODEL.md, "Acts")."""


class Praise(NamedTuple):
    """A warm word of theirs: when, and about what."""

    at: float
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What came back after an entry, as far as it is known by now."""

    thanked: bool = False  #: in its thread, warmly and by name at any time, or by what can mean nothing else
    warmly: bool = False  #: in words that say it mattered
    heard: bool = False  #: anything at all
    until: float = 0.0  #: when silence will have lasted `SILENCE_DAYS`

    def ignored(self, now: float) -> bool:
        """Silence has lasted."""
        return not self.heard and now >= self.until

    def open(self, now: float) -> bool:
        """It is still to be seen whether anything comes back."""
        return not self.heard and now < self.until


def echoes(entries: Sequence[Entry]) -> list[Echo]:
    """For each entry, what came back: any word within `SILENCE_DAYS`, thanks in its thread by then, and later praise."""
    echoes: list[Echo] = []
    heard_at = float("inf")
    thanked: dict[str, tuple[float, bool]] = {}
    praise: deque[Praise] = deque(maxlen=KEPT_PRAISE)
    lone = lone_thanks(entries)
    for place in range(len(entries) - 1, -1, -1):
        entry = entries[place]
        at = entry.at.timestamp() / DAY
        until = at + SILENCE_DAYS
        thanked_at, warmly = thanked.get(entry.thread, (float("inf"), False))
        in_time, later = thanked_at <= until, _praised(entry, at, praise)
        echoes.append(
            Echo(
                thanked=in_time or later or place in lone,
                warmly=(in_time and warmly) or later or lone.get(place, False),
                heard=heard_at <= until,
                until=until,
            )
        )
        if entry.by is Side.THEM and entry.away_until is None:
            heard_at = at
            said = [act for act in entry.acts if act.act is ActType.THANKS]
            warm = [act for act in said if Flag.HIGH in act.flags]
            if said:
                thanked[entry.thread] = at, bool(warm)
            praise.extend(Praise(at, content_words(act.quote)) for act in warm)
    echoes.reverse()
    return echoes


def _praised(entry: Entry, at: float, praise: Iterable[Praise]) -> bool:
    """Whether they later said warmly that what this gives was of use, in words it shares."""
    if entry.by is Side.THEM:
        return False
    words = frozenset[str]().union(
        *(content_words(act.quote) for act in entry.acts if act.act is ActType.GIVE)
    )
    return any(one.at <= at + PRAISE_DAYS and words & one.words for one in praise)
