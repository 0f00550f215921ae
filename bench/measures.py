"""Precision, recall, F1 and average precision, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLES = 500
"""Bootstrap samples; each draws as many messages as there are."""

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How one label was found in one set. An interval holds 95 % of the bootstrap samples."""

    n: int  #: messages it is true of
    precision: float
    recall: float
    f1: float
    ap: float
    f1_interval: tuple[float, float]
    precision_interval: tuple[float, float]
    ap_interval: tuple[float, float]


def measured(truth: Sequence[bool], said: Sequence[bool], certainty: Sequence[float]) -> Measured:
    """Compare what was said, and how surely, with what is true. Same input, same intervals."""
    t, s, c = np.array(truth, float), np.array(said, float), np.array(certainty, float)
    draw = np.random.default_rng(0)
    samples = [draw.integers(0, len(t), len(t)) for _ in range(SAMPLES)]
    scores = [_scores(t[sample], s[sample]) for sample in samples]
    precision, recall, f1 = _scores(t, s)
    return Measured(
        n=int(t.sum()),
        precision=precision,
        recall=recall,
        f1=f1,
        ap=average_precision(t, c),
        f1_interval=_interval([score[2] for score in scores]),
        precision_interval=_interval([score[0] for score in scores]),
        ap_interval=_interval([average_precision(t[sample], c[sample]) for sample in samples]),
    )


def average_precision(truth: Column, certainty: Column) -> float:
    """The mean precision at each true message, most certain first; equally certain ones count as one step."""
    if not truth.sum():
        return 0.0
    order = np.argsort(-certainty, kind="stable")
    hits = np.cumsum(truth[order])
    steps = np.flatnonzero(np.append(np.diff(certainty[order]) != 0, True))
    found = hits[steps]
    gained = np.diff(np.append(0.0, found))
    return float((gained * found / (steps + 1)).sum() / truth.sum())


def as_json(one: Measured) -> Mapping[str, object]:
    return {name: getattr(one, name) for name in Measured.__slots__}


def _scores(truth: Column, said: Column) -> tuple[float, float, float]:
    right, claimed, all_true = float((truth * said).sum()), float(said.sum()), float(truth.sum())
    precision = right / claimed if claimed else 0.0
    recall = right / all_true if all_true else 0.0
    return precision, recall, 2 * right / (claimed + all_true) if claimed + all_true else 0.0


def _interval(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
