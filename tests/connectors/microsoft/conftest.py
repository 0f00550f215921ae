"""A Graph of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recipflow.testing import NOW
from tests.fakes.graph.server import FakeGraph


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as server:
        yield server
        assert server.problems == []
