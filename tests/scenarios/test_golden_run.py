"""Three weeks of the gold mailbox with a fast clock, undisturbed and killed at random: the outcome is the same.

All thirteen months are `bench/golden.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench import golden

UNTIL = datetime(2025, 10, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def calm() -> golden.Outcome:
    if not golden.GOLD.exists():
        pytest.skip("the gold mailbox is not at ../shared/data/gold_dev")
    return golden.play(golden.GOLD, 12.0, UNTIL)


def test_every_delivery_is_made_once_and_comes_to_an_end(calm: golden.Outcome) -> None:
    assert calm.digests
    assert calm.reminders
    assert calm.doubled == []
    assert calm.left == []
    assert set(calm.reminders.values()) <= {0, 1}


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_it_comes_to_the_same(calm: golden.Outcome, seed: int) -> None:
    troubled = golden.play(golden.GOLD, 12.0, UNTIL, golden._chance(0.015, seed))
    assert troubled.deaths
    assert (troubled.doubled, troubled.left) == ([], [])
    assert troubled.digests.keys() == calm.digests.keys()
    assert troubled.began == calm.began
    assert set(troubled.reminders.values()) <= {0, 1}
