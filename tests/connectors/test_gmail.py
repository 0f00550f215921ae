"""The connector `gmail`, under the real client library, against a fake Google held to the discovery documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recipflow.connector import Connector
from recipflow.testing import NOW, ConnectorContract
from tests.fakes.google import Google

from .googling import a_google, mailbox
from .letters import letter


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


class _Account:
    def __init__(self, google: Google) -> None:
        self.google, self.count = google, 0

    def add(self, count: int) -> None:
        for number in range(self.count, self.count + count):
            places = (("INBOX",), ("SENT",), ("INBOX", "CATEGORY_PROMOTIONS"), ("INBOX", "CATEGORY_PERSONAL"))
            self.google.mail.deliver(letter(number), places[number % 4], at=NOW)
        self.count += count

    def ids(self) -> set[str]:
        return {f"{number}@ana.example" for number in range(self.count)}

    def connect(self) -> Connector:
        return mailbox(self.google)


class TestContract(ConnectorContract):
    @pytest.fixture
    def account(self, google: Google) -> _Account:
        return _Account(google)
