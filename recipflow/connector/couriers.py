"""What takes letters and reminders to the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable


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


class Vacated(StrEnum):
    """What became of the calendar of the reminders, once they were out of it."""

    GONE = "gone"
    NEVER = "never"  #: there was none
    THEIRS = "theirs"  #: it stays: the user made it
    USED = "used"  #: it stays: the user put something into it
    HELD = "held"  #: it stays: the provider lets nobody remove it from here


@runtime_checkable
class Vacating(Protocol):
    """A `CalendarCourier` that makes a calendar of its own, and can remove it."""

    def vacate(self) -> Vacated:
        """Remove that calendar, if recipflow made it and nothing is in it."""
        ...
