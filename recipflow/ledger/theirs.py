"""What their entries do: answer what I asked, keep what they promised, give, ask, promise, thank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recipflow import standing as model
from recipflow.ledger import answers
from recipflow.ledger.books import Books
from recipflow.ledger.promises import came_to_it, granted_with, promise, received_by_them
from recipflow.ledger.relationship import Favour, OpenItem, OpenKind, OpenState
from recipflow.ledger.worth import received, repaid
from recipflow.model import TANGIBLE, Act, ActType, Channel, Entry, Flag, Kind, Side

FAVOUR_SIZE = 1.5
"""A granted ask from here on (fu) is worth a thank-you of its own; below it a plain answer was a plain answer."""
_OPENS = {ActType.ASK: OpenKind.THEIR_ASK, ActType.PROMISE: OpenKind.THEIR_PROMISE}
HOUR = 4.0
"""Time (fu) asked for and given in a meeting from which it was a favour: MODEL.md counts an hour as four."""
LARGE_SIZE = 3.0
"""An ask from here on (fu) was a favour to grant, however plainly its delivery is worded."""
_TOLD = frozenset({Kind.INFO, Kind.ADVICE})
"""What consists of words alone."""
_POINTERS = frozenset({Kind.ADVICE, Kind.INTRO})
"""What is said in a sentence and may lead to something."""


def enter(books: Books, entry: Entry, at: float) -> None:
    """Enter one interaction of theirs, at `at` days since the epoch."""
    entry = _without_procedure(entry)
    acts = [act for act in entry.acts if act.counts]
    books.take_back(entry, at)
    answers_mine = _answer(books, entry, acts, at)
    kept = answers.promises_kept(books.items, entry)
    kept += [one for one in books.items if one not in kept and came_to_it(one, entry, books.day(entry))]
    books.settle(kept)
    books.settle([one for one in books.items if granted_with(one, kept)])
    if _unprompted(books, entry):
        books.turn(at)
    if entry.alone and not any(act.act is ActType.ASK for act in acts):
        books.let_go(entry.thread, books.day(entry))
    for act in acts:
        if _points(act) and entry.alone:
            tip = _favour(entry, act, at, size=act.size or 0.0)
            books.tip(replace(tip, confidence=act.confidence))
        if act.act is ActType.THANKS:
            books.standing = model.thanks(books.standing, at, Side.THEM, books.terms)
            books.settle([item for item in books.items if received_by_them(books, item, entry)])
        elif act.act is ActType.GIVE and not answers_mine:
            _give(books, entry, act, at)
        elif act.act is ActType.ASK:
            _ask(books, entry, act, at)
        elif act.act is ActType.PROMISE:
            promise(books, OpenKind.THEIR_PROMISE, entry, act, at)
    books.doubt(answers.doubts(entry, at, _OPENS))


def _without_procedure(entry: Entry) -> Entry:
    """Without asks in a sentence that tells of a decision to come: an invitation to tender asks for no favour."""
    deciding = {act.position for act in entry.acts if Flag.DECISION in act.flags}
    if not deciding:
        return entry
    acts = (
        act for act in entry.acts if act.remark or act.act is not ActType.ASK or act.position not in deciding
    )
    return replace(entry, acts=tuple(acts))


def _unprompted(books: Books, entry: Entry) -> bool:
    """They wrote to me alone, and answer nothing."""
    return entry.alone and not entry.reply and entry.thread not in books.mine


def _answer(books: Books, entry: Entry, acts: list[Act], at: float) -> bool:
    """Let their entry answer what I had asked; True when what it gives is that answer, and so is counted already."""
    if entry.channel is Channel.MEETING:
        return _meet(books, entry, acts, at)
    asks = answers.asks_answered(books.items, entry)
    if not asks:
        return False
    first = acts[::-1]  # the first of its type stands for it, one to remember before all others
    said = {act.act: act for act in (*first, *filter(_notable, first))}
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
    if _notable(gift) or (_worth_thanks(ask) and (not gift.routine or ask.size >= LARGE_SIZE)):
        books.favour(_favour(entry, gift, at, size=ask.size, granted=True))


def _granted(books: Books, asks: list[OpenItem], entry: Entry, grant: Act, at: float) -> None:
    ask = asks[-1]
    _yes(books, ask, at)
    books.settle(asks)
    meets = grant.kind is Kind.MEETING and grant.due is not None  # then the meeting is the delivery
    what = Kind.MEETING if meets else ask.what
    books.open(replace(ask, state=OpenState.GRANTED, what=what, due=grant.due, last=at))
    if _worth_thanks(ask):
        books.favour(_favour(entry, grant, at, size=ask.size, granted=True))


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
        books.favour(_favour(entry, given, at, size=mine.size, granted=True))
    return True


def _give(books: Books, entry: Entry, act: Act, at: float) -> None:
    if Flag.REPAID in act.flags:
        books.standing = model.settle(books.standing, at, Side.THEM, repaid(act, books.terms), books.terms)
        return
    if act.kind in TANGIBLE and (Side.ME not in books.last or Flag.BUNDLED in act.flags):
        return  # a gift with an ask attached, or from a stranger, leaves nobody owing (EVIDENCE 1.1)
    books.standing = model.receive(books.standing, at, received(act, books.terms), books.terms)
    # what goes to several is no favour to one
    if _notable(act) and (entry.alone or act.kind is Kind.INTRO):
        books.favour(_favour(entry, act, at, size=act.size or 0.0))


def _notable(act: Act) -> bool:
    """Worth a word of thanks; an offer is, once it was taken up."""
    return act.notable and Flag.OFFERED not in act.flags


def _points(act: Act) -> bool:
    """A word of advice, or on whom to turn to, as everybody gives: no favour, but something may come of it."""
    return act.act is ActType.GIVE and act.kind in _POINTERS and not _notable(act)


def _favour(entry: Entry, act: Act, at: float, *, size: float, granted: bool = False) -> Favour:
    return Favour(
        at=at,
        interaction=entry.interaction,
        quote=act.quote,
        what=act.kind,
        size=size,
        granted=granted,
        confidence=act.confidence if granted else act.notable_confidence,
    )


def _echoed(books: Books, act: Act) -> bool:
    """It is my own sentence, come back in an answer that quotes without saying so."""
    said = act.quote.split()
    return len(said) > answers.TELLING and any(said == ask.quote.split() for ask in books.asked)


def _to_meet(item: OpenItem) -> bool:
    return item.kind is OpenKind.THEIR_ASK and item.what is Kind.MEETING


def _small_question(act: Act) -> bool:
    return (act.size or 0.0) < FAVOUR_SIZE and act.quote.rstrip().endswith("?")


def _ask(books: Books, entry: Entry, act: Act, at: float) -> None:
    books.turn(at)
    if not entry.direct or _echoed(books, act):
        return
    earlier = answers.in_thread(books.items, OpenKind.THEIR_ASK, entry.thread)
    earlier = earlier or answers.in_the_same_words(books.items, OpenKind.THEIR_ASK, act)
    if not earlier:
        if act.kind is Kind.MEETING:
            books.settle(
                [item for item in books.items if _to_meet(item)]
            )  # the new proposal stands for the old
        asked = answers.opened(OpenKind.THEIR_ASK, entry, act, at)
        passing = books.talking(entry.thread, at) and _small_question(act)
        books.open(replace(asked, flags=asked.flags | {Flag.PASSING}) if passing else asked)
    else:
        _ask_again(books, earlier[-1], answers.opened(OpenKind.THEIR_ASK, entry, act, at))


def _ask_again(books: Books, ask: OpenItem, new: OpenItem) -> None:
    """Another ask of theirs in the thread, or in the letter: what plainly wants my answer stands for both."""
    later = ask.last < new.at
    if answers.plainness(new) > answers.plainness(ask):
        books.change(ask, replace(new, repeats=ask.repeats + later, due=new.due or ask.due))
    elif later:
        books.change(ask, replace(ask, last=new.at, repeats=ask.repeats + 1, due=new.due or ask.due))
