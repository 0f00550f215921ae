"""Microseconds of CPU for one act applied to a standing, with its window solved: python bench/standing.py [--json]."""

from __future__ import annotations

import argparse
import json
import platform
import random
import time
from collections.abc import Callable
from statistics import median

from recipflow import standing as model
from recipflow.model import NormName, ProfileName, Side
from recipflow.packs import read_toml

ACTS = 4_000
RUNS = 5
LIMIT = 100.0

Step = Callable[[model.Standing], model.Standing]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = arguments.parse_args().json
    profiles = model.read_profiles(read_toml("profiles.toml"))
    neutral = model.read_norms(read_toml("norms.toml"))[NormName.NEUTRAL]
    result = {name.value: measure(model.terms(profiles[name], neutral)) for name in ProfileName}
    if as_json:
        print(
            json.dumps({"us_per_act_and_window": result, "limit": LIMIT, "python": platform.python_version()})
        )
        return
    for name, microseconds in result.items():
        print(
            f"{name:10} {microseconds:6.1f} µs per act with its window (limit {LIMIT:.0f}, median of {RUNS})"
        )


def measure(terms: model.Terms) -> float:
    """Microseconds for each act of a ledger, window solved after every one; median of `RUNS`."""
    return median(play(ledger(terms), terms) for _ in range(RUNS)) * 1e6 / ACTS


def play(steps: list[Step], terms: model.Terms) -> float:
    now = model.Standing()
    started = time.process_time()
    for step in steps:
        now = step(now)
        model.window(now, terms)
    return time.process_time() - started


def ledger(terms: model.Terms) -> list[Step]:
    """Every kind of act, gives the most frequent, one every few hours; every give is apt to move the window."""
    dice = random.Random(7)
    day = 20_000.0
    steps: list[Step] = []
    for _ in range(ACTS):
        day += dice.expovariate(3.0)
        steps.append(act(dice, day, terms))
    return steps


def act(dice: random.Random, day: float, terms: model.Terms) -> Step:
    size = dice.uniform(0.2, 8.0)
    answer = dice.choice(list(model.Outcome))
    return dice.choice(
        (
            lambda now: model.give(now, day, size, terms),
            lambda now: model.give(now, day, size, terms),
            lambda now: model.give(now, day, size, terms),
            lambda now: model.receive(now, day, size / 2, terms),
            lambda now: model.ask(now, day, size, terms),
            lambda now: model.outcome(now, day, answer, terms),
            lambda now: model.thanks(now, day, Side.ME, terms),
        )
    )


if __name__ == "__main__":
    main()
