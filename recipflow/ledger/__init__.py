"""The fold of one contact's ledger: entries in, the relationship out.

A favour counts once: a give that answers an open ask *is* its grant, at the ask's size, and the later delivery of a
granted ask adds nothing (MODEL.md, "Acts"). What an automatic reply says answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from recipflow.ledger import answers, mine, theirs
from recipflow.ledger.books import Books
from recipflow.ledger.echo import Echo, echoes
from recipflow.ledger.once import told_once
from recipflow.ledger.relationship import DAY, OpenKind, Relationship
from recipflow.model import ActType, Entry, Flag, Side
from recipflow.standing import Standing, Terms

_DONE = (ActType.GIVE, ActType.PROMISE)


def fold(entries: Sequence[Entry], terms: Terms, now: float, zone: tzinfo = UTC) -> Relationship:
    """The relationship as `entries` (in ledger order, none after `now`) leave it.

    `now` (days since the epoch, UTC) only decides which gives of mine have met `SILENCE_DAYS` of silence;
    `Relationship.refold_at` says when that answer will change. Days are those of `zone`, the user's.
    """
    books = Books(terms, now, zone)
    for entry, echo in zip(entries, echoes(entries), strict=True):
        _enter(books, _as_done(entry), echo)
        if echo.open(now) and _gives(entry):
            books.refold_at = echo.until if books.refold_at is None else min(books.refold_at, echo.until)
    return books.close()


def steps(
    entries: Sequence[Entry], terms: Terms, now: float, zone: tzinfo = UTC
) -> Iterator[tuple[Books, Entry, Standing]]:
    """The same fold, one entry at a time: the books after it, and the standing before it."""
    books = Books(terms, now, zone)
    for entry, echo in zip(entries, echoes(entries), strict=True):
        before = books.standing
        _enter(books, _as_done(entry), echo)
        yield books, entry, before


def _enter(books: Books, entry: Entry, echo: Echo) -> None:
    at = entry.at.timestamp() / DAY
    if entry.away_until is not None:
        books.away_until = entry.away_until
        return
    if entry.proxy:
        asked = answers.in_thread(books.items, OpenKind.THEIR_ASK, entry.thread)
        books.settle([ask for ask in asked if Flag.EACH not in ask.flags])
        return
    before, items = books.standing, [*books.items]
    if entry.by is Side.THEM:
        theirs.enter(books, entry, at)
    else:
        mine.enter(books, entry, at, echo)
    books.note(entry, at)
    books.notes.enter(entry, before, books.standing, (items, books.items))


def _as_done(entry: Entry) -> Entry:
    """Without gives that are a promise in the same breath ("I'll send it on Friday" is nothing until kept); each once."""
    if sum(act.act in _DONE for act in entry.acts) < 2:
        return entry
    promised = {act.position for act in entry.acts if act.act is ActType.PROMISE}
    done = (act for act in entry.acts if act.act is not ActType.GIVE or act.position not in promised)
    return replace(entry, acts=told_once(done))


def _gives(entry: Entry) -> bool:
    return entry.by is Side.ME and any(act.act is ActType.GIVE for act in entry.acts)
