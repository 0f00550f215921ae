"""Fictional accounts for contract tests: what a live one must be able to do, to have it tried."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from recipflow.connector import Connector, Fetching, Watching
from recipflow.errors import AuthNeeded, TryLater
from recipflow.testing import Account


class Mailbox(Account, Protocol):
    """An account of messages, from which one can vanish."""

    def remove(self, message: str) -> None:
        """Let the message of that id be gone, from wherever it lies."""


class Guarded(Account, Protocol):
    """An account that can show whether anything in it was changed."""

    def state(self) -> object:
        """All that a write would change: flags and labels too. Equal when nothing was written."""


class Forgetful(Account, Protocol):
    """An account whose provider forgets how far it was read: an expired history, another UIDVALIDITY."""

    def forget(self) -> None:
        """From now on, no cursor given so far is good."""


class Faulty(Account, Protocol):
    """An account whose provider can be made to fail."""

    faults: Mapping[str, type[AuthNeeded] | type[TryLater]]
    """Every way of failing, and which of the two it is: the user must act, or it passes by itself."""

    def failing(self, fault: str) -> AbstractContextManager[None]:
        """Within it the provider fails in that way; afterwards all is well again."""


class FetchingConnector(Connector, Fetching, Protocol):
    """What heads are pulled from, and wholes fetched."""


class WatchingConnector(Connector, Watching, Protocol):
    """What is pulled from, and waited for."""
