"""Secrets, and how the user is walked through signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable


class Secrets(Protocol):
    """One account's secrets: in the system's keyring, else in a file for the user alone; never in config or logs."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def drop(self, name: str) -> None: ...


@runtime_checkable
class Revoking(Protocol):
    """An account whose permission can be taken back at the provider."""

    def revoke(self) -> None:
        """Take it back, so that the secrets are worth nothing from then on."""
        ...


class Talk(Protocol):
    """The person at the keyboard, while an account is being connected."""

    def say(self, text: str) -> None: ...

    def ask(self, question: str, *, default: str | None = None, secret: bool = False) -> str: ...

    def confirm(self, question: str, *, default: bool) -> bool: ...

    def browse(self, url: str) -> bool:
        """Open a page in the user's browser; False where there is none."""
        ...


class Writer(NamedTuple):
    """Somebody whom mail that was sent in another's name gives as its Sender (RFC 5322, 3.6.2)."""

    address: str
    name_of: str  #: the address it was sent from, the user's or one that others use, too
    messages: int  #: how many of those looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """An account as signing in found it: an [[accounts]] table to be, with its secrets under `vault`."""

    name: str
    connector: str
    vault: str  #: whose secrets these are, "google:ann@example.org"; accounts may share one
    settings: Mapping[str, Any]
    seen: str = ""  #: what was seen in it: "4,812 messages since 2025-11"
    mine: tuple[str, ...] = ()  #: addresses of the user it knows of, aliases among them
    writers: tuple[
        Writer, ...
    ] = ()  #: who sends mail in another's name: asked about, where that is the user's


Connect = Callable[[Mapping[str, Any], Secrets], object]
SignIn = Callable[[Talk, Callable[[str], Secrets], Mapping[str, Any]], Sequence[Proposed]]
"""Walks the user through: what was given on the command line goes in, the accounts to be added come out.

Where accounts of that address are there already, `before` is what stands in their tables."""


class MemorySecrets:
    """Secrets kept for as long as the process runs: for accounts that need none, and for tests."""

    def __init__(self, **kept: str) -> None:
        self._kept = kept

    def get(self, name: str) -> str | None:
        return self._kept.get(name)

    def put(self, name: str, value: str) -> None:
        self._kept[name] = value

    def drop(self, name: str) -> None:
        self._kept.pop(name, None)
