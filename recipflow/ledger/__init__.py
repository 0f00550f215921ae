"""The fold of one contact's ledger: entries in, the relationship out.

A favour counts once: a give that answers an open ask *is* its grant, at the ask's size, and the later delivery of a
granted ask adds nothing (MODEL.md, "Acts"). What an automatic reply says answers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recipflow.ledger import mine, theirs
from recipflow.ledger.books import Books
from recipflow.ledger.relationship import DAY, Relationship
from recipflow.model import ActType, Entry, Side
from recipflow.standing import Terms

SILENCE_DAYS = 14.0
"""A detected give is of low relevance when nothing came back for this long (MODEL.md, "Acts")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What came back after a give of mine, as far as it is known by now."""

    thanked: bool = False
    heard: bool = False
    until: float = 0.0  #: when silence will have lasted `SILENCE_DAYS`


def fold(entries: Sequence[Entry], terms: Terms, now: float) -> Relationship:
    """The relationship as `entries` (in ledger order, none after `now`) leave it.

    `now` (days since the epoch, UTC) only decides which gives of mine have met `SILENCE_DAYS` of silence;
    `Relationship.refold_at` says when that answer will change.
    """
    books = Books(terms, now)
    for entry, echo in zip(entries, _echoes(entries), strict=True):
        _enter(books, entry, echo)
        if not echo.heard and now < echo.until and _gives(entry):
            books.refold_at = echo.until if books.refold_at is None else min(books.refold_at, echo.until)
    return books.close()


def _enter(books: Books, entry: Entry, echo: Echo) -> None:
    at = entry.at.timestamp() / DAY
    if entry.away_until is not None:
        books.away_until = entry.away_until
        return
    if entry.by is Side.THEM:
        theirs.enter(books, entry, at)
    else:
        ignored = not echo.heard and books.now >= echo.until
        mine.enter(books, entry, at, thanked=echo.thanked, ignored=ignored)
    books.note(entry, at)


def _gives(entry: Entry) -> bool:
    return entry.by is Side.ME and any(act.act is ActType.GIVE for act in entry.acts)


def _echoes(entries: Sequence[Entry]) -> list[Echo]:
    """For each entry, what came back within `SILENCE_DAYS`: any word, and thanks in its thread. One pass from the end."""
    echoes: list[Echo] = []
    heard_at = float("inf")
    thanked_at: dict[str, float] = {}
    for entry in reversed(entries):
        at = entry.at.timestamp() / DAY
        until = at + SILENCE_DAYS
        thanked = thanked_at.get(entry.thread, float("inf")) <= until
        echoes.append(Echo(thanked=thanked, heard=heard_at <= until, until=until))
        if entry.by is Side.THEM and entry.away_until is None:
            heard_at = at
            if any(act.act is ActType.THANKS for act in entry.acts):
                thanked_at[entry.thread] = at
    echoes.reverse()
    return echoes
