"""Servers that several test modules share, each started once; and no test touches the keyring of whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.connectors import dovecot
from tests.connectors.dovecot import Dovecot

settings.register_profile("slow machines", deadline=None)
settings.load_profile("slow machines")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    """In `.ci/run` it must be there; elsewhere its tests are skipped without it."""
    if not dovecot.BINARY and not os.environ.get("RECIPFLOW_ALL_SERVERS"):
        pytest.skip(dovecot.WHY_NOT)
    with dovecot.running() as server:
        yield server
