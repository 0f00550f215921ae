"""The open books of one contact while its ledger is read: what is open, what is owed thanks, what was asked lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from recipflow import standing as model
from recipflow.ledger.notes import Notes
from recipflow.ledger.relationship import Asked, Favour, OpenItem, OpenKind, OpenState, Relationship
from recipflow.model import ActType, Channel, Entry, Side

KEPT = 12
"""Open items, and asks for the pace, kept per contact: the state stays bounded, the oldest go first."""
KEPT_FAVOURS = 3
"""Favours of theirs remembered after they were thanked for: what a return would answer."""


class Books:
    """The open books; `theirs` and `mine` enter into them, `close` says what they come to."""

    def __init__(self, terms: model.Terms, now: float) -> None:
        self.terms = terms
        self.now = now
        self.standing = model.Standing()
        self.items: list[OpenItem] = []
        self.favours: list[Favour] = []
        self.received: list[Favour] = []
        self.asked: list[Asked] = []
        self.their_asks: list[float] = []
        self.gift: Favour | None = None
        self.first: float | None = None
        self.last: dict[Side, float] = {}
        self.last_unread: float | None = None
        self.last_missed: float | None = None
        self.mine: set[str] = set()
        self.theirs: set[str] = set()
        self.away_until: date | None = None
        self.refold_at: float | None = None
        self.count = 0
        self.notes = Notes(terms)

    def note(self, entry: Entry, at: float) -> None:
        """Remember that each side was heard."""
        self.count += 1
        self.first = at if self.first is None else self.first
        self.last[entry.by] = at
        if entry.channel is Channel.MEETING:
            self.last[Side.ME] = self.last[Side.THEM] = at
        if entry.unread:
            self.last_unread = at
        if _answers_unseen(entry, self.mine, self.theirs):
            self.last_missed = at
        (self.mine if entry.by is Side.ME else self.theirs).add(entry.thread)

    def open(self, item: OpenItem) -> None:
        """Add an open item; the oldest gives way when there are too many."""
        self.items = [*self.items, item][-KEPT:]

    def change(self, item: OpenItem, changed: OpenItem) -> None:
        """Put the changed item in the place of the old one, as the newest."""
        self.items.remove(item)
        self.items.append(changed)

    def settle(self, items: Iterable[OpenItem]) -> None:
        """These wait no more: they were answered."""
        for item in items:
            self.items.remove(item)

    def noted(self) -> None:
        """I wrote to them, and to few others: what they had asked elsewhere was at least seen."""
        self.items = [
            replace(item, state=OpenState.HEARD)
            if item.kind is OpenKind.THEIR_ASK and item.state is not OpenState.HEARD
            else item
            for item in self.items
        ]

    def let_go(self, thread: str, on: date) -> None:
        """They wrote again after that and asked no more: asks in other threads are dealt with, unless still to fall due."""
        self.settle(
            [
                item
                for item in self.items
                if item.kind is OpenKind.THEIR_ASK
                and item.state is OpenState.HEARD
                and item.thread != thread
                and (item.due is None or item.due < on)
            ]
        )

    def answered(self, asks: Iterable[OpenItem]) -> None:
        """Note for the pace that these asks of mine were heard."""
        heard = {ask.interaction for ask in asks}
        self.asked = [replace(ask, answered=True) if ask.interaction in heard else ask for ask in self.asked]

    def favour(self, favour: Favour) -> None:
        """They did something that deserves a word."""
        self.favours = [*self.favours, favour][-KEPT:]
        self.received = [*self.received, favour][-KEPT_FAVOURS:]

    def close(self) -> Relationship:
        """The relationship as it stands after the last entry."""
        return Relationship(
            standing=self.standing,
            items=tuple(self.items),
            favours=tuple(self.favours),
            received=tuple(self.received),
            asked=tuple(self.asked),
            their_asks=tuple(self.their_asks),
            gift=self.gift,
            first=self.first,
            last_mine=self.last.get(Side.ME),
            last_theirs=self.last.get(Side.THEM),
            last_unread=self.last_unread,
            last_missed=self.last_missed,
            away_until=self.away_until,
            refold_at=self.refold_at,
            interactions=self.count,
            tangible=tuple(self.notes.tangible),
            needs=tuple(self.notes.needs),
            decisions=tuple(self.notes.decisions),
            answered=tuple(self.notes.answered),
            rounds=self.notes.rounds,
            asked_on=self.notes.asked_on,
        )


def _answers_unseen(entry: Entry, mine: set[str], theirs: set[str]) -> bool:
    """A reply of mine to them alone, in a thread they never wrote in; one that asks again may follow up on my own mail."""
    if entry.by is Side.THEM or not entry.reply or not entry.alone or entry.thread in theirs:
        return False
    return entry.thread not in mine or not any(act.act is ActType.ASK for act in entry.acts)
