"""Whole syncs of an Outlook account as processes of their own, killed at any moment: the ledger is as if nobody had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from recipflow_connectors.microsoft.signin import sign_in

from recipflow import config, demo
from recipflow.connector import Secrets
from recipflow.home import find
from recipflow.secrets.files import FileVault
from tests.connectors.microsoft.test_signing_in import Person
from tests.fakes.entra import FakeEntra
from tests.fakes.graph.calendar import Calendars
from tests.fakes.graph.load import load_calendar, load_mail
from tests.fakes.graph.mailbox import Mailbox
from tests.fakes.graph.server import FakeGraph
from tests.killing import assert_any_survives

NOOR = "noor@haddad.example"
KILLS = int(os.environ.get("RECIPFLOW_KILLS", "4"))


class Provider(NamedTuple):
    """Graph and Entra with the demo mailbox, and the certificate to trust."""

    graph: FakeGraph
    entra: FakeEntra
    ca: Path


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    (tmp_path / "demo").mkdir()
    files = demo.unpack(tmp_path / "demo")
    mailbox, calendars = Mailbox(NOOR), Calendars(NOOR)
    load_mail(files.mail, mailbox, now=demo.MORNING)
    load_calendar(files.calendar, calendars, now=demo.MORNING)
    with ExitStack() as stack:
        graph = stack.enter_context(FakeGraph(mailbox, calendars, most=10**9))
        entra = stack.enter_context(FakeEntra(graph.tokens, address=NOOR))
        found = Provider(graph, entra, entra.write_ca(tmp_path / "ca.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(found.ca))
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        yield found
        assert graph.problems == []
        assert graph.writes == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_sync_killed_again_and_again_ends_with_the_ledger_of_an_undisturbed_one(
    provider: Provider, tmp_path: Path
) -> None:
    for _ in range(KILLS):
        provider.graph.faults.plan("GET .*delta", status=503, retry_after="0")
    assert_any_survives(tmp_path, lambda root: _home(root, provider), KILLS)


def _home(root: Path, provider: Provider) -> Path:
    """Set up and signed in, as `connect outlook` leaves it."""
    home = find({"RECIPFLOW_HOME": str(root)})

    def vault(name: str) -> Secrets:
        return FileVault(home.tokens, name)

    given = {
        "client_id": provider.entra.client_id,
        "login_url": provider.entra.url,
        "graph_url": provider.graph.url,
        "since_days": 3650,
    }
    accounts: list[dict[str, Any]] = [
        {"name": one.name, "connector": one.connector, "vault": one.vault, **one.settings}
        for one in sign_in(Person(), vault, given)
    ]
    config.create(
        home.config, {"me.addresses": [NOOR], "me.tz": "UTC", "secrets": "file", "accounts": accounts}
    )
    return root
