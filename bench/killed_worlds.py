"""Servers with the demo's mailbox in them, and how a home is set up that reads it: for syncs that are killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from mailbox import mbox
from pathlib import Path
from typing import Any

from recipflow_connectors.environment import environment
from recipflow_connectors.given import MOST
from recipflow_connectors.google import auth
from recipflow_connectors.microsoft.signin import sign_in

from recipflow import config, secrets
from recipflow.connector import Secrets
from recipflow.demo import MORNING, unpack
from recipflow.home import find
from tests.connectors import dovecot
from tests.connectors.googling import granted
from tests.connectors.microsoft.test_signing_in import Person
from tests.fakes.entra import FakeEntra
from tests.fakes.google import Google, serving
from tests.fakes.google.filling import fill
from tests.fakes.graph.calendar import Calendars
from tests.fakes.graph.load import load_calendar, load_mail
from tests.fakes.graph.mailbox import Mailbox
from tests.fakes.graph.server import FakeGraph

ME = "noor@haddad.example"
Make = Callable[[Path], Path]
"""Sets up a home in a folder, the account connected, and says where it is."""


@contextmanager
def imap(folder: Path) -> Iterator[Make]:
    """Dovecot; the account is added by `recipflow connect`, as a user would."""
    file = folder / "password"
    file.write_text(f"{dovecot.PASSWORD}\n", encoding="utf-8")
    with closing(mbox(unpack(folder).mail)) as box:
        letters = list(box)
    with dovecot.running() as server:
        for place, sent in (("Sent", True), ("INBOX", False)):
            these = [one.as_bytes() for one in letters if ("Sent" in str(one["X-Gmail-Labels"])) is sent]
            server.fill("noor", place, these, datetime.now(UTC))
        where = ["--host", "127.0.0.1", "--port", str(server.port), "--security", "plain", "--user", "noor"]

        def make(root: Path) -> Path:
            _recipflow(root, "init", "--me", ME, "--tz", "Europe/Lisbon", "--yes")
            _recipflow(root, "connect", "imap", ME, *where, "--password-file", str(file), "--yes")
            return root

        yield make


@contextmanager
def google(folder: Path) -> Iterator[Make]:
    """The fake Google: mailbox and calendar."""
    there = Google(address=ME)
    there.check_every = 50
    demo = unpack(folder)
    fill(there, demo.mail, demo.calendar, later=(datetime.now(UTC) - MORNING).total_seconds())
    with serving(there):
        shared = {"vault": f"google:{ME}", "address": ME}
        mail = {"connector": "gmail", "url": there.url, "units_per_minute": MOST}
        meetings = {"connector": "google_calendar", "url": f"{there.url}/calendar/v3/"}

        def make(root: Path) -> Path:
            home = find({"RECIPFLOW_HOME": str(root)})
            kept = granted(there, auth.READ_MAIL, auth.READ_CALENDARS).get(auth.SECRET)
            secrets.vault(shared["vault"], home.tokens, secrets.Keep.FILE).put(auth.SECRET, kept or "")
            return _home(root, {"name": "mail", **mail, **shared}, {"name": "meetings", **meetings, **shared})

        yield make
    assert not there.problems, there.problems


@contextmanager
def graph(folder: Path) -> Iterator[Make]:
    """The fake Graph and Entra: mailbox and calendar."""
    demo, mailbox, calendars = unpack(folder), Mailbox(ME), Calendars(ME)
    load_mail(demo.mail, mailbox, now=MORNING)
    load_calendar(demo.calendar, calendars, now=MORNING)
    with ExitStack() as stack:
        there = stack.enter_context(FakeGraph(mailbox, calendars, most=10**9))
        entra = stack.enter_context(FakeEntra(there.tokens, address=ME))
        trust = {"REQUESTS_CA_BUNDLE": str(entra.write_ca(folder / "ca.pem"))}
        stack.enter_context(environment(trust | {"NO_PROXY": "localhost,127.0.0.1"}))
        given = {
            "client_id": entra.client_id,
            "login_url": entra.url,
            "graph_url": there.url,
            "since_days": 3650,
        }

        def make(root: Path) -> Path:
            tokens = find({"RECIPFLOW_HOME": str(root)}).tokens

            def vault(name: str) -> Secrets:
                return secrets.vault(name, tokens, secrets.Keep.FILE)

            found = sign_in(Person(), vault, given)
            tables = [{"name": each.name, "connector": each.connector, "vault": each.vault} for each in found]
            return _home(
                root, *(table | dict(each.settings) for table, each in zip(tables, found, strict=True))
            )

        yield make
    assert not there.problems, there.problems
    assert not there.writes


WORLDS: Mapping[str, Callable[[Path], AbstractContextManager[Make]]] = {
    "imap": imap,
    "google": google,
    "graph": graph,
}


def _home(root: Path, *accounts: dict[str, Any]) -> Path:
    changes = {"me.addresses": [ME], "me.tz": "Europe/Lisbon", "secrets": "file", "accounts": list(accounts)}
    config.create(find({"RECIPFLOW_HOME": str(root)}).config, changes)
    return root


def _recipflow(root: Path, *words: str) -> None:
    environment = os.environ | {"RECIPFLOW_HOME": str(root)}
    command = [sys.executable, "-m", "recipflow", *words]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
