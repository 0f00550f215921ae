"""What every live account keeps to, kept by Outlook's; and Graph's metadata knows everything that was needed for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recipflow.testing import NOW, ConnectorContract
from recipflow.testing.couriers import LETTER, CalendarCourierContract, MailCourierContract
from recipflow.testing.live import FaultContract, FetchingContract, ForgettingContract, ReadOnlyContract
from tests.connectors.microsoft.accounts import (
    OutlookAccount,
    OutlookCalendarAccount,
    OutlookLetters,
    OutlookRemindersAccount,
    SharedAccount,
)
from tests.fakes.graph.server import FakeGraph


class TestOutlookMail(
    ConnectorContract, FetchingContract, ForgettingContract, FaultContract, ReadOnlyContract
):
    @pytest.fixture
    def account(self, server: FakeGraph) -> OutlookAccount:
        return OutlookAccount(server)


class TestOutlookMailInLargeFolders(
    ConnectorContract, FetchingContract, ForgettingContract, FaultContract, ReadOnlyContract
):
    """Where nobody says how much there is, folders are taken for large."""

    @pytest.fixture
    def account(self, server: FakeGraph) -> OutlookAccount:
        server.mail.counts = False
        return OutlookAccount(server)


class TestSharedMailbox(
    ConnectorContract, FetchingContract, ForgettingContract, FaultContract, ReadOnlyContract
):
    @pytest.fixture
    def account(self, server: FakeGraph) -> SharedAccount:
        return SharedAccount(server)


class TestOutlookCalendar(ConnectorContract, ForgettingContract, FaultContract, ReadOnlyContract):
    @pytest.fixture
    def account(self, server: FakeGraph) -> OutlookCalendarAccount:
        return OutlookCalendarAccount(server)


class TestOutlookSending(MailCourierContract):
    @pytest.fixture
    def mailbox(self, written_to: FakeGraph) -> OutlookLetters:
        written_to.mailbox.address = LETTER.address
        return OutlookLetters(written_to)


class TestOutlookReminders(CalendarCourierContract):
    @pytest.fixture
    def calendar(self, written_to: FakeGraph) -> OutlookRemindersAccount:
        return OutlookRemindersAccount(written_to)


@pytest.fixture
def written_to() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as fake:
        yield fake
        assert fake.problems == []


@pytest.fixture
def server(written_to: FakeGraph) -> Iterator[FakeGraph]:
    """Nothing may be written to this one."""
    yield written_to
    assert written_to.writes == 0
