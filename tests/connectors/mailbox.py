"""A mailbox on a real server, as the contracts want it: it can be filled, emptied, looked at, and made to fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from imapclient import IMAPClient
from recipflow_connectors.imap.account import Imap

from recipflow.connector import MemorySecrets, load
from recipflow.errors import AuthNeeded, TryLater
from recipflow.testing import NOW
from tests.connectors.dovecot import PASSWORD, Dovecot
from tests.connectors.letters import letter
from tests.connectors.trouble import Trouble

_NUMBERS = count(1)
FEW = 20


class ServerMailbox:
    """One user's, on a server of many."""

    faults: Mapping[str, type[AuthNeeded] | type[TryLater]] = {
        "wrong password": AuthNeeded,
        "passwords switched off": AuthNeeded,
        "busy": TryLater,
        "refuses": TryLater,
        "closes at once": TryLater,
        "resets": TryLater,
        "greets strangely": TryLater,
        "says BYE in the middle": TryLater,
        "cut off in the middle": TryLater,
    }

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.user = f"user{next(_NUMBERS)}"
        self.trouble: Trouble | None = None
        self._ids: set[str] = set()
        self._last = 0

    def add(self, count: int) -> None:
        """Every fourth is one that was sent."""
        numbers = range(self._last + 1, self._last + count + 1)
        for folder, sent in (("INBOX", False), ("Sent", True)):
            these = [letter(number) for number in numbers if (number % 4 == 0) == sent]
            if count > FEW:
                self.server.fill(self.user, folder, these, NOW)
            elif these:
                with self.server.client(self.user) as client:
                    for one in these:
                        client.append(folder, one, (), NOW)
        self._ids |= {f"{number}@ana.example" for number in numbers}
        self._last += count

    def append(self, folder: str, raw: bytes, *flags: str, at: datetime = NOW) -> None:
        """Put one message somewhere, that does not count among `ids`."""
        with self.server.client(self.user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
        self.server.append(self.user, folder, raw, at, flags)

    def ids(self) -> set[str]:
        return self._ids

    def connect(self, **settings: Any) -> Imap:
        port = self.trouble.port if self.trouble else self.server.port
        secret = self.trouble.password if self.trouble else PASSWORD
        account = load("imap")(
            {"address": self.user, "host": "127.0.0.1", "port": port, "security": "plain"} | settings,
            MemorySecrets(password=secret),
        )
        assert isinstance(account, Imap)
        return account

    def remove(self, message: str) -> None:
        with self.server.client(self.user) as client:
            for folder in ("INBOX", "Sent"):
                client.select_folder(folder)
                if found := client.search(["HEADER", "Message-ID", f"<{message}>"]):
                    client.delete_messages(found)
                    client.expunge()
        self._ids.discard(message)

    def state(self) -> object:
        with self.server.client(self.user) as client:
            return sorted(self._state(client, name) for _, _, name in client.list_folders())

    def forget(self) -> None:
        for folder in ("INBOX", "Sent"):
            self.server.renumber(self.user, folder)

    def _state(self, client: IMAPClient, folder: str) -> tuple[object, ...]:
        told = client.select_folder(folder, readonly=True)
        flags = client.get_flags(client.search())
        return folder, told[b"UIDNEXT"], sorted(flags.items())

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        with Trouble(self.server.port, fault) as self.trouble:
            try:
                yield
            finally:
                self.trouble = None
