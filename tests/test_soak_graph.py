"""A mailbox that lives while it is read, with faults and kills: the short form of `bench/soak_graph.py`."""

from __future__ import annotations

import pytest

from bench import soak_graph


@pytest.mark.parametrize("seed", [1, 2])
def test_the_store_equals_the_mailbox_in_spite_of_everything(seed: int) -> None:
    found = soak_graph.run(700, rate=0.06, kills=12, seed=seed)
    assert found.wrong == []
    assert found.faults
    assert found.kills
