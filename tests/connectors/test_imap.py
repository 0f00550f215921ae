"""The connector `imap` against a real server: the contracts, and what mailboxes do besides."""

from __future__ import annotations

import pytest

from recipflow.testing import ConnectorContract
from recipflow.testing.live import (
    FaultContract,
    FetchingContract,
    ForgettingContract,
    ReadOnlyContract,
    WatchingContract,
)
from tests.connectors.dovecot import Dovecot
from tests.connectors.mailbox import ServerMailbox


@pytest.fixture
def account(imap_server: Dovecot) -> ServerMailbox:
    return ServerMailbox(imap_server)


class TestContract(
    ConnectorContract, FetchingContract, WatchingContract, ReadOnlyContract, ForgettingContract, FaultContract
):
    many = 850
