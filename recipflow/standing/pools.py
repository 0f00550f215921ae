"""Value that decays: the pools of either side, and how a give enters them and a return settles them."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from recipflow.standing.etiquette import Terms

OWED_FADES = 0.5
"""What the user owes fades at this share of the rates: givers remember longer (Flynn 2003; the sign only)."""


class Pools(NamedTuple):
    """Their side: goodwill towards the user, in fu; a part of it still looks like a string attached."""

    small: float = 0.0
    substantial: float = 0.0
    fresh_small: float = 0.0  #: the part of `small` that is still fresh
    fresh_substantial: float = 0.0

    @property
    def goodwill(self) -> float:
        return self.small + self.substantial

    @property
    def fresh(self) -> float:
        return self.fresh_small + self.fresh_substantial

    @property
    def readiness(self) -> float:
        """Goodwill that has matured."""
        return max(0.0, self.goodwill - self.fresh)

    def after(self, days: float, terms: Terms) -> Pools:
        small, substantial = exp(-terms.small_rate * days), exp(-terms.substantial_rate * days)
        fresh = exp(-terms.freshness_rate * days)
        return Pools(
            self.small * small,
            self.substantial * substantial,
            self.fresh_small * small * fresh,
            self.fresh_substantial * substantial * fresh,
        )

    def scaled(self, factor: float) -> Pools:
        return Pools(
            self.small * factor,
            self.substantial * factor,
            self.fresh_small * factor,
            self.fresh_substantial * factor,
        )

    def plus(self, value: float, terms: Terms) -> Pools:
        """With a give of `value` fu added, all of it fresh."""
        small, substantial = _split(value, terms)
        return Pools(
            self.small + small,
            self.substantial + substantial,
            self.fresh_small + small,
            self.fresh_substantial + substantial,
        )


class Debt(NamedTuple):
    """The user's side: what the user owes, in fu."""

    small: float = 0.0
    substantial: float = 0.0

    @property
    def owed(self) -> float:
        return self.small + self.substantial

    def after(self, days: float, terms: Terms) -> Debt:
        days *= OWED_FADES
        return Debt(
            self.small * exp(-terms.small_rate * days), self.substantial * exp(-terms.substantial_rate * days)
        )

    def scaled(self, factor: float) -> Debt:
        return Debt(self.small * factor, self.substantial * factor)

    def plus(self, value: float, terms: Terms) -> Debt:
        small, substantial = _split(value, terms)
        return Debt(self.small + small, self.substantial + substantial)


def settlement(paid: float, balance: float, terms: Terms) -> tuple[float, float]:
    """What `paid` fu do to a `balance`: the factor that its pools keep, and what of the payment is left over."""
    if balance <= 0.0:
        return 1.0, paid
    settled = min(paid, balance)
    return 1.0 - terms.settles * (settled / balance), paid - settled


def _split(value: float, terms: Terms) -> tuple[float, float]:
    """Small favour and substantial help in a give: its larger part is substantial, the larger it is."""
    substantial = value * (value / (value + terms.half_substantial))
    return value - substantial, substantial
