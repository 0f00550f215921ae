"""What was still to come when a calendar was read last: what of it is no longer there has been called off.

A calendar that is read whole, or that names what was removed by its place alone, says of a deleted event nothing but
that it is gone. What took place stays; what was to come becomes a cancelled version of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from recipflow.model import Meeting

Entry = tuple[str, str, int, int, int]
"""Of one instance to come: id, uid, sequence, start and end in seconds since 1970."""


class Upcoming:
    """By place (a href, or the calendar as a whole): its instances that had not ended at `now`."""

    def __init__(self, kept: Mapping[str, Iterable[Iterable[Any]]] | None = None) -> None:
        """From what `as_json` gave."""
        self._places: dict[str, dict[str, Entry]] = {
            place: {str(one[0]): one for one in map(_entry, entries)}
            for place, entries in (kept or {}).items()
        }

    def as_json(self) -> dict[str, list[Entry]]:
        """For a cursor: as small as it can be."""
        return {place: sorted(entries.values()) for place, entries in sorted(self._places.items()) if entries}

    def replace(self, place: str, meetings: Iterable[Meeting], now: datetime) -> list[Entry]:
        """What is there now, in place of what was; gives the entries that are not there any more."""
        before = self._places.pop(place, {})
        found = {one.id: _of(one) for one in meetings if _to_come(one, now)}
        if found:
            self._places[place] = found
        return [entry for key, entry in sorted(before.items()) if key not in found]

    def add(self, place: str, meetings: Iterable[Meeting], now: datetime) -> None:
        """What was read of a place that was not read to its end."""
        before = self._places.get(place, {})
        self._places[place] = before | {one.id: _of(one) for one in meetings if _to_come(one, now)}

    def places(self) -> list[str]:
        """Where there is something to come."""
        return sorted(self._places)

    def entries(self) -> list[Entry]:
        """All that is to come."""
        return [entry for entries in self._places.values() for entry in entries.values()]

    def holds(self, meeting: str) -> bool:
        """Whether an instance of that id is to come at any place."""
        return any(meeting in entries for entries in self._places.values())


def called_off(gone: Iterable[Entry], now: datetime) -> Iterator[Meeting]:
    """The cancelled versions of what is gone, known from now on; what has begun took place, and stays."""
    for key, uid, sequence, starts, ends in gone:
        if starts > now.timestamp():
            yield Meeting(
                id=key,
                uid=uid,
                version="gone",
                sequence=sequence,
                known=now,
                starts=datetime.fromtimestamp(starts, UTC),
                ends=datetime.fromtimestamp(ends, UTC),
                recurring=key != uid,
                cancelled=True,
            )


def _to_come(one: Meeting, now: datetime) -> bool:
    return one.ends >= now and not one.cancelled


def _of(one: Meeting) -> Entry:
    return one.id, one.uid, one.sequence, int(one.starts.timestamp()), int(one.ends.timestamp())


def _entry(given: Iterable[Any]) -> Entry:
    key, uid, sequence, starts, ends = given
    return str(key), str(uid), int(sequence), int(starts), int(ends)
