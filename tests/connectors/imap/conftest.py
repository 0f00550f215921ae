"""A mailbox of its own for each test."""

from __future__ import annotations

import pytest

from tests.connectors.dovecot import Dovecot
from tests.connectors.mailbox import ServerMailbox


@pytest.fixture
def account(imap_server: Dovecot) -> ServerMailbox:
    return ServerMailbox(imap_server)
