"""What an entry of theirs does to what I had asked: it grants, delivers or refuses it, or says neither; or we meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recipflow import standing as model
from recipflow.ledger import answers
from recipflow.ledger.books import Books
from recipflow.ledger.favours import FAVOUR_SIZE, favour_of, notable
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import TANGIBLE, Act, ActType, Channel, Entry, Flag, Kind

HOUR = 4.0
"""Time (fu) asked for and given in a meeting from which it was a favour: MODEL.md counts an hour as four."""
LARGE_SIZE = 3.0
"""An ask from here on (fu) was a favour to grant, however plainly its delivery is worded."""
_TOLD = frozenset({Kind.INFO, Kind.ADVICE})
"""What consists of words alone."""


def answer(books: Books, entry: Entry, acts: list[Act], at: float) -> bool:
    """Let their entry answer what I had asked; True when what it gives is that answer, and so is counted already."""
    if entry.channel is Channel.MEETING:
        return _meet(books, entry, acts, at)
    asks = answers.asks_answered(books.items, entry)
    if not asks:
        return False
    first = acts[::-1]  # the first of its type stands for it, one to remember before all others
    said = {act.act: act for act in (*first, *filter(notable, first))}
    books.answered(asks)
    if ActType.GIVE in said and Flag.REPAID in said[ActType.GIVE].flags:
        books.no_favour(asks)  # who asks for their own money back asks none
        return False
    if ActType.GIVE in said and _delivers(said, asks[-1], books.day(entry)):
        _delivered(books, asks, entry, said[ActType.GIVE], at)
        return True
    if ActType.GRANT in said:
        _granted(books, asks, entry, said[ActType.GRANT], at)
    elif ActType.REFUSAL in said:
        _refused(books, asks, entry, at)
    else:
        _heard(books, asks, waiting=ActType.PROMISE in said or entry.question)
    return False


def _delivers(said: dict[ActType, Act], ask: OpenItem, on: date) -> bool:
    """Whether what they give is what I asked for.

    A no stays one beside something else that is small, and a yes for a later day is not its delivery.
    """
    gift, grant = said[ActType.GIVE], said.get(ActType.GRANT)
    if (no := said.get(ActType.REFUSAL)) and _leads_to(no, gift, ask):
        return False
    later = grant is not None and grant.due is not None and grant.due > on and grant.position == gift.position
    if later and gift.routine and gift.kind in (Kind.INFO, Kind.HELP):
        return False
    return not _falls_short(gift, ask)


def _leads_to(no: Act, gift: Act, ask: OpenItem) -> bool:
    """Whether it is something small beside a no, or what was done before it came to that: "I fought for it, but"."""
    small = gift.routine and (gift.kind in _TOLD or gift.kind is not ask.what)
    return small or (gift.position < no.position and not answers.content_words(gift.quote) & ask.words)


def _falls_short(gift: Act, ask: OpenItem) -> bool:
    """Words are neither a loan nor a present; some in passing, on something else, are not the large thing I asked for."""
    if gift.kind not in _TOLD or ask.what in _TOLD or gift.notable:
        return False
    beside = gift.routine and not answers.content_words(gift.quote) & ask.words
    return ask.what in TANGIBLE or (ask.size >= LARGE_SIZE and beside)


def _delivered(books: Books, asks: list[OpenItem], entry: Entry, gift: Act, at: float) -> None:
    """A give that answers an ask is its grant, at the ask's size; after a grant it adds nothing but thanks."""
    ask = asks[-1]
    _yes(books, ask, at)
    books.settle(asks)
    if notable(gift) or (_worth_thanks(ask) and (not gift.routine or ask.size >= LARGE_SIZE)):
        books.favour(favour_of(entry, gift, at, size=ask.size, granted=True))


def _granted(books: Books, asks: list[OpenItem], entry: Entry, grant: Act, at: float) -> None:
    ask = asks[-1]
    _yes(books, ask, at)
    books.settle(asks)
    meets = grant.kind is Kind.MEETING and grant.due is not None  # then the meeting is the delivery
    what = Kind.MEETING if meets else ask.what
    books.open(replace(ask, state=OpenState.GRANTED, what=what, due=grant.due, last=at))
    if _worth_thanks(ask):
        books.favour(favour_of(entry, grant, at, size=ask.size, granted=True))


def _worth_thanks(ask: OpenItem) -> bool:
    """A plain answer or a date for a meeting is no favour that waits for thanks."""
    return ask.size >= FAVOUR_SIZE and not ask.shared and ask.what not in (Kind.INFO, Kind.MEETING)


def _refused(books: Books, asks: list[OpenItem], entry: Entry, at: float) -> None:
    books.standing = model.outcome(books.standing, at, model.Outcome.REFUSED, books.terms)
    books.settle(asks)
    books.open(replace(asks[-1], state=OpenState.REFUSED, last=at, interaction=entry.interaction))


def _yes(books: Books, ask: OpenItem, at: float) -> None:
    if ask.state is not OpenState.GRANTED:
        books.standing = model.outcome(books.standing, at, model.Outcome.GRANTED, books.terms)


def _heard(books: Books, asks: list[OpenItem], *, waiting: bool) -> None:
    """They wrote back without yes or no: that closes a plain question; a larger ask, or a counter-question, stays."""
    for ask in asks:
        if ask.state in (OpenState.GRANTED, OpenState.REFUSED):
            continue
        if waiting or ask.size > FAVOUR_SIZE:
            books.change(ask, replace(ask, state=OpenState.HEARD))
        else:
            books.settle([ask])


def _meet(books: Books, entry: Entry, acts: list[Act], at: float) -> bool:
    """A meeting delivers the ask to meet, whoever asked; True when it was mine. Time enough of theirs is a favour."""
    theirs = answers.meeting_asked_for(books.items, OpenKind.THEIR_ASK, at)
    mine = answers.meeting_asked_for(books.items, OpenKind.MY_ASK, at)
    books.settle([item for item in (theirs, mine) if item is not None])
    if mine is None:
        return False
    _yes(books, mine, at)
    books.answered([mine])
    given = next((act for act in acts if act.act is ActType.GIVE), None)
    if given is not None and min(mine.size, given.size or 0.0) >= HOUR:
        books.favour(favour_of(entry, given, at, size=mine.size, granted=True))
    return True
