"""When an ask is well placed, and until when a favour is remembered: both hang on the anchor, not on now."""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import above, root
from recipflow.standing.pools import Pools
from recipflow.standing.state import Standing

OPENS = 0.8
CLOSES = 0.6
"""A window opens and closes at these shares of its best readiness. Ours."""

LEAST = 0.25
"""No window for less readiness (fu). Ours."""

STALE_SHARE = 0.25
STALE_FLOOR = 0.10
"""A favour is stale when less than this share of its goodwill, or less than this many fu, is left. Ours."""

STALE_FROM = 0.25
"""A favour worth no more (fu) is too small to go stale."""


class Window(NamedTuple):
    """In days, as a standing's times."""

    opens: float
    best: float
    closes: float


def window(standing: Standing, terms: Terms) -> Window | None:
    """When an ask is well placed; None if there is too little to hang it on.

    Readiness rises to a single peak and falls: in the order of their rates, its four exponentials change
    sign once (Descartes' rule; `Profile` sees to the order).
    """
    if standing.anchor is None:
        return None
    at, pools = standing.anchor
    best, peak = _best(pools, terms)
    if peak < LEAST:
        return None
    return Window(at + _opens(pools, best, peak, terms), at + best, at + _closes(pools, best, peak, terms))


def stale_at(standing: Standing, terms: Terms) -> float | None:
    """When the goodwill of the anchor will have gone stale; None if it never was worth the word."""
    if standing.anchor is None:
        return None
    at, pools = standing.anchor
    if not above(pools.goodwill, STALE_FROM):
        return None
    limit = stale_limit(pools)
    latest = log(pools.goodwill / limit) / terms.substantial_rate

    def surplus(days: float) -> float:
        return (
            pools.small * exp(-terms.small_rate * days)
            + pools.substantial * exp(-terms.substantial_rate * days)
            - limit
        )

    return at + root(surplus, 0.0, latest)


def stale_limit(anchor: Pools) -> float:
    """The goodwill (fu) below which the favours that made the anchor are stale."""
    return max(anchor.goodwill * STALE_SHARE, STALE_FLOOR)


def _best(pools: Pools, terms: Terms) -> tuple[float, float]:
    """Days from the anchor to the best moment, and the readiness then."""

    def slope(days: float) -> float:
        fresh = exp(-terms.freshness_rate * days)
        small = pools.fresh_small * fresh * (small_fresh_rate) - terms.small_rate * pools.small
        substantial = (
            pools.fresh_substantial * fresh * substantial_fresh_rate
            - terms.substantial_rate * pools.substantial
        )
        return small * exp(-terms.small_rate * days) + substantial * exp(-terms.substantial_rate * days)

    small_fresh_rate = terms.small_rate + terms.freshness_rate
    substantial_fresh_rate = terms.substantial_rate + terms.freshness_rate
    best = root(slope, 0.0, terms.latest_best) if slope(0.0) > 0.0 else 0.0
    return best, _readiness(pools, best, terms)


def _readiness(pools: Pools, days: float, terms: Terms) -> float:
    fresh = exp(-terms.freshness_rate * days)
    small = (pools.small - pools.fresh_small * fresh) * exp(-terms.small_rate * days)
    substantial = (pools.substantial - pools.fresh_substantial * fresh) * exp(-terms.substantial_rate * days)
    return small + substantial


def _opens(pools: Pools, best: float, peak: float, terms: Terms) -> float:
    if pools.readiness >= OPENS * peak:
        return 0.0
    return root(lambda days: _readiness(pools, days, terms) - OPENS * peak, 0.0, best)


def _closes(pools: Pools, best: float, peak: float, terms: Terms) -> float:
    """Readiness is never above goodwill, which falls at least at the slower rate: there lies the far end."""
    latest = log(pools.goodwill / (CLOSES * peak)) / terms.substantial_rate
    return root(lambda days: _readiness(pools, days, terms) - CLOSES * peak, best, latest)
