"""Profiles and norms out of TOML: the built-in ones are whole, and every fault of another is said at once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from recipflow.errors import UserError
from recipflow.model import NormName, ProfileName
from recipflow.packs import read_toml
from recipflow.standing import read_norms, read_profiles, terms


def profiles() -> dict[str, Any]:
    return deepcopy(read_toml("profiles.toml"))


def test_the_built_in_profiles_and_norms_are_whole() -> None:
    assert set(read_profiles(profiles())) == set(ProfileName)
    assert set(read_norms(read_toml("norms.toml"))) == set(NormName)


def test_rates_follow_from_half_lives_under_the_norm() -> None:
    business = read_profiles(profiles())[ProfileName.BUSINESS]
    norms = read_norms(read_toml("norms.toml"))
    neutral, enduring = (terms(business, norms[name]) for name in (NormName.NEUTRAL, NormName.ENDURING))
    assert neutral.small_rate == pytest.approx(0.693147 / 3.5, rel=1e-5)
    assert neutral.freshness_rate == 2.0
    assert enduring.small_rate == neutral.small_rate / 4
    assert (enduring.freshness_rate, enduring.pace_rate) == (neutral.freshness_rate, neutral.pace_rate)


def test_every_problem_is_told_at_once() -> None:
    broken = profiles()
    del broken["sales"]
    broken["business"]["half_life"] = 3
    broken["business"]["communal"] = "no"
    broken["business"]["lapse_days"] = -1
    broken["close"]["followup_days"] = [3, "x"]
    broken["friendly"] = {}
    with pytest.raises(UserError) as caught:
        read_profiles(broken, "my.toml")
    problems = caught.value.problems
    assert len(problems) == 6
    assert all(problem.startswith("my.toml") for problem in problems)
    for word in ("[sales]", "unknown key half_life", "communal", "lapse_days", "followup_days", "[friendly]"):
        assert any(word in problem for problem in problems), word


@pytest.mark.parametrize("value", [0, -1, True, "3", None, float("inf"), float("nan")])
def test_a_half_life_is_a_number_above_zero(value: object) -> None:
    broken = profiles()
    broken["business"]["small_half_life_days"] = value
    with pytest.raises(UserError, match="small_half_life_days"):
        read_profiles(broken)


def test_freshness_that_outlasts_small_favours_is_refused() -> None:
    broken = profiles()
    broken["business"]["freshness_minutes"] = 30 * 1440
    with pytest.raises(UserError, match="freshness"):
        read_profiles(broken)


def test_a_return_cannot_settle_more_than_it_is_worth() -> None:
    broken = deepcopy(read_toml("norms.toml"))
    broken["neutral"]["settles"] = 1.5
    with pytest.raises(UserError, match="settles must be a number above 0, at most 1"):
        read_norms(broken)
