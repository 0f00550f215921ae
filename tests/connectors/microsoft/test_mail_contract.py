"""What every mailbox keeps to, kept by Outlook's; and nothing Graph's metadata does not know was needed for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recipflow.testing import NOW, ConnectorContract
from recipflow.testing.live import FaultContract, FetchingContract, ForgettingContract, ReadOnlyContract
from tests.connectors.microsoft.accounts import OutlookAccount
from tests.fakes.graph.server import FakeGraph


class TestOutlookMail(
    ConnectorContract, FetchingContract, ForgettingContract, FaultContract, ReadOnlyContract
):
    @pytest.fixture
    def account(self) -> Iterator[OutlookAccount]:
        with FakeGraph(now=lambda: NOW) as fake:
            yield OutlookAccount(fake)
            assert fake.problems == []
            assert fake.writes == 0
