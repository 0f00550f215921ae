"""What my entries do: answer what they asked, keep what I promised, give, ask, promise, thank."""

from __future__ import annotations

from dataclasses import replace

from recipflow import standing as model
from recipflow.ledger import answers
from recipflow.ledger.books import KEPT, Books
from recipflow.ledger.echo import Echo
from recipflow.ledger.promises import promise
from recipflow.ledger.relationship import Asked, Favour, OpenItem, OpenKind, OpenState
from recipflow.ledger.worth import cherished, given, repaid
from recipflow.model import Act, ActType, Channel, Entry, Flag, Side

WORTH_SAID = frozenset({Flag.HIGH, Flag.LOW, Flag.FREELY})
"""What the user has said of a give's worth already."""
WARM_SURE = 0.75
"""How sure a give of mine is to have been a favour once they thanked for it warmly: they say so themselves."""
ORDER_SURE = 0.8
"""How sure the reader must be that an order beside a favour wants something of them."""
AGAIN_DAYS = 1.0
"""A reminder comes a day later at least: what follows within the hour is the same ask, better put."""


def enter(books: Books, entry: Entry, at: float, echo: Echo) -> None:
    """Enter one interaction of mine; the echo says what came back, for the worth of what it gives."""
    acts = [act for act in entry.acts if act.counts]
    books.take_back(entry, at)
    asked_for = answers.asks_closed_by_me(books.items, entry)
    books.settle(asked_for)
    books.heard_from_me(entry)
    books.settle(answers.promises_kept(books.items, entry))
    if entry.few:
        books.noted(entry, at)
    if entry.channel is Channel.MEETING:
        _met(books, at)
    for act in acts:
        if act.act is ActType.THANKS:
            books.standing = model.thanks(books.standing, at, Side.ME, books.terms)
            books.favours = []
        elif act.act is ActType.GIVE:
            _give(books, entry, act, at, echo, asked_for=bool(asked_for))
        elif act.act is ActType.PROMISE:
            promise(books, OpenKind.MY_PROMISE, entry, act, at)
    books.doubt(answers.doubts(entry, at, {ActType.PROMISE: OpenKind.MY_PROMISE}))
    asks = [act for act in acts if act.act is ActType.ASK and not (asked_for and _advises(act, acts))]
    if asks:
        _ask(books, entry, max(asks, key=lambda act: act.size or 0.0), at)


def _advises(act: Act, acts: list[Act]) -> bool:
    """Whether an order in an answer that gives what was asked for is part of that: how to go about it."""
    gives = any(one.act is ActType.GIVE and one.notable for one in acts)
    return gives and act.confidence < ORDER_SURE


def _met(books: Books, at: float) -> None:
    """Meeting at their wish also ends an ask of mine to meet."""
    mine = answers.meeting_asked_for(books.items, OpenKind.MY_ASK, at)
    if mine is not None:
        books.settle([mine])
        books.answered([mine])


def _give(books: Books, entry: Entry, act: Act, at: float, echo: Echo, *, asked_for: bool) -> None:
    if Flag.REPAID in act.flags:
        books.standing = model.settle(books.standing, at, Side.ME, repaid(act, books.terms), books.terms)
        return
    before = books.standing.anchored_at
    act = cherished(act) if echo.warmly and not asked_for else act
    strangers = Side.THEM not in books.last
    worth = given(act, books.terms, echo, books.now, asked_for=asked_for, strangers=strangers)
    # what they thanked for mattered to them; what nobody thanked for must speak for itself
    routine = act.routine or Flag.FREELY in act.flags or not (act.notable or echo.thanked)
    books.standing = model.give(books.standing, at, worth, books.terms, routine=routine)
    gift = Favour(
        at=at,
        interaction=entry.interaction,
        quote=act.quote,
        what=act.kind,
        size=act.size or 0.0,
        confidence=max(act.notable_confidence, WARM_SURE) if echo.warmly else act.notable_confidence,
    )
    if books.standing.anchored_at != before:
        books.gift = gift
    if worth > 0 and entry.alone and not act.routine and not echo.thanked and not act.flags & WORTH_SAID:
        books.hope(gift)


def _ask(books: Books, entry: Entry, act: Act, at: float) -> None:
    """One ask a message, its largest: a message that asks three things asks once (the model has one slot)."""
    size = act.size or 0.0
    earlier = answers.follows_up(books.items, entry, act, lapsed=at - books.terms.lapse)
    books.standing = model.ask(books.standing, at, size, books.terms, followup=earlier is not None)
    if entry.alone:
        books.asked = [*books.asked, _asked(entry, act, at)][-KEPT:]
    if earlier is not None:
        again = at - earlier.last >= AGAIN_DAYS
        books.change(earlier, replace(earlier, last=at, repeats=earlier.repeats + again))
        return
    books.settle(_superseded(books.items, entry))
    books.open(answers.opened(OpenKind.MY_ASK, entry, act, at))


def _superseded(items: list[OpenItem], entry: Entry) -> list[OpenItem]:
    """A refused ask of the same thread gives way to the new one; a heard one goes on as it."""
    gone = (OpenState.REFUSED, OpenState.HEARD)
    return [item for item in answers.in_thread(items, OpenKind.MY_ASK, entry.thread) if item.state in gone]


def _asked(entry: Entry, act: Act, at: float) -> Asked:
    return Asked(
        at=at,
        size=act.size or 0.0,
        interaction=entry.interaction,
        quote=act.quote,
        confidence=act.confidence,
        flags=act.flags,
    )
