"""At the project's stand-ins for Microsoft Graph and Entra."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from recipflow_connectors.given import MOST
from recipflow_connectors.microsoft.signin import sign_in

from recipflow.demo import DemoFiles
from recipflow.home import Home
from recipflow.model import Interaction, Message
from recipflow.secrets.files import FileVault
from tests.connectors.microsoft.test_signing_in import Person
from tests.daemon.simulation import from_files
from tests.fakes.entra import FakeEntra
from tests.fakes.graph.calendar import Calendars
from tests.fakes.graph.load import add_meeting, add_message
from tests.fakes.graph.mailbox import Mailbox
from tests.fakes.graph.server import FakeGraph
from tests.worlds import Posted, keys_in, posted
from tests.worlds.arriving import Arriving

FAR = timedelta(days=500)


class AtMicrosoft:
    """Outlook mail and calendar, signed in to with leave to send the digest and keep reminders."""

    def __init__(self, graph: FakeGraph, entra: FakeEntra, items: list[tuple[datetime, Interaction]]) -> None:
        self.graph, self._entra, self._items = graph, entra, Arriving(items)
        self.reads: tuple[str, ...] = ()
        self.settings: dict[str, Any] = {}
        self._given = {"client_id": entra.client_id, "login_url": entra.url, "graph_url": graph.url}

    def prepare(self, folder: Path) -> None:
        """Sign in, as `connect` does; the secrets are moved into a home later."""
        self._tokens = folder
        given = {**self._given, "allow": ["digest", "reminders"], "since_days": 400}
        found = sign_in(Person(), lambda name: FileVault(folder, name), given)
        accounts = [
            {"name": one.name, "connector": one.connector, "vault": one.vault, **one.settings}
            for one in found
        ]
        for one in accounts:
            one["requests_per_10_minutes"] = MOST
        mail, calendar = (one["name"] for one in accounts)
        self.reads = (mail, calendar)
        self.settings = {
            "secrets": "file",
            "accounts": accounts,
            "digest.via": mail,
            "reminders.via": calendar,
        }

    def sign_in(self, home: Home) -> None:
        home.tokens.parent.mkdir(parents=True, exist_ok=True)
        self._tokens.rename(home.tokens)

    def arrive(self, now: datetime) -> None:
        self.now = now
        for one in self._items.by(now):
            if isinstance(one, Message):
                add_message(one, self.graph.mailbox)
            else:
                add_meeting(one, self.graph.calendars)

    def posted(self) -> list[Posted]:
        mailbox = self.graph.mailbox
        inbox = [mailbox.messages[one] for one in mailbox.folder("inbox").messages]
        return [
            told
            for one in inbox
            for told in posted(
                datetime.fromisoformat(one["receivedDateTime"]), one["subject"], one["body"]["content"]
            )
        ]

    def put_up(self) -> list[str]:
        calendars = self.graph.calendars
        ours = {ref for ref, one in calendars.calendars.items() if one["name"] == "recipflow"}
        live = [one for ref, one in calendars.events.items() if calendars.calendar_of[ref] in ours]
        return [key for one in live for key in keys_in(one["body"]["content"])]


@contextmanager
def at_microsoft(files: DemoFiles, me: tuple[str, ...], folder: Path) -> Iterator[AtMicrosoft]:
    """Served; at the end, all that was answered must have been as Microsoft's metadata says. `folder` is not there yet."""
    items = from_files([files.mail, files.calendar], datetime(2026, 12, 31, tzinfo=UTC))
    world: AtMicrosoft
    with ExitStack() as stack:
        graph = stack.enter_context(
            FakeGraph(Mailbox(me[0]), Calendars(me[0]), most=10**9, now=lambda: world.now)
        )
        entra = stack.enter_context(FakeEntra(graph.tokens, address=me[0]))
        ca = entra.write_ca(folder.with_suffix(".pem"))
        stack.enter_context(
            patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(ca), NO_PROXY="localhost,127.0.0.1")
        )
        world = AtMicrosoft(graph, entra, items)
        world.now = datetime(2000, 1, 1, tzinfo=UTC)
        world.prepare(folder)
        yield world
        assert not graph.problems, graph.problems[:3]
