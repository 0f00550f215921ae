"""What came back after each entry: it says what a give of mine was worth to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recipflow.ledger.relationship import DAY
from recipflow.model import ActType, Entry, Flag, Side

SILENCE_DAYS = 14.0
"""A detected give is of low relevance when nothing came back for this long (MODEL.md, "Acts")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What came back after an entry, as far as it is known by now."""

    thanked: bool = False  #: in its thread
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
    """For each entry, what came back within `SILENCE_DAYS`: any word, and thanks in its thread. One pass from the end."""
    echoes: list[Echo] = []
    heard_at = float("inf")
    thanked: dict[str, tuple[float, bool]] = {}
    for entry in reversed(entries):
        at = entry.at.timestamp() / DAY
        until = at + SILENCE_DAYS
        thanked_at, warmly = thanked.get(entry.thread, (float("inf"), False))
        in_time = thanked_at <= until
        echoes.append(Echo(thanked=in_time, warmly=in_time and warmly, heard=heard_at <= until, until=until))
        if entry.by is Side.THEM and entry.away_until is None:
            heard_at = at
            said = [act for act in entry.acts if act.act is ActType.THANKS]
            if said:
                thanked[entry.thread] = at, any(Flag.HIGH in act.flags for act in said)
    echoes.reverse()
    return echoes
