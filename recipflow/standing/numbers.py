"""The two pieces of numerical mathematics the model needs: comparing without rounding, and finding a root."""

from __future__ import annotations

from collections.abc import Callable

ROUNDING = 1e-9
"""What binary rounding may add up to: this share of a threshold, at least of 1 (in days: under 0.1 ms)."""

PRECISION = 1e-10
"""How near a root is found, in days."""

EVALUATIONS = 200
"""Enough to halve any bracket of finite numbers down to `PRECISION`, with room."""


def above(x: float, threshold: float) -> bool:
    """Strictly above, by more than rounding."""
    return x - threshold > ROUNDING * max(1.0, abs(threshold))


def reached(x: float, threshold: float) -> bool:
    """At least the threshold, give or take rounding."""
    return not above(threshold, x)


def has_come(instant: float, t: float) -> bool:
    """Whether `t` is that instant (days) or later, give or take rounding: 7.1 is two days after 5.1."""
    return t >= instant - ROUNDING


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where `f` changes its sign between `low` and `high`; the better of the two ends if it does not.

    Chandrupatla 1997 (Adv. Eng. Software 28:145): as safe as bisection, about as fast as Brent.
    """
    a, b = high, low
    fa, fb = f(a), f(b)
    if (fa > 0.0) == (fb > 0.0):
        return a if abs(fa) < abs(fb) else b
    step = 0.5
    for _ in range(EVALUATIONS):
        x = a + step * (b - a)
        fx = f(x)
        if (fx > 0.0) == (fa > 0.0):
            c, fc = a, fa
        else:
            c, fc, b, fb = b, fb, a, fa
        a, fa = x, fx
        nearest = PRECISION + 4e-16 * abs(x)
        width = abs(b - a)
        if fa == 0.0 or width <= 2.0 * nearest:
            break
        step = min(1.0 - nearest / width, max(nearest / width, _step(a, fa, b, fb, c, fc)))
    return a if abs(fa) < abs(fb) else b


def _step(a: float, fa: float, b: float, fb: float, c: float, fc: float) -> float:
    """How far from `a` towards `b` to look next: inverse quadratic where that is trustworthy, else half-way."""
    if fc == fb or c == b:
        return 0.5
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if not (phi * phi < xi and (1.0 - phi) * (1.0 - phi) < 1.0 - xi):
        return 0.5
    return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
