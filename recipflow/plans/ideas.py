"""What a contact might value: what they said they need, what they asked for before, and what they thanked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recipflow.ledger.relationship import DAY, Relationship
from recipflow.model import Act, ActType, Entry, Kind, Side

THANKED_DAYS = 14.0
"""Days within which a thank-you in the thread of a give is for it."""
MOST = 5
LEAST = 1.0
"""Asks below this (fu) say nothing of what they value."""
LAST = 4
GENERIC = 0.5
"""Share of gives that went to many from which on a word is due: something of their own would mean more."""


class IdeaKind(StrEnum):
    NEED = "need"  #: said by the way, or to others
    ASKED = "asked"  #: they asked for such a thing before
    THANKED = "thanked"  #: they thanked for such a thing before


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One thing they might value, with the sentence it stands on."""

    kind: IdeaKind
    what: Kind
    at: datetime
    quote: str
    interaction: str


def ideas(entries: Sequence[Entry], relationship: Relationship) -> tuple[Idea, ...]:
    """At most five: open needs first, then what they asked for, then what they valued; of each the newest."""
    open_needs = {need.quote for need in relationship.needs}
    needs = [one for one in _their(entries, needs=True) if one.quote in open_needs]
    asked = list(_their(entries, needs=False))
    return tuple([*reversed(needs), *_newest(asked), *_newest(list(_thanked(entries)))][:MOST])


def generic(entries: Sequence[Entry]) -> bool:
    """Whether most of what the user gave lately went to many at once."""
    acts = [act for one in entries if one.by is Side.ME for act in one.acts if act.act is ActType.GIVE]
    gives = [act.kind is Kind.MASS for act in acts if act.kind is Kind.MASS or _gives(act)][-LAST:]
    return bool(gives) and sum(gives) > GENERIC * len(gives)


def _their(entries: Sequence[Entry], *, needs: bool) -> Iterator[Idea]:
    for entry in (one for one in entries if one.by is Side.THEM):
        for act in entry.acts:
            if act.act is ActType.ASK and act.remark == needs and (needs or _worth_it(act)):
                yield _idea(IdeaKind.NEED if needs else IdeaKind.ASKED, entry, act)


def _worth_it(act: Act) -> bool:
    return act.counts and (act.size or 0.0) >= LEAST


def _thanked(entries: Sequence[Entry]) -> Iterator[Idea]:
    """Gives of mine that were answered by thanks in their thread."""
    thanks = [
        (one.thread, one.at)
        for one in entries
        if one.by is Side.THEM and any(a.act is ActType.THANKS for a in one.acts)
    ]
    for entry in entries:
        gives = [act for act in entry.acts if _gives(act) and act.quote] if entry.by is Side.ME else []
        if gives and any(
            thread == entry.thread and 0 <= (at - entry.at).total_seconds() <= THANKED_DAYS * DAY
            for thread, at in thanks
        ):
            yield _idea(IdeaKind.THANKED, entry, max(gives, key=lambda act: act.size or 0.0))


def _gives(act: Act) -> bool:
    return act.act is ActType.GIVE and act.counts and act.kind is not None and act.kind is not Kind.INFO


def _idea(kind: IdeaKind, entry: Entry, act: Act) -> Idea:
    return Idea(
        kind=kind, what=act.kind or Kind.HELP, at=entry.at, quote=act.quote, interaction=entry.interaction
    )


def _newest(found: list[Idea]) -> list[Idea]:
    """The newest of each kind of thing, the newest first; plain answers are no idea."""
    by_what = {one.what: one for one in found if one.what is not Kind.INFO}
    return sorted(by_what.values(), key=lambda one: one.at, reverse=True)
