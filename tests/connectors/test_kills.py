"""The short form of `bench/kills.py`: an account is added, its sync killed at any moment, and nothing comes of that."""

from __future__ import annotations

import os

import pytest

from bench import kills
from tests.connectors.dovecot import BINARY, WHY_NOT


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    "name", [pytest.param("imap", marks=pytest.mark.skipif(not BINARY, reason=WHY_NOT)), "google", "graph"]
)
def test_syncs_that_are_killed_end_where_an_undisturbed_one_does(name: str) -> None:
    killed, right = kills.run(name, kills=2, seed=1)
    assert killed >= 2
    assert right
