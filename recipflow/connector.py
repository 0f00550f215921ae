"""The contracts between recipflow and an account, and how installed connectors are found.

A connector is installed under the entry point group `recipflow.connectors`; the entry names a callable
`connect(settings, secrets)`, and is loaded only when `config.toml` or a command names it. What it returns offers one
or more of the protocols below: a mailbox is a `Connector` that may also be `Fetching`, `Watching`, `Drafting` and a
`MailCourier`; a calendar is a `Connector` that may also be a `CalendarCourier`. What it does not offer, it has not.

Every call may raise `AuthNeeded` (the user must act) or `TryLater` (it passes by itself); a call that writes may also
raise `Uncertain` (it may have been done: look before repeating).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import entry_points
from typing import Any, NamedTuple, Protocol, runtime_checkable

from recipflow.errors import UserError
from recipflow.model import Interaction, Message

GROUP = "recipflow.connectors"
SIGN_IN_GROUP = "recipflow.sign_in"


class SetAside(NamedTuple):
    """Something that could not be read: where it is, and why; counted and shown, never lost silently."""

    where: str
    reason: str
    who: tuple[
        str, ...
    ] = ()  #: the addresses it names, as far as they can be told: of private people nothing is noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One step of a pull. Its interactions and its cursor are stored together, or not at all."""

    interactions: tuple[Interaction, ...]
    cursor: str  #: opaque; from where the next pull goes on
    more: bool  #: whether the next page can be had at once
    reset: bool = False  #: the old cursor had expired; this page begins a rescan
    since: datetime | None = None  #: with `reset`: from when on everything is read again
    set_aside: tuple[SetAside, ...] = ()
    done: int = 0  #: progress, in the connector's own unit (bytes, messages)
    total: int | None = None


@runtime_checkable
class Connector(Protocol):
    """Pulls one account. Never writes to it."""

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; None starts from nothing. `now` bounds the expansion of recurring meetings.

        Where the provider has forgotten the cursor, the connector rescans by date from the last instant at which,
        by its cursor, nothing was missing, and says so with `reset`; when it cannot, it raises `CursorExpired`.
        A first pull goes from the newest to the oldest, sent mail before received.
        """
        ...


@runtime_checkable
class Fetching(Protocol):
    """A mailbox that delivers heads first: `pull` may give `partial` messages, whose bodies are fetched if wanted."""

    def fetch(self, refs: Sequence[str]) -> Iterable[Message | SetAside]:
        """The whole messages of these `Message.ref`s, in any order; those that are gone are left out."""
        ...

    def present(self, since: datetime, *, now: datetime) -> Iterable[str]:
        """The refs of all messages there are since then (neither drafts, spam, trash nor chats): to find gaps by."""
        ...


@runtime_checkable
class Watching(Protocol):
    """An account that tells by itself when something has changed."""

    def wait(self, seconds: float) -> bool:
        """Wait for at most so long; True as soon as there may be something new to pull."""
        ...

    def stop(self) -> None:
        """End a `wait` that another thread is in."""
        ...


@runtime_checkable
class Unhurried(Protocol):
    """An account with nothing in it that could not wait a quarter of an hour: meetings, which count once they were."""

    unhurried: bool  #: True


@runtime_checkable
class Limited(Protocol):
    """An account whose provider lets nobody ask more than so much."""

    @property
    def quota(self) -> str:
        """What it keeps to, "6,000 units a minute"."""
        ...


@runtime_checkable
class Drafting(Protocol):
    """A mailbox whose drafts can be looked at. They are never stored."""

    def drafts(self, known: Mapping[str, str]) -> Mapping[str, tuple[str, Message | None]]:
        """All drafts by ref, each with its version, and the message itself where the version is not the `known` one."""
        ...


@runtime_checkable
class WatchingDrafts(Drafting, Protocol):
    """One that tells by itself when a draft was saved, or is gone."""

    def wait_drafts(self, seconds: float) -> bool:
        """Wait for at most so long; True as soon as a draft may have changed."""
        ...

    def stop_drafts(self) -> None:
        """End a `wait_drafts` that another thread is in."""
        ...


class Enclosure(NamedTuple):
    """A file enclosed in a letter."""

    name: str
    type: str  #: MIME type, with its parameters
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail from the user to the user: the digest."""

    address: str  #: the user's own
    subject: str  #: one line; ends in the token, by which the letter can be found again
    token: str
    text: str
    html: str
    enclosures: tuple[Enclosure, ...] = ()


