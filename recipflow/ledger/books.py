"""The open books of one contact while its ledger is read: what is open, what is owed thanks, what was asked lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, tzinfo

from recipflow import standing as model
from recipflow.ledger.notes import Notes
from recipflow.ledger.relationship import Asked, Favour, OpenItem, OpenKind, OpenState, Relationship
from recipflow.ledger.withdrawing import taken_back, withdrawn
from recipflow.model import ActType, Channel, Entry, Side

KEPT = 12
"""Open items, and asks for the pace, kept per contact: the state stays bounded, the oldest go first."""
LATER = 1.0
"""Days after a promise from which a word to them is another occasion. Ours."""
UNDATED = 7.0
"""Days after which a promise without a day is due: five working days (DESIGN.md, kinds of nudge)."""
TALK = 1 / 24
"""Days within which an answer to what I just wrote is part of a talk, and not a letter. Ours."""
KEPT_FAVOURS = 3
"""Favours of theirs remembered after they were thanked for: what a return would answer."""


class Books:
    """The open books; `theirs` and `mine` enter into them, `close` says what they come to."""

    def __init__(self, terms: model.Terms, now: float, zone: tzinfo) -> None:
        self.terms = terms
        self.now = now
        self.zone = zone
        self.standing = model.Standing()
        self.items: list[OpenItem] = []
        self.favours: list[Favour] = []
        self.received: list[Favour] = []
        self.tips: list[Favour] = []
        self.doubts: list[OpenItem] = []
        self.hopes: list[Favour] = []
        self.asked: list[Asked] = []
        self.their_turns: list[float] = []
        self.gift: Favour | None = None
        self.first: float | None = None
        self.last: dict[Side, float] = {}
        self.spoke_in = ""  #: the thread I wrote in last
        self.last_unread: float | None = None
        self.last_missed: float | None = None
        self.last_unseen: float | None = None
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
        if self._answers_unseen(entry):
            self.last_missed = at
        if self._answered_unseen(entry):
            self.last_unseen = at
        (self.mine if entry.by is Side.ME else self.theirs).add(entry.thread)
        if entry.by is Side.ME:
            self.spoke_in = entry.thread

    def day(self, entry: Entry) -> date:
        """The day it was for the user."""
        return entry.at.astimezone(self.zone).date()

    def talking(self, thread: str, at: float) -> bool:
        """Whether we are in the midst of a talk there, line for line."""
        return self.spoke_in == thread and at - self.last[Side.ME] <= TALK

    def _answered_unseen(self, entry: Entry) -> bool:
        """A reply of theirs in a thread I never wrote in; a follow-up of their own mail answers none of mine."""
        answer = entry.by is Side.THEM and entry.reply and not (entry.again or entry.third)
        return answer and entry.alone and entry.thread not in self.mine

    def _answers_unseen(self, entry: Entry) -> bool:
        """A reply of mine in a thread they never wrote in; one that asks again may follow up on my own mail.

        To several it may answer any of them: it tells something only of somebody who was never read at all.
        """
        meant = entry.alone or (entry.few and Side.THEM not in self.last)
        answer = entry.by is Side.ME and entry.reply and not (entry.again or entry.third)
        if not answer or not meant or entry.thread in self.theirs:
            return False
        return entry.thread not in self.mine or not any(act.act is ActType.ASK for act in entry.acts)

    def open(self, item: OpenItem) -> None:
        """Add an open item; the oldest gives way when there are too many."""
        self.items = [*self.items, item][-KEPT:]

    def turn(self, at: float) -> None:
        """They asked for something, or wrote of their own accord: once a letter."""
        if self.their_turns[-1:] != [at]:
            self.their_turns = [*self.their_turns, at][-KEPT:]

    def doubt(self, items: Iterable[OpenItem]) -> None:
        """Keep apart what may be asks or promises: they are only ever asked about."""
        self.doubts = [*self.doubts, *items][-KEPT_FAVOURS:]

    def hope(self, gift: Favour) -> None:
        """I gave something, and whether it helped is still to be heard."""
        self.hopes = [*self.hopes, gift][-KEPT_FAVOURS:]

    def heard_from_me(self, entry: Entry) -> None:
        """I wrote: what they may have asked is dealt with, and what I may have promised in that thread, too."""
        self.doubts = [
            item
            for item in self.doubts
            if item.kind is OpenKind.THEIR_PROMISE
            or (item.thread != entry.thread and not (entry.few and item.kind is OpenKind.THEIR_ASK))
        ]

    def change(self, item: OpenItem, changed: OpenItem) -> None:
        """Put the changed item in the place of the old one, as the newest."""
        self.items.remove(item)
        self.items.append(changed)

    def settle(self, items: Iterable[OpenItem]) -> None:
        """These wait no more: they were answered."""
        for item in items:
            self.items.remove(item)

    def take_back(self, entry: Entry, at: float) -> None:
        """Whoever asked needs it no more: nothing waits for it, and nobody was ignored."""
        if not taken_back(entry):
            return
        gone = withdrawn(self.items, entry, at)
        self.settle(gone)
        if entry.by is Side.ME:
            self.answered(gone)
        else:
            self.doubts = [
                one for one in self.doubts if one.kind is not OpenKind.THEIR_ASK or one.thread != entry.thread
            ]

    def noted(self, entry: Entry, at: float) -> None:
        """I wrote to them, or let them read it, among few: what they had asked elsewhere was at least seen.

        So was what I had promised them, if it was due by then.
        """
        self.items = [
            replace(item, state=OpenState.HEARD) if self._seen(item, entry, at) else item
            for item in self.items
        ]

    def _seen(self, item: OpenItem, entry: Entry, at: float) -> bool:
        if item.kind is not OpenKind.MY_PROMISE:
            return item.kind is OpenKind.THEIR_ASK
        if item.due is None:
            return at - item.last >= UNDATED
        return item.due <= self.day(entry) and at - item.last >= LATER

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

    def no_favour(self, asks: Iterable[OpenItem]) -> None:
        """These asks are dealt with, and the yes to them was nothing that thanks are due for."""
        asks = [*asks]
        self.settle(asks)
        yeses = {ask.last for ask in asks if ask.state is OpenState.GRANTED}
        self.favours = [one for one in self.favours if not (one.granted and one.at in yeses)]
        self.received = [one for one in self.received if not (one.granted and one.at in yeses)]

    def tip(self, tip: Favour) -> None:
        """They said what to do, or whom to ask, in the course of things: something may come of it."""
        self.tips = [*self.tips, tip][-KEPT_FAVOURS:]

    def close(self) -> Relationship:
        """The relationship as it stands after the last entry."""
        return Relationship(
            standing=self.standing,
            items=tuple(self.items),
            favours=tuple(self.favours),
            received=tuple(self.received),
            tips=tuple(self.tips),
            doubts=tuple(self.doubts),
            hopes=tuple(self.hopes),
            asked=tuple(self.asked),
            their_turns=tuple(self.their_turns),
            gift=self.gift,
            first=self.first,
            last_mine=self.last.get(Side.ME),
            last_theirs=self.last.get(Side.THEM),
            last_unread=self.last_unread,
            last_missed=self.last_missed,
            last_unseen=self.last_unseen,
            away_until=self.away_until,
            refold_at=self.refold_at,
            interactions=self.count,
            tangible=tuple(self.notes.tangible),
            needs=tuple(self.notes.needs),
            decisions=tuple(self.notes.decisions),
            results=tuple(self.notes.results),
            answered=tuple(self.notes.answered),
            rounds=self.notes.rounds,
            asked_on=self.notes.asked_on,
        )
