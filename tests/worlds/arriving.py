"""A mailbox and a calendar out of files, handed out as they came."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from icalendar import Calendar

T = TypeVar("T")
_ENVELOPE = re.compile(rb"(?:^|\n\n)From [^\n]*\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Raw(NamedTuple):
    """A mail as it went over the wire."""

    at: datetime
    raw: bytes
    sent: bool  #: by the user


class Arriving(Generic[T]):
    """What is still to come, each with its time."""

    def __init__(self, items: Iterable[tuple[datetime, T]]) -> None:
        self._waiting = deque(sorted(items, key=lambda pair: pair[0]))

    def by(self, now: datetime) -> Iterator[T]:
        """All that came since this was asked last."""
        while self._waiting and self._waiting[0][0] <= now:
            yield self._waiting.popleft()[1]


def mails(mbox: Path) -> Arriving[Raw]:
    """Those of a file in mboxrd whose labels say which were sent, as Takeout gives it."""
    found = filter(None, _ENVELOPE.split(mbox.read_bytes()))
    return Arriving((one.at, one) for one in map(_mail, found))


def _mail(kept: bytes) -> Raw:
    raw = _QUOTED.sub(rb"\1", kept)
    head = message_from_bytes(raw)
    sent = "sent" in str(head.get("X-Gmail-Labels", "")).lower().split(",")
    raw = re.sub(rb"^X-(?:Gmail-Labels|GM-THRID):[^\n]*\n(?:[ \t][^\n]*\n)*", b"", raw, flags=re.MULTILINE)
    return Raw(parsedate_to_datetime(str(head["Date"])), raw, sent)


def events(ics: Path) -> Arriving[Any]:
    """Its VEVENTs, each when it was written."""
    found: list[Any] = Calendar.from_ical(ics.read_bytes()).walk("VEVENT")
    return Arriving((one["LAST-MODIFIED"].dt, one) for one in found)
