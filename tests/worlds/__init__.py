"""Where an account may live: in memory, or at a stand-in for a provider that mail comes to as time goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from recipflow.home import Home

_TOKEN = re.compile(r"\[(rf[a-z2-7]{10})\]")
_KEY = re.compile(r"recipflow(?: |%20)(?:why|done)(?: |%20)([0-9a-f]{8})\b")


class Posted(NamedTuple):
    """A digest as it lies in the mailbox."""

    at: datetime
    token: str
    keys: frozenset[str]  #: of the advice it names


class World(Protocol):
    """One user's accounts, as they are at `arrive`'s last instant."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Of config.toml: accounts, and by which of them digest and reminders go."""

    @property
    def reads(self) -> Sequence[str]:
        """The accounts that are pulled."""

    def sign_in(self, home: Home) -> None:
        """Leave in `home` what `connect` does."""

    def arrive(self, now: datetime) -> None:
        """Let all come that was sent by now."""

    def posted(self) -> list[Posted]:
        """Every digest that is in the user's inbox."""

    def put_up(self) -> list[str]:
        """The key of each reminder that is in the calendar."""


def posted(at: datetime, subject: str, content: str) -> Iterable[Posted]:
    """What a mail tells, if it is a digest."""
    if found := _TOKEN.search(subject):
        yield Posted(at, found[1], keys_in(content))


def keys_in(text: str) -> frozenset[str]:
    """The advice that a letter, or an event, can be asked about."""
    return frozenset(_KEY.findall(text))
