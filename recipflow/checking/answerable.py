"""What makes an ask hard to answer, by its words alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from recipflow.checking.manners import MANNERS, Manner
from recipflow.model import Act
from recipflow.rules.days import ENGLISH
from recipflow.rules.due import day_named, deadline
from recipflow.rules.patterns import plain

CLEAR = 0.9
"""Certainty of an ask that says so in as many words."""
SURE = 0.8
"""Certainty from which a second ask beside the first is one."""


class Hardship(StrEnum):
    """Why an answer takes more than it has to."""

    NOTHING_ASKED = "nothing_asked"
    UNCLEAR = "unclear"
    SEVERAL = "several"
    NO_DATE = "no_date"
    OPEN = "open"
    NO_WAY_OUT = "no_way_out"


def hardships(text: str, asks: Sequence[Act], on: date, language: str = ENGLISH) -> Iterator[Hardship]:
    """What makes this text's asks hard to answer, in the order in which it is worth telling; `on` is the day of writing.

    In a language without manners of its own it is looked for by English words.
    """
    if not asks:
        yield Hardship.NOTHING_ASKED
        return
    manner, words = MANNERS.get(language, MANNERS[ENGLISH]), plain(text)
    best = max(asks, key=lambda act: (act.size or 0.0, act.confidence))
    quote = plain(best.quote)
    if best.confidence < CLEAR and not quote.endswith("?"):
        yield Hardship.UNCLEAR
    if len({act.position for act in asks if act.confidence >= SURE and _wants(act, manner)}) > 1:
        yield Hardship.SEVERAL
    if not _has_a_day(words, asks, on, language):
        yield Hardship.NO_DATE
    closed = manner.closed.search(quote) or day_named(quote, on, language) is not None
    if manner.open.search(quote) or not closed:
        yield Hardship.OPEN
    if not manner.way_out.search(words):
        yield Hardship.NO_WAY_OUT


def _wants(act: Act, manner: Manner) -> bool:
    """Whether it wants something: an order that leaves them free is none."""
    words = plain(act.quote)
    return words.endswith("?") or not manner.way_out.search(words)


def _has_a_day(words: str, asks: Sequence[Act], on: date, language: str) -> bool:
    """Whether it says by when, or for which day."""
    if deadline(words, on, language) is not None:
        return True
    return any(act.due or day_named(plain(act.quote), on, language) for act in asks)
