"""When an answer about a standing changes by itself, so that nobody needs to look before."""

from __future__ import annotations

from math import log

from recipflow.standing.numbers import above, root
from recipflow.standing.pools import Pools
from recipflow.standing.state import PACE_BASE, Standing, advance
from recipflow.standing.terms import Terms

FRESH_SHARE = 0.5
"""Goodwill more than this share of which is fresh still looks like a string attached. Ours."""

OWING_SLACK = 0.5
"""The user owes when this many fu more are owed than there is goodwill. Ours."""

INSTANT = 1e-6
"""As exactly as the search for a change looks, in days: a tenth of a second."""


def too_fresh(pools: Pools) -> bool:
    return above(pools.fresh, FRESH_SHARE * pools.goodwill)


def fresh_until(standing: Standing, terms: Terms) -> float | None:
    """When the larger part of goodwill will have matured; None if it has."""
    pools = standing.theirs
    if not too_fresh(pools):
        return None

    def surplus(days: float) -> float:
        later = pools.after(days, terms)
        return later.fresh - FRESH_SHARE * later.goodwill

    return standing.at + root(surplus, 0.0, log(1.0 / FRESH_SHARE) / terms.freshness_rate)


def owes(standing: Standing) -> bool:
    """Whether the user owes more than goodwill covers."""
    return above(standing.owed, standing.goodwill + OWING_SLACK)


def owing_changes_at(standing: Standing, terms: Terms) -> float | None:
    """When `owes` changes next by itself: a debt fades, but goodwill fades faster. None if it never does.

    Searched by halving: on a span that owing cannot change in, by its ends, nobody looks closer.
    """
    if not above(standing.owed, OWING_SLACK):
        return None
    owing = owes(standing)
    end = 2.0 * log(standing.owed / OWING_SLACK) / terms.substantial_rate + INSTANT
    spans = [(standing, advance(standing, standing.at + end, terms))]
    while spans:
        early, late = spans.pop()
        if late.at - early.at <= INSTANT:
            if owes(late) is not owing:
                return late.at
        elif _may_turn(early, late, owing=owing):
            middle = advance(early, early.at + (late.at - early.at) / 2.0, terms)
            spans += [(middle, late), (early, middle)]
    return None


def pressure_falls_at(standing: Standing, level: float, terms: Terms, *, more: float = 0.0) -> float | None:
    """When pressure, with `more` fu asked, will have fallen to `level`; None if it never will, or is there already."""
    excess = standing.asked - level * standing.given
    room = level * PACE_BASE - more
    if excess <= room or room <= 0.0:
        return None
    return standing.at + log(excess / room) / terms.pace_rate


def _may_turn(early: Standing, late: Standing, *, owing: bool) -> bool:
    """Whether owing can change between the two: both balances only fall."""
    if owing:
        return not above(late.owed, early.goodwill + OWING_SLACK)
    return above(early.owed, late.goodwill + OWING_SLACK)
