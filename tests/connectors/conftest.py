"""Servers that several test modules share, each started once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.connectors import dovecot
from tests.connectors.dovecot import Dovecot


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    if not dovecot.BINARY and not os.environ.get("RECIPFLOW_ALL_SERVERS"):
        pytest.skip(dovecot.WHY_NOT)
    with dovecot.running() as server:
        yield server
