"""Whole syncs of an Outlook account as processes of their own, killed at any moment: the ledger is as if nobody had."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
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
from tests.killing import CONTENTS

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
        graph = stack.enter_context(FakeGraph(mailbox, calendars))
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
    calm = _home(tmp_path / "calm", provider)
    begun = time.monotonic()
    assert _sync(calm).wait() == 0
    lasted = time.monotonic() - begun
    dice, killed, troubled = random.Random(5), 0, _home(tmp_path / "troubled", provider)
    for number in range(KILLS):
        provider.graph.faults.plan("GET .*delta", status=503, retry_after="0")
        if _killed(troubled, dice.uniform(0.1, 0.9) * lasted):
            killed += 1
        else:
            assert _contents(troubled) == _contents(calm)
            troubled = _home(tmp_path / f"troubled-{number}", provider)
    assert killed
    provider.graph.faults.planned.clear()
    assert _sync(troubled).wait() == 0
    assert _contents(troubled) == _contents(calm)


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


def _killed(home: Path, after: float) -> bool:
    """Whether it was still at work when it was killed."""
    process = _sync(home)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _sync(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "recipflow", "sync"],
        env=os.environ | {"RECIPFLOW_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _contents(home: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / "recipflow.db")) as db:
        return [db.execute(query).fetchall() for query in CONTENTS]
