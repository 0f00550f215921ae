"""The connector `ics`: a calendar by its published or secret address, or a file another program keeps up to date.

The address is a secret: whoever has it can read the calendar. It lies in the vault, and is never logged. The server
is asked whether anything changed (RFC 9110, conditional requests) before anything is sent.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import Any, NamedTuple

from recipflow.connector import Page, Secrets, SetAside
from recipflow.errors import UserError
from recipflow.model import Meeting
from recipflow_connectors import calendar
from recipflow_connectors.cursors import dumped, loaded
from recipflow_connectors.given import problems_of, timeout_of, zone_of
from recipflow_connectors.ics.source import Address, File, Source
from recipflow_connectors.upcoming import Upcoming, called_off

PAGE_ITEMS = 500
#: Series are followed for sixty days: once a week, what has come into that span is read, too.
RENEWED_EVERY = timedelta(days=7)
ADDRESS = "address"
"""The secret's name in the vault."""

_NAME, _VERSION = "ics", 1
_KEYS = {"path": str, "tz": object, "timeout": object}
_DIGEST = 6  # bytes; of a hundred thousand instances no two are expected to meet
_WHOLE = "calendar"


def connect(settings: Mapping[str, Any], secrets: Secrets) -> Ics:
    """The calendar of `path`, or else of the address in the vault; `tz` is the zone of times that name none (default
    the computer's own), `timeout` the seconds to wait for an answer. A UserError lists every problem.
    """
    problems = problems_of(settings, "ics", _KEYS)
    zone = zone_of(settings.get("tz"), "ics", problems)
    timeout = timeout_of(settings.get("timeout", 30), "ics", problems)
    path, address = settings.get("path"), secrets.get(ADDRESS)
    if path is None and not address:
        problems.append("ics: its address is not in the vault: recipflow connect ics")
    if problems:
        raise UserError(problems)
    return Ics(File(path) if path else Address(address or "", timeout), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the calendar was read, as the cursor says it."""

    tag: str = ""  #: what the source said of the version that was read to its end
    renewed: date | None = None  #: the day on which it was read whole
    seen: frozenset[bytes] = frozenset()  #: a digest of each version of an instance delivered so far
    upcoming: Upcoming = field(default_factory=Upcoming)

    def cursor(self) -> str:
        return dumped(
            _NAME,
            _VERSION,
            {
                "tag": self.tag,
                "renewed": self.renewed.isoformat() if self.renewed else None,
                "seen": b64encode(b"".join(sorted(self.seen))).decode(),
                "upcoming": self.upcoming.as_json(),
            },
        )


class _Running(NamedTuple):
    """A version of the calendar that was fetched, and is delivered page by page."""

    tag: str
    meetings: list[Meeting]  #: the newest first
    aside: tuple[SetAside, ...]
    cursor: str | None = None  #: with which it is gone on


class Ics:
    """Reads the calendar whole when it has changed, and delivers what it did not deliver before; never writes.

    It goes on with what it fetched when asked with the cursor it gave last; with any other, it asks the source.
    """

    unhurried = True

    def __init__(self, source: Source, zone: tzinfo) -> None:
        self._source = source
        self._zone = zone
        self._running: _Running | None = None

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; a cursor that is not one of ours starts from nothing, with `reset`."""
        running, self._running = self._running, None
        place = _place(cursor)
        reset = place is None
        place = place or Place()
        if running is None or running.cursor != cursor:
            running = self._fetched(place, now)
        if running is None:
            return Page(interactions=(), cursor=cursor or "", more=False)
        meetings = running.meetings
        fresh = [one for one in meetings if _digest(one) not in place.seen]
        page, left = fresh[:PAGE_ITEMS], fresh[PAGE_ITEMS:]
        place = replace(place, seen=place.seen | {_digest(one) for one in page})
        if left:
            place.upcoming.add(_WHOLE, page, now)  # whoever goes on may find that some of it is gone
            self._running = running._replace(cursor=place.cursor())
        else:
            page += called_off(place.upcoming.replace(_WHOLE, meetings, now), now)
            there = frozenset(map(_digest, meetings))
            place = replace(place, tag=running.tag, renewed=now.date(), seen=place.seen & there)
        return Page(
            interactions=tuple(page),
            cursor=place.cursor(),
            more=bool(left),
            reset=reset,
            set_aside=() if left else running.aside,
            done=len(meetings) - len(left),
            total=len(meetings),
        )

    def _fetched(self, place: Place, now: datetime) -> _Running | None:
        """The calendar as it is now; None when it is still as it was read, and no series has come closer."""
        due = place.renewed is None or now.date() - place.renewed >= RENEWED_EVERY
        fetched = self._source.fetch("" if due else place.tag)
        if fetched is None:
            return None
        meetings, aside = calendar.meetings(fetched.content, now, self._zone)
        once = {(one.id, one.version): one for one in meetings}
        ordered = sorted(once.values(), key=lambda one: (one.starts, one.id), reverse=True)
        return _Running(fetched.tag, ordered, aside)


def _place(cursor: str | None) -> Place | None:
    return Place() if cursor is None else loaded(cursor, _NAME, _VERSION, _read)


def _read(known: dict[str, Any]) -> Place:
    seen = b64decode(known["seen"])
    return Place(
        tag=known["tag"],
        renewed=date.fromisoformat(known["renewed"]) if known["renewed"] else None,
        seen=frozenset(seen[start : start + _DIGEST] for start in range(0, len(seen), _DIGEST)),
        upcoming=Upcoming(known["upcoming"]),
    )


def _digest(one: Meeting) -> bytes:
    return blake2b(f"{one.id} {one.version}".encode("utf-8", "replace"), digest_size=_DIGEST).digest()
