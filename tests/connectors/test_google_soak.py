"""The short form of `bench/soak_google.py`, always the same course of things."""

from __future__ import annotations

import pytest

from bench import soak_google


@pytest.mark.parametrize("seed", [1, 2])
def test_in_the_end_the_store_equals_the_mailbox_message_for_message(seed: int) -> None:
    soak = soak_google.run(1_000, seed, 0.02)
    assert soak.wrong == []
    assert soak.deaths
    assert soak.changes
    assert soak.google.faults.hit
    assert soak.google.writes == []
