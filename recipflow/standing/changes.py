"""When an answer about a standing changes by itself, so that nobody needs to look before."""

from __future__ import annotations

from math import log
from typing import NamedTuple

from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import above, root
from recipflow.standing.pools import Pools
from recipflow.standing.state import PACE_BASE, Standing

FRESH_SHARE = 0.5
"""Goodwill more than this share of which is fresh still looks like a string attached. Ours."""

OWING_SLACK = 0.5
"""The user owes when this many fu more are owed than there is goodwill. Ours."""

INSTANT = 1e-6
"""How exactly a change is foreseen, in days: at most a tenth of a second late, so that it has come by then."""


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

    matured = root(surplus, 0.0, log(1.0 / FRESH_SHARE) / terms.freshness_rate)
    return standing.at + matured + INSTANT


def owes(standing: Standing) -> bool:
    """Whether the user owes more than goodwill covers."""
    return _owes(standing.owed, standing.goodwill)


def owing_changes_at(standing: Standing, terms: Terms) -> float | None:
    """When `owes` changes next by itself: a debt fades, but goodwill fades faster. None if it never does.

    Searched by halving: a span whose ends show that owing cannot change in between is left alone.
    """
    if not above(standing.owed, OWING_SLACK):
        return None
    owing = owes(standing)
    last = 2.0 * log(standing.owed / OWING_SLACK) / terms.substantial_rate + INSTANT
    spans = [(_balances(standing, 0.0, terms), _balances(standing, last, terms))]
    while spans:
        early, late = spans.pop()
        if late.days - early.days <= INSTANT:
            if _owes(late.owed, late.goodwill) is not owing:
                return standing.at + late.days
        elif _owes(late.owed, early.goodwill) is not _owes(early.owed, late.goodwill):
            middle = _balances(standing, early.days + (late.days - early.days) / 2.0, terms)
            spans += [(middle, late), (early, middle)]
    return None


def pressure_falls_at(standing: Standing, level: float, terms: Terms, *, more: float = 0.0) -> float | None:
    """When pressure, with `more` fu asked, will have fallen to `level`; None if it never will, or is there already."""
    excess = standing.asked - level * standing.given
    room = level * PACE_BASE - more
    if excess <= room or room <= 0.0:
        return None
    return standing.at + log(excess / room) / terms.pace_rate


class _Balances(NamedTuple):
    days: float
    owed: float
    goodwill: float


def _balances(standing: Standing, days: float, terms: Terms) -> _Balances:
    return _Balances(days, standing.mine.after(days, terms).owed, standing.theirs.after(days, terms).goodwill)


def _owes(owed: float, goodwill: float) -> bool:
    return above(owed, goodwill + OWING_SLACK)
