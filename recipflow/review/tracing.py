"""One ledger told as what became of each thing in it: favours thanked for, promises kept, asks answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from recipflow import standing as model
from recipflow.advice.days import DAY, after_working_days, start_of
from recipflow.advice.giving import PROMISE_UNDATED
from recipflow.ledger import steps
from recipflow.ledger.books import Books
from recipflow.ledger.relationship import Answer, OpenItem, OpenKind
from recipflow.model import Channel, Entry, Side
from recipflow.standing import Terms

AN_ASK = 1.0
"""Asks below this (fu) are plain questions."""
CARRIED = 60.0
"""Days before an ask in which a give of mine is what may have carried it. Ours."""


@dataclass(slots=True)
class Trace:
    """What became of things, each with the day (since the epoch) it is counted for."""

    thanked: list[tuple[float, float | None]] = field(
        default_factory=list
    )  #: a favour; when it was thanked for
    promised: list[tuple[float, bool]] = field(default_factory=list)  #: due; whether kept by then
    asked: list[tuple[float, bool, bool]] = field(
        default_factory=list
    )  #: when; inside a window; answered by yes
    give_to_yes: list[tuple[float, float]] = field(
        default_factory=list
    )  #: the yes; days since the give before it


@dataclass(slots=True)
class _Ask:
    at: float
    thread: str
    inside: bool
    gave: float | None
    yes: float | None = None


def trace(entries: Sequence[Entry], terms: Terms, now: float, zone: tzinfo) -> Trace:
    """Follow a ledger from its first entry to `now`."""
    found = Trace()
    asks: list[_Ask] = []
    open_promises: Promises = {}
    waiting: list[float] = []
    for books, entry, before in steps(entries, terms, now, zone):
        at = entry.at.timestamp() / DAY
        waiting = _favours(found, waiting, books, at)
        open_promises = _promises(found, open_promises, books, entry, at, zone)
        asks += _asks(books, before, entry, at, terms)
        _answers(asks, books)
    found.thanked += [(favour, None) for favour in waiting]
    found.promised += [(due, False) for _, due in open_promises.values() if due + 1.0 <= now]
    found.asked += [(one.at, one.inside, one.yes is not None) for one in asks]
    found.give_to_yes += [
        (one.yes, one.yes - one.gave) for one in asks if one.yes is not None and one.gave is not None
    ]
    return found


def _favours(found: Trace, waiting: list[float], books: Books, at: float) -> list[float]:
    now = [favour.at for favour in books.favours]
    if waiting and not now:
        found.thanked += [(favour, at) for favour in waiting]
    return now


Promises = dict[tuple[float, str], tuple[OpenItem, float]]


def _promises(found: Trace, known: Promises, books: Books, entry: Entry, at: float, zone: tzinfo) -> Promises:
    now = {
        (item.at, item.thread): (item, _due(item, zone))
        for item in books.items
        if item.kind is OpenKind.MY_PROMISE
    }
    for key, (item, due) in known.items():
        again = any(other.thread == item.thread and other.at == at for other, _ in now.values())
        # a meeting is of both, whoever called it
        mine = entry.by is Side.ME or entry.channel is Channel.MEETING
        if key not in now and mine and not again:
            found.promised.append((due, at < due + 1.0))
    return now


def _due(item: OpenItem, zone: tzinfo) -> float:
    if item.due is not None:
        return start_of(item.due, zone)
    return after_working_days(item.last, PROMISE_UNDATED, zone)


def _asks(books: Books, before: model.Standing, entry: Entry, at: float, terms: Terms) -> Iterable[_Ask]:
    """The asks that this entry opened; whether their moment was inside the window as it stood before."""
    for item in books.items:
        new = item.kind is OpenKind.MY_ASK and item.at == at and item.interaction == entry.interaction
        if new and item.size >= AN_ASK:
            window = model.window(before, terms)
            inside = window is not None and window.opens <= at <= window.closes
            gave = before.anchored_at
            carried = gave if gave is not None and gave < at <= gave + CARRIED else None
            yield _Ask(at=at, thread=item.thread, inside=inside, gave=carried)


def _answers(asks: list[_Ask], books: Books) -> None:
    yes = {
        (one.asked, one.thread): one.at
        for one in reversed(books.notes.answered)
        if one.answer in (Answer.GRANTED, Answer.DELIVERED)
    }
    for ask in asks:
        if ask.yes is None:
            ask.yes = yes.get((ask.at, ask.thread))
