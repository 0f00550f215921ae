"""Thanks in a thread of their own, without a word of what for: of one thing I gave just before, where there is but one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from recipflow.ledger.relationship import DAY
from recipflow.model import Act, ActType, Channel, Entry, Flag, Side

SHORTLY = 7.0
"""Days after something was given within which such thanks are for it. Ours."""

_MEANT = frozenset({ActType.GIVE, ActType.GRANT, ActType.PROMISE})
"""What of mine somebody may thank for."""
_FOR_SOMETHING = re.compile(r"\b(?:for|für|fuer|por|pelo|pela|pelos|pelas) (?P<what>\w+(?: \w+)?)")
_ANYTHING = re.compile(
    r"(?:that|this|it|all|everything|being|your (?:help|time|kindness|trouble|support|effort)|sending|doing|what you"
    r"|deine hilfe|ihre hilfe|eure hilfe|alles|das|deine mühe|ihre mühe|tudo|isso|isto|sua ajuda"
    r"|tua ajuda|todo|eso|tu ayuda|su ayuda)\b"
)
"""What thanks name without saying what they are for."""


def lone_thanks(entries: Sequence[Entry]) -> dict[int, bool]:
    """By place, the entries of mine that such thanks are for, and whether they were warm."""
    found: dict[int, bool] = {}
    threads: set[str] = set()
    lately: list[int] = []
    for place, entry in enumerate(entries):
        if entry.by is Side.ME or entry.channel is Channel.MEETING:
            threads.add(entry.thread)
            if entry.channel is Channel.MEETING or _may_be_thanked(entry.acts):
                lately.append(place)
        elif entry.thread not in threads and (said := _for_nothing_named(entry.acts)):
            lately = [one for one in lately if _days(entries[one], entry) <= SHORTLY]
            if len(lately) == 1 and _gave(entries[lately[0]]):
                found[lately[0]] = any(Flag.HIGH in act.flags for act in said)
    return found


def _may_be_thanked(acts: Iterable[Act]) -> bool:
    return any(act.act in _MEANT and act.counts for act in acts)


def _gave(entry: Entry) -> bool:
    """Something more than routine, to them alone."""
    gives = (act for act in entry.acts if act.act is ActType.GIVE and act.counts and not act.routine)
    return entry.alone and entry.channel is not Channel.MEETING and any(gives)


def _for_nothing_named(acts: Iterable[Act]) -> list[Act]:
    """The thanks among these, where all of them leave open what they are for."""
    said = [act for act in acts if act.act is ActType.THANKS and act.counts]
    named = any(_names_something(act.quote.lower()) for act in said)
    return [] if named else said


def _names_something(quote: str) -> bool:
    return any(not _ANYTHING.match(one["what"]) for one in _FOR_SOMETHING.finditer(quote))


def _days(one: Entry, other: Entry) -> float:
    return (other.at - one.at).total_seconds() / DAY
