"""Three weeks of the built-in mailbox with a fast clock, undisturbed and killed at random: the outcome is the same.

All thirteen months are `bench/golden.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.golden import chance
from recipflow.demo import unpack
from recipflow.testing.memory import NEVER, Fault
from tests.daemon.golden import Outcome, differences, play
from tests.worlds.all import opened

UNTIL = datetime(2025, 10, 22, tzinfo=UTC)


def played(place: Path, faults: Callable[[str], Fault] = NEVER) -> Outcome:
    files = unpack(place)
    with opened("memory", files, place / "world") as world:
        return play(place / "home", world, files.people, until=UNTIL, faults=faults)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return played(tmp_path_factory.mktemp("calm"))


def test_every_delivery_is_made_once_and_comes_to_an_end(calm: Outcome) -> None:
    assert len(calm.posted) == len(calm.digests) > 0
    assert calm.reminders
    assert sorted(calm.last) == sorted(calm.wanted)
    assert [*calm.doubled, *calm.twice, *calm.left] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_it_comes_to_the_same(calm: Outcome, seed: int, tmp_path: Path) -> None:
    troubled = played(tmp_path, chance(0.015, seed))
    assert troubled.deaths
    assert {what: n for what, n in differences(calm, troubled).items() if n} == {}
