"""What their entries do: answer what I asked (`outcomes`), keep what they promised, give, ask, promise, thank."""

from __future__ import annotations

from dataclasses import replace

from recipflow import standing as model
from recipflow.ledger import answers
from recipflow.ledger.books import Books
from recipflow.ledger.favours import FAVOUR_SIZE, favour_of, notable
from recipflow.ledger.outcomes import answer
from recipflow.ledger.promises import came_to_it, granted_with, promise, received_by_them
from recipflow.ledger.relationship import OpenItem, OpenKind
from recipflow.ledger.worth import received, repaid
from recipflow.model import TANGIBLE, Act, ActType, Entry, Flag, Kind, Side

_OPENS = {ActType.ASK: OpenKind.THEIR_ASK, ActType.PROMISE: OpenKind.THEIR_PROMISE}
_POINTERS = frozenset({Kind.ADVICE, Kind.INTRO})
"""What is said in a sentence and may lead to something."""


def enter(books: Books, entry: Entry, at: float) -> None:
    """Enter one interaction of theirs, at `at` days since the epoch."""
    entry = _without_procedure(entry)
    acts = [act for act in entry.acts if act.counts]
    books.take_back(entry, at)
    answers_mine = answer(books, entry, acts, at)
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
            tip = favour_of(entry, act, at, size=act.size or 0.0)
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


def _give(books: Books, entry: Entry, act: Act, at: float) -> None:
    if Flag.REPAID in act.flags:
        books.standing = model.settle(books.standing, at, Side.THEM, repaid(act, books.terms), books.terms)
        return
    if act.kind in TANGIBLE and (Side.ME not in books.last or Flag.BUNDLED in act.flags):
        return  # a gift with an ask attached, or from a stranger, leaves nobody owing (EVIDENCE 1.1)
    books.standing = model.receive(books.standing, at, received(act, books.terms), books.terms)
    # what goes to several is no favour to one
    if notable(act) and (entry.alone or act.kind is Kind.INTRO):
        books.favour(favour_of(entry, act, at, size=act.size or 0.0))


def _points(act: Act) -> bool:
    """A word of advice, or on whom to turn to, as everybody gives: no favour, but something may come of it."""
    return act.act is ActType.GIVE and act.kind in _POINTERS and not notable(act)


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
