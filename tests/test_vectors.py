"""The standing model plays the vectors that define it: those kept here, and any named in RECIPFLOW_VECTORS."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recipflow import standing as model
from recipflow.model import Kind, NormName, ProfileName, Side
from recipflow.packs import read_toml

ROOT = Path(__file__).resolve().parents[1]
WORKED = ROOT / "tests" / "data" / "worked_cases.json"
SHARED = ROOT.parent / "shared" / "model" / "cases.json"
TOLERANCE = 1e-4

Step = dict[str, Any]


def vector_files() -> Iterator[Path]:
    yield WORKED
    named = os.environ.get("RECIPFLOW_VECTORS")
    if named is not None:
        yield from (Path(name) for name in named.split(os.pathsep) if name)
    elif SHARED.exists():
        yield SHARED


def cases() -> Iterator[Any]:
    for file in vector_files():
        for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
            yield pytest.param(case, id=case["title"])


class Player:
    """Plays the steps of one case; each returns what the step may expect."""

    def __init__(self, profile: str, norm: str) -> None:
        profiles, norms = read_toml("profiles.toml"), read_toml("norms.toml")
        self.terms = model.terms(
            model.read_profiles(profiles)[ProfileName(profile)], model.read_norms(norms)[NormName(norm)]
        )
        self.now = model.Standing()

    def play(self, step: Step) -> dict[str, Any]:
        play: Callable[[Step], dict[str, Any]] = getattr(self, step["do"])
        return play(step)

    def give(self, step: Step) -> dict[str, Any]:
        worth = self.worth(step, Side.ME)
        routine = step.get("routine", False)
        self.now = model.give(self.now, step["at"], worth.value, self.terms, routine=routine)
        return {"value": worth.value, "warnings": list(worth.warnings)}

    def receive(self, step: Step) -> dict[str, Any]:
        worth = self.worth(step, Side.THEM)
        self.now = model.receive(self.now, step["at"], worth.value, self.terms)
        return {"value": worth.value, "warnings": list(worth.warnings)}

    def worth(self, step: Step, by: Side) -> model.Worth:
        names = ("personal", "unexpected", "effort", "bundled", "first_contact", "routine")
        return model.value(
            step["size"],
            Kind(step.get("kind", "help")),
            self.terms,
            by=by,
            relevance=model.Relevance(step.get("relevance", "high")),
            **{name: step.get(name, False) for name in names},
        )

    def check(self, step: Step) -> dict[str, Any]:
        followup = step.get("followup", False)
        result = model.check(self.now, step["at"], step["size"], self.terms, followup=followup)
        return {
            "warnings": list(result.warnings),
            "pressure_after": result.pressure_after,
            "credit": result.credit,
        }

    def ask(self, step: Step) -> dict[str, Any]:
        before = self.check(step)
        followup = step.get("followup", False)
        self.now = model.ask(self.now, step["at"], step["size"], self.terms, followup=followup)
        assert self.now.pressure == pytest.approx(before["pressure_after"], abs=TOLERANCE)
        return before

    def outcome(self, step: Step) -> dict[str, Any]:
        self.now = model.outcome(self.now, step["at"], model.Outcome(step["what"]), self.terms)
        return {}

    def thanks(self, step: Step) -> dict[str, Any]:
        self.now = model.thanks(self.now, step["at"], Side(step["by"]), self.terms)
        return {}

    def standing(self, step: Step) -> dict[str, Any]:
        seen = model.advance(self.now, step["at"], self.terms)
        window = model.window(seen, self.terms)
        return {
            "goodwill": seen.goodwill,
            "readiness": seen.readiness,
            "owed": seen.owed,
            "pressure": seen.pressure,
            "window": None if window is None else list(window),
            "stale_at": model.stale_at(seen, self.terms),
        }


@pytest.mark.parametrize("case", list(cases()))
def test_the_model_answers_as_the_vector_says(case: dict[str, Any]) -> None:
    player = Player(case["profile"], case["norm"])
    for number, step in enumerate(case["steps"]):
        actual = player.play(step)
        for key, expected in step.get("expect", {}).items():
            assert matches(actual[key], expected), (
                f"step {number}, {key}: {actual[key]} is not {expected} in {step}"
            )


def matches(actual: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return (
            isinstance(actual, list) and len(actual) == len(expected) and all(map(matches, actual, expected))
        )
    if isinstance(expected, float | int) and not isinstance(expected, bool):
        return actual is not None and abs(actual - expected) <= TOLERANCE
    return bool(actual == expected)
