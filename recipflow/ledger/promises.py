"""A promise of either side: a new one, the same again, or what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from recipflow.ledger import answers
from recipflow.ledger.books import Books
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import Act, Entry, Kind, Side

_IT = re.compile(r"\b(?:it|them|es|lo|la|los|las)\b")
"""What a promise calls that was promised before."""
NEAR = timedelta(days=3)
"""Days before the day that was promised from which on thanks may be for the thing itself. Ours."""


def promise(books: Books, kind: OpenKind, entry: Entry, act: Act, at: float) -> None:
    """Somebody promised something; the same promise again takes the place of the old one, and may move its day."""
    earlier = answers.in_thread(books.items, kind, entry.thread)
    earlier = [item for item in earlier if not _beside(item, entry, act)]
    repeated = [item for item in earlier if item.what is act.kind or _again(item, act)]
    repeated = repeated or answers.in_the_same_words(books.items, kind, act)
    books.settle(repeated)
    item = answers.opened(kind, entry, act, at)
    if repeated:
        surest = max(item.confidence, *(one.confidence for one in repeated))
        item = replace(item, confidence=surest, due=act.due or act.about)
        for yes in [one for one in books.items if granted_with(one, repeated)]:
            books.change(yes, replace(yes, due=item.due, last=at))
    books.open(item)


def _beside(item: OpenItem, entry: Entry, act: Act) -> bool:
    """Whether they are two promises of one letter, each with a day of its own."""
    return item.interaction == entry.interaction and None not in (item.due, act.due) and item.due != act.due


def _again(item: OpenItem, act: Act) -> bool:
    """Whether a promise speaks of what was promised before."""
    return bool(_IT.search(act.quote.lower()) or answers.content_words(act.quote) & item.words)


def came_to_it(item: OpenItem, entry: Entry, on: date) -> bool:
    """Whether they wrote again where they had promised something, after its day: it came, or they said why it did not."""
    theirs = item.kind is OpenKind.THEIR_PROMISE and item.thread == entry.thread
    return theirs and item.due is not None and on > item.due


def granted_with(item: OpenItem, promises: Iterable[OpenItem]) -> bool:
    """Whether it is the yes to which one of these promises named the day: what becomes of that is true of it."""
    if item.kind is not OpenKind.MY_ASK or item.state is not OpenState.GRANTED or item.due is None:
        return False
    return any(
        one.kind is OpenKind.THEIR_PROMISE and (one.thread, one.due) == (item.thread, item.due)
        for one in promises
    )


def received_by_them(books: Books, item: OpenItem, entry: Entry) -> bool:
    """Whether their thanks are for what I had promised there: I wrote there since, and its day was near."""
    if item.kind is not OpenKind.MY_PROMISE or item.what is Kind.MEETING or item.thread != entry.thread:
        return False
    near = item.due is None or books.day(entry) >= item.due - NEAR
    return near and books.spoke_in == entry.thread and books.last[Side.ME] > item.last
