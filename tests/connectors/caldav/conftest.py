"""One server a module, one calendar a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import dav
from tests.dav import Shelf

from .accounts import NUMBER, SERVERS, Account, Only


@pytest.fixture(scope="module", params=sorted(SERVERS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    start, home = SERVERS[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as url:
        yield url, home


@pytest.fixture
def account(server: tuple[str, str]) -> Iterator[Account]:
    """A calendar of its own for each test, and the others left out."""
    url, home = server
    with dav.proxied(url) as proxy:
        name = f"work{next(NUMBER)}/"
        shelf = Shelf(f"{url}{home}{name}")
        shelf.make()
        yield Only(proxy, home, shelf, only=f"{proxy.url}{home}{name}")
