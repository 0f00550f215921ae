"""What lies in a place, before it is connected: as much of it as can be seen in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from time import monotonic
from typing import Any

from recipflow.connector import SetAside, pulling
from recipflow.model import Meeting

PATIENCE = 1.0
"""Seconds to look before "and more" will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen; `more` if there may be more than that."""

    messages: int = 0
    meetings: int = 0
    since: datetime | None = None
    until: datetime | None = None
    more: bool = False
    set_aside: tuple[SetAside, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.messages or self.meetings)

    def words(self, zone: tzinfo) -> str:
        """ "4,812 messages, 2025-11 to 2026-10; 3 cannot be read"."""
        if self.empty:
            return "nothing in it yet"
        found = (_counted(self.messages, "message"), _counted(self.meetings, "meeting"))
        said = " and ".join(one for one in found if one)
        if self.more:
            return f"{said} at first sight, and more"
        if self.since and self.until:
            said += f", {self.since.astimezone(zone):%Y-%m} to {self.until.astimezone(zone):%Y-%m}"
        return f"{said}; {len(self.set_aside):,} cannot be read" if self.set_aside else said


def look(source: Mapping[str, Any], now: datetime, patience: float = PATIENCE) -> Seen:
    """Read for a moment; a UserError if the place cannot be opened."""
    connector, cursor, more, end = pulling("files", source), None, True, monotonic() + patience
    messages = meetings = 0
    times: list[datetime] = []
    aside: list[SetAside] = []
    while more and monotonic() < end:
        page = connector.pull(cursor, now=now)
        these = [one.starts if isinstance(one, Meeting) else one.at for one in page.interactions]
        met = sum(isinstance(one, Meeting) for one in page.interactions)
        messages, meetings = messages + len(these) - met, meetings + met
        aside += page.set_aside
        times = [min(times + these), max(times + these)] if times or these else []
        cursor, more = page.cursor, page.more
    return Seen(
        messages=messages,
        meetings=meetings,
        since=times[0] if times else None,
        until=times[-1] if times else None,
        more=more,
        set_aside=tuple(aside),
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""
