"""Asks and promises that time has overtaken: the day they were about has gone by."""

from __future__ import annotations

import re
from datetime import tzinfo

from recipflow.advice.days import end_of, local_date
from recipflow.ledger.relationship import Asked, OpenItem
from recipflow.model import Flag, Kind
from recipflow.rules.due import day_asked

_PASSING = frozenset({Kind.MEETING, Kind.INFO})
"""What is asked for a day, and of no use after it; a thing to be done by then is late, not past."""
_OVERTAKEN = frozenset({Kind.HELP, Kind.ADVICE})
"""What is asked for an occasion, and is done with when that is over, if no day of its own was set."""
ERRAND = re.compile(
    r"\b(?:can|could|would|will|might) (?:\w+ or )?(?:you|someone|somebody|anyone|anybody)\b|\bplease\b"
)
"""How a question begins that wants something done."""
_UNANSWERABLE = frozenset({Flag.BY_VOICE, Flag.OPTIONAL})
_UNSEEN = _UNANSWERABLE | {Flag.BY_POST}
_TODAY_PAST = re.compile(
    r"\b(?:sent|got|had|made|saw|met|did|said|read|heard|received|noticed|spoke|talked|called|discussed|mentioned"
    r"|came|went|was|were|been|from|until|as of) (?:\w+ ){0,3}(?:today|this (?:morning|afternoon))\b"
)
"""Where today is the day of what happened, not of what is asked for."""


def moot_from(item: OpenItem, zone: tzinfo, *, hasty: bool = False) -> float | None:
    """When the day that an ask was about has gone by (days since the epoch); None when it is about none.

    Its own sentence says it best, else the rest of the letter, where "today" says little about the ask. What goes to a
    `hasty` address, a pager, is of that day.
    """
    asked = local_date(item.at, zone)
    if hasty or Flag.PASSING in item.flags:
        return end_of(asked, zone)
    if item.due is not None:
        return None
    said = " ".join(item.quote.lower().split())
    day = day_asked(said, asked) if item.what in _PASSING | _OVERTAKEN else None
    if _late(item, said) and (day != asked or _TODAY_PAST.search(said)):
        day = None  # by a later day it is late, not past; what can only be done today is past tomorrow
    if (day is None or day < asked) and item.what in _PASSING | _OVERTAKEN:
        day = item.about if item.about is not None and item.about > asked else None
    return None if day is None else end_of(day, zone)


def _late(item: OpenItem, said: str) -> bool:
    """Whether it can still be done after the day: "should I wear a suit tomorrow?" cannot, "could you look at it?" can."""
    return item.what is Kind.HELP or (item.what is Kind.ADVICE and ERRAND.search(said) is not None)


def answered_elsewhere(item: OpenItem | Asked) -> bool:
    """Whether no mail of mine answers what they asked: a call does it, or silence does."""
    return bool(item.flags & _UNANSWERABLE)


def elsewhere(item: OpenItem) -> bool:
    """Whether it is to be done for, or with, somebody else: not a meeting with the user, nor what a word back answers."""
    question = item.what is Kind.INFO and item.quote.rstrip(") ").endswith("?")
    answerable = item.what is Kind.MEETING or (question and not ERRAND.search(item.quote.lower()))
    return Flag.ELSEWHERE in item.flags and not answerable


def unseen(item: OpenItem | Asked) -> bool:
    """Whether mail cannot tell if it was done, or kept: a call or a parcel does it, a system, or silence."""
    return bool(item.flags & _UNSEEN)
