"""IMAP in foul weather, in short: the line breaks, the program is killed, folders change, and nothing is lost."""

from __future__ import annotations

import os

import pytest

from bench import soak_imap
from tests.connectors.dovecot import Dovecot


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_after_a_storm_the_store_holds_what_the_server_holds(imap_server: Dovecot) -> None:
    found = soak_imap.run(messages=1_200, kills=3, seed=7, longest=2.5)
    assert (found.missing, found.strange, found.changed) == ([], [], [])
    assert found.kills
    assert found.faults