@runtime_checkable
class MailCourier(Protocol):
    """Sends letters to the user, and to nobody else."""

    def send(self, letter: Letter) -> str:
        """Send it; the provider's id of the sent message, "" where it gives none."""
        ...

    def sent(self, token: str, *, since: datetime) -> str | None:
        """The id of the letter with that token, sent since then; None when there is none.

        Raises `CannotLook` where sent mail cannot be seen: such a courier delivers at least once, not exactly once.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """An event in the user's own calendar: private, shown as free, without anybody invited."""

    id: str  #: derived from the reminder key: 26 letters of base32hex, lower case, as Google wants ids
    starts: datetime
    ends: datetime
    title: str
    note: str  #: the description
    alarm_minutes: int | None = None  #: before the start; None for no alarm
    sequence: int = 0  #: grows with each change of ours


class Written(NamedTuple):
    """What a calendar holds of a reminder of ours, as it is now."""

    id: str
    starts: datetime
    ends: datetime
    title: str
    note: str
    etag: str  #: opaque; changes with every change, whoever makes it


class Busy(NamedTuple):
    starts: datetime
    ends: datetime


@runtime_checkable
class CalendarCourier(Protocol):
    """Keeps reminders in a calendar of their own, and knows when the user is busy."""

    def write(self, reminder: Reminder, *, etag: str | None) -> Written:
        """Create it (`etag` None), or change the one that still has this etag; `Changed` when it has another."""
        ...

    def written(self) -> Sequence[Written]:
        """Every reminder of ours that is there, and nothing else."""
        ...

    def remove(self, reminder: str, *, etag: str | None) -> None:
        """Remove the reminder of that id; `Changed` when it has another etag (None: whatever it has).

        What is gone already is removed, too.
        """
        ...

    def busy(self, since: datetime, until: datetime) -> Sequence[Busy]:
        """When the user is busy by this account's calendars, reminders of ours left out."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """An account as signing in found it: an [[accounts]] table to be, with its secrets under `vault`."""

    name: str
    connector: str
    vault: str  #: whose secrets these are, "google:ann@example.org"; accounts may share one
    settings: Mapping[str, Any]
    seen: str = ""  #: what was seen in it: "4,812 messages since 2025-11"
    mine: tuple[str, ...] = ()  #: addresses of the user it knows of, aliases among them
    writers: tuple[str, ...] = ()  #: who sends mail in the user's name (RFC 5322's Sender), by address


Connect = Callable[[Mapping[str, Any], Secrets], object]
SignIn = Callable[[Talk, Callable[[str], Secrets], Mapping[str, Any]], Sequence[Proposed]]
"""Walks the user through: what was given on the command line goes in, the accounts to be added come out.

Where accounts of that address are there already, `before` is what stands in their tables."""


def installed() -> dict[str, str]:
    """The names of the installed connectors, each with the object it loads."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def load(name: str) -> Connect:
    """The connector of that name; a UserError lists those there are."""
    connect: Connect = _loaded(GROUP, name)
    return connect


def load_sign_in(name: str) -> SignIn:
    """What walks through signing in to `name`; a UserError lists those there are."""
    sign_in: SignIn = _loaded(SIGN_IN_GROUP, name)
    return sign_in


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


def pulling(name: str, settings: Mapping[str, Any], secrets: Secrets | None = None) -> Connector:
    """The account of that connector; a UserError when it is none that mail or meetings can be pulled from."""
    account = load(name)(settings, secrets or MemorySecrets())
    if not isinstance(account, Connector):
        raise UserError(f"The connector {name!r} delivers only: nothing can be read from it.")
    return account


@cache
def _loaded(group: str, name: str) -> Any:
    """Looked up once: what is installed changes only with the installation, and looking reads what every package says."""
    found = {entry.name: entry for entry in entry_points(group=group)}
    if name not in found:
        raise UserError(f"There is no connector {name!r}. Installed: {', '.join(sorted(found)) or 'none'}.")
    return found[name].load()
