"""What pulls an account, and what more it may offer: fetching, watching, limits, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from recipflow.model import Interaction, Message

WITHIN = ("event", "message at byte")
"""What lies within a place is called "PLACE, event 7"; a name may go on after a comma, too."""


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
    reread: tuple[str, ...] = ()  #: places looked at anew: what was set aside there before holds no more
    opened: tuple[str, ...] = ()  #: the same, but for what is set aside within them
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
class Tidying(Protocol):
    """An account whose places may vanish without anything being said of it: files."""

    def vanished(self, places: Iterable[str]) -> Iterable[str]:
        """Those of these places, set aside before, that were not found when it was pulled to its end.

        Of what was out of reach then as a whole, as a disk that is not mounted, nothing is said.
        """
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
