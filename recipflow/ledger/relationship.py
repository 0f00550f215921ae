"""What the fold of a ledger leaves behind: standing, open items, favours, and the last time each side was heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from recipflow.model import Flag, Kind
from recipflow.standing import Standing

DAY = 86_400.0
"""Seconds in a day: the model counts time in days, the mail in seconds."""
FORGET_DAYS = 120.0
"""An open item this old waits for nobody any more: it is dropped without a word."""
PACE_DAYS = 45.0
"""Asks older than this weigh little on the pace (one and a half of its half-lives)."""


class OpenKind(StrEnum):
    MY_ASK = "my_ask"
    THEIR_ASK = "their_ask"
    MY_PROMISE = "my_promise"
    THEIR_PROMISE = "their_promise"


class OpenState(StrEnum):
    PENDING = "pending"
    HEARD = "heard"  #: they wrote back, neither yes nor no: nobody is being ignored
    GRANTED = "granted"  #: a yes whose delivery is still to come
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An ask or promise still waiting. Times are in days since the epoch, UTC."""

    kind: OpenKind
    state: OpenState = OpenState.PENDING
    what: Kind | None = None
    size: float = 0.0
    at: float
    last: float  #: when it was last repeated
    repeats: int = 0  #: follow-ups of mine, reminders of theirs
    due: date | None = None
    thread: str
    interaction: str
    quote: str = ""
    words: frozenset[str] = frozenset()  #: its content words, to recognise a delivery in another thread
    confidence: float = 1.0
    shared: bool = False  #: put to several people at once
    flags: frozenset[Flag] = frozenset()  #: what kind of answer it waits for
    about: date | None = None  #: the last day that the letter around it speaks of


@dataclass(frozen=True, slots=True, kw_only=True)
class Favour:
    """Something notable or granted that they did and that was not thanked for yet."""

    at: float
    interaction: str
    quote: str = ""
    what: Kind | None = None
    size: float = 0.0
    granted: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One ask of mine, kept for as long as it weighs on the pace."""

    at: float
    size: float
    interaction: str
    quote: str = ""
    answered: bool = False
    confidence: float = 1.0
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something said or done that no ask waits on: a tangible give of mine, a need of theirs, a decision to come."""

    at: float
    interaction: str
    thread: str
    quote: str = ""
    what: Kind | None = None
    rule: str = ""
    due: date | None = None
    many: bool = False  #: told to more people than would each feel meant
    confidence: float = 1.0


class Answer(StrEnum):
    """What became of an ask of mine."""

    GRANTED = "granted"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  #: I took it back
    CLOSED = "closed"  #: neither yes nor no, and nothing waits any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An ask of mine and one answer to it; a grant and its delivery are two."""

    asked: float  #: when it was asked
    thread: str
    answer: Answer
    at: float
    size: float
    interaction: str  #: of the answer
    what: Kind | None = None
    quote: str = ""  #: of the ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One contact's ledger, folded. What it holds is bounded, however long the ledger is."""

    standing: Standing
    items: tuple[OpenItem, ...] = ()
    favours: tuple[Favour, ...] = ()
    received: tuple[Favour, ...] = ()  #: the last favours of theirs, thanked or not
    tips: tuple[
        Favour, ...
    ] = ()  #: their last advice and pointers in the course of things, that nobody thanks for
    asked: tuple[Asked, ...] = ()
    their_turns: tuple[float, ...] = ()  #: when they asked, or wrote of their own accord, lately
    doubts: tuple[OpenItem, ...] = ()  #: asks and promises too uncertain to be open items
    hopes: tuple[
        Favour, ...
    ] = ()  #: gives of mine that were more than routine, with no word yet of whether they helped
    gift: Favour | None = None  #: the give of mine the window hangs on
    first: float | None = None
    last_mine: float | None = None
    last_theirs: float | None = None
    last_unread: float | None = None  #: the last words between us that could not be read
    last_missed: float | None = None  #: when I last answered mail of theirs that is not among what was read
    last_unseen: float | None = None  #: when they last answered mail of mine that is not among what was read
    away_until: date | None = None
    refold_at: float | None = None  #: when the worth of a give of mine changes by silence alone
    interactions: int = 0
    tangible: tuple[
        Remark, ...
    ] = ()  #: gifts and hospitality of mine, also offered ones, that they did not decline
    needs: tuple[Remark, ...] = ()  #: what they told others, or by the way, that they need
    decisions: tuple[Remark, ...] = ()  #: what they are to decide about something of mine
    results: tuple[Remark, ...] = ()  #: what either side told that something came of something
    answered: tuple[Answered, ...] = ()  #: the last answers to asks of mine
    rounds: int = (
        0  #: gives in a row that were each followed by an ask inside their window, before the last give
    )
    asked_on: bool = False  #: the last give was


def current(relationship: Relationship, now: float) -> Relationship:
    """What of it still matters at `now`: the fold keeps the rest, so that it is the same whenever it is made."""
    return replace(
        relationship,
        items=tuple(item for item in relationship.items if item.last >= now - FORGET_DAYS),
        doubts=tuple(item for item in relationship.doubts if item.last >= now - FORGET_DAYS),
        asked=tuple(ask for ask in relationship.asked if ask.at >= now - PACE_DAYS),
        their_turns=tuple(at for at in relationship.their_turns if at >= now - PACE_DAYS),
    )
