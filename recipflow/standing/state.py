"""The state a ledger folds into: a handful of numbers, as the last act left them, and what can be read from them."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any, NamedTuple

from recipflow.standing.etiquette import Terms
from recipflow.standing.pools import Debt, Pools

BEFORE_ALL = -719_163.0
"""The day before the first one a datetime can name, counted from 1970: a standing nothing has happened to."""

PACE_BASE = 2.0
"""Asks of this many fu, with nothing given lately, are a pressure of 1. Ours."""


class Anchor(NamedTuple):
    """Their side right after the last give worth the name: the window hangs on it, so it does not slide."""

    at: float
    pools: Pools


class Ask(NamedTuple):
    """My last ask that was neither granted nor refused; it may have lapsed, and still be answered."""

    at: float
    size: float
    last: float  #: when it was made, or last followed up
    followups: int = 0
    retreat: bool = False  #: it stands in the place of one that was refused
    lapsed: bool = False  #: somebody said so; by itself it lapses at `lapses_at`


class Answer(NamedTuple):
    """A grant or a refusal, and the size of the ask it answered."""

    at: float
    size: float


NOTHING_GIVEN = Pools()
NOTHING_OWED = Debt()


class Standing(NamedTuple):
    """What is believed about one contact as the last act left it. Times in days, values in fu.

    The refused size is 0 when there is nothing (left) to retreat from.
    """

    at: float = BEFORE_ALL
    theirs: Pools = NOTHING_GIVEN
    mine: Debt = NOTHING_OWED
    asked: float = 0.0  #: P, the pace: what I asked lately
    given: float = 0.0  #: E, the pace: what I gave lately
    anchor: Anchor | None = None
    ask: Ask | None = None
    granted: Answer | None = None
    given_since: float = 0.0  #: by me, since that grant
    refused: Answer | None = None
    thanks_due_since: float | None = None

    @property
    def goodwill(self) -> float:
        return self.theirs.goodwill

    @property
    def readiness(self) -> float:
        return self.theirs.readiness

    @property
    def owed(self) -> float:
        return self.mine.owed

    @property
    def pressure(self) -> float:
        return self.asked / (PACE_BASE + self.given)

    @property
    def anchored_at(self) -> float | None:
        return self.anchor.at if self.anchor else None


def advance(standing: Standing, t: float, terms: Terms) -> Standing:
    """The standing at `t` (days), when nothing happened since; ValueError for a time before its last act."""
    days = t - standing.at
    if days == 0.0:
        return standing
    if not days > 0.0:
        raise ValueError(
            f"a standing of day {standing.at} cannot go back to day {t}: refold its acts in order"
        )
    pace = exp(-terms.pace_rate * days)
    return standing._replace(
        at=t,
        theirs=standing.theirs.after(days, terms),
        mine=standing.mine.after(days, terms),
        asked=standing.asked * pace,
        given=standing.given * pace,
    )


def to_list(standing: Standing) -> list[Any]:
    """Numbers, booleans, None and lists of them, for JSON; `from_list` gives the same standing bit for bit."""
    nested = (standing.theirs, standing.mine, standing.granted, standing.refused, standing.ask)
    return [
        standing.at,
        standing.asked,
        standing.given,
        standing.given_since,
        standing.thanks_due_since,
        [standing.anchor.at, *standing.anchor.pools] if standing.anchor else None,
        *(None if part is None else list(part) for part in nested),
    ]


def from_list(values: Sequence[Any]) -> Standing:
    """The standing that `to_list` wrote."""
    at, asked, given, given_since, thanks_due_since, anchor, theirs, mine, granted, refused, ask = values
    return Standing(
        at=at,
        asked=asked,
        given=given,
        given_since=given_since,
        thanks_due_since=thanks_due_since,
        anchor=Anchor(anchor[0], Pools(*anchor[1:])) if anchor else None,
        theirs=Pools(*theirs),
        mine=Debt(*mine),
        granted=Answer(*granted) if granted else None,
        refused=Answer(*refused) if refused else None,
        ask=Ask(*ask) if ask else None,
    )
