"""Counts told honestly: a share with its interval, a spread by its quartiles, and nothing at all of too few."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import quantiles
from typing import NamedTuple

ENOUGH = 20
"""Fewer cases than this say nothing about the next one. Ours."""
_Z = 1.959964
"""Of the standard normal: 95 % lie within."""


class Share(NamedTuple):
    """How many of how many; the 95 % interval (Wilson 1927) where there are enough, else None."""

    hits: int
    of: int
    low: float | None = None
    high: float | None = None


class Spread(NamedTuple):
    """How many values, and their quartiles where there are enough."""

    of: int
    low: float | None = None
    median: float | None = None
    high: float | None = None


class Count(NamedTuple):
    what: str
    number: int


def share(hits: int, of: int) -> Share:
    """With an interval from twenty cases on."""
    if of < ENOUGH:
        return Share(hits, of)
    part, spread = hits / of, _Z * _Z / of
    middle = (part + spread / 2) / (1 + spread)
    reach = _Z * sqrt(part * (1 - part) / of + spread / (4 * of)) / (1 + spread)
    return Share(hits, of, max(0.0, middle - reach), min(1.0, middle + reach))


def spread(values: Sequence[float]) -> Spread:
    """With quartiles from twenty values on."""
    if len(values) < ENOUGH:
        return Spread(len(values))
    low, median, high = quantiles(values, n=4)
    return Spread(len(values), low, median, high)
