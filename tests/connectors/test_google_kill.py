"""The short form of `bench/kill_google.py`."""

from __future__ import annotations

import os

import pytest

from bench import kill_google


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_syncs_of_google_that_are_killed_end_where_an_undisturbed_one_does() -> None:
    killed, right = kill_google.run(kills=2, seed=1)
    assert killed >= 2
    assert right
