"""The connector `caldav`: the calendars of one user on a CalDAV server, by sync-collection (RFC 6578).

Each calendar is a shelf with a sync token of its own. Reading writes nothing; reminders (`reminders`) are
written only where the account says `allow = ["reminders"]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from recipflow.connector import Page, Secrets, SetAside
from recipflow.errors import AuthNeeded, CursorExpired, UserError
from recipflow.model import Interaction
from recipflow_connectors import calendar
from recipflow_connectors.caldav.client import Changes, Client, Shelf
from recipflow_connectors.caldav.place import Place, ShelfPlace, load
from recipflow_connectors.caldav.reminders import NAME, Reminders
from recipflow_connectors.credentials import PASSWORD
from recipflow_connectors.given import problems_of, timeout_of, unsafe, zone_of
from recipflow_connectors.upcoming import Entry, called_off

PAGE_EVENTS = 100
REMINDERS = "reminders"
_KEYS = {"url": str, "user": str, "calendars": list, "tz": object, "timeout": object, "allow": list}


def connect(settings: Mapping[str, Any], secrets: Secrets) -> CalDav:
    """The account at `url` as `user`; `calendars` names some by address (default: all), `tz` is the zone of times that
    name none (default the computer's own), `timeout` the seconds to wait for an answer. A UserError lists every problem.
    """
    problems = problems_of(settings, "caldav", _KEYS, may=REMINDERS)
    problems += [f"caldav.{key}: is missing." for key in ("url", "user") if not settings.get(key)]
    problems += unsafe(settings, "caldav", "url") if settings.get("url") else []
    zone = zone_of(settings.get("tz"), "caldav", problems)
    timeout = timeout_of(settings.get("timeout", 30), "caldav", problems)
    if problems:
        raise UserError(problems)
    client = Client(settings["url"], settings["user"], secrets.get(PASSWORD) or "", timeout)
    chosen = settings.get("calendars")
    only = None if chosen is None else frozenset(chosen)
    kind = Reminding if REMINDERS in settings.get("allow", ()) else CalDav
    return kind(client, zone, only, signed_in=secrets.get(PASSWORD) is not None)


class CalDav:
    """Pulls the calendars of an account; the one with our reminders is none of them."""

    unhurried = True

    def __init__(
        self, client: Client, zone: tzinfo, only: frozenset[str] | None = None, *, signed_in: bool = True
    ) -> None:
        self.client = client
        self._zone = zone
        self._only = only
        self._signed_in = signed_in
        self._shelves: list[Shelf] | None = None
        self._changes: dict[tuple[str, str | None], Changes] = {}
        self._progress = 0, 0

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; a cursor that is not one of ours starts from nothing, with `reset`."""
        with self.client.connected():
            return self._page(cursor, now)

    def _page(self, cursor: str | None, now: datetime) -> Page:
        place = load(cursor)
        reset = place is None
        place = (place or Place()).among([one.url for one in self.shelves()])
        found: list[Interaction] = []
        aside: list[SetAside] = []
        while (shelf := place.next_shelf()) is not None and len(found) < PAGE_EVENTS:
            try:
                place = self._step(shelf, place, found, aside, now)
            except CursorExpired:
                reset = True
                place = place.put(shelf, place.shelves[shelf].again())
        more = place.next_shelf() is not None
        if not more:
            found += called_off(place.gone(), now)
            place = place.rested()
            self._changes.clear()
            self._shelves = None
        return Page(
            interactions=tuple(found),
            cursor=place.cursor(),
            more=more,
            reset=reset,
            set_aside=tuple(aside),
            done=self._progress[0],
            total=self._progress[1] or None,
        )

    def shelves(self) -> list[Shelf]:
        """The calendars that are read; asked for once a pass."""
        if not self._signed_in:
            raise AuthNeeded("There is no password for it on this computer.", command=self.client.again)
        if self._shelves is None:
            found = self.client.shelves()
            wanted = found if self._only is None else [one for one in found if one.url in self._only]
            self._shelves = [one for one in wanted if one.name != NAME]
        return self._shelves

    def _step(
        self, shelf: str, place: Place, found: list[Interaction], aside: list[SetAside], now: datetime
    ) -> Place:
        """One batch of one shelf; the last one ends the shelf's part of this pass."""
        at = place.shelves[shelf]
        changes = self._changed(shelf, at)
        wanted = sorted({*changes.hrefs, *at.renewable(now)} - set(changes.removed))
        left = [href for href in wanted if href > at.after]
        batch, later = left[:PAGE_EVENTS], left[PAGE_EVENTS:]
        renewed = frozenset(wanted) - frozenset(changes.hrefs)
        at, gone = self._read(shelf, at, batch, renewed, found, aside, now)
        self._progress = len(wanted) - len(later), len(wanted)
        if later:
            return place.put(shelf, replace(at, next=at.next or changes.token, after=batch[-1]), gone)
        there = frozenset(changes.hrefs)
        missing = [href for href in at.upcoming.places() if href not in there] if changes.whole else []
        for href in (*changes.removed, *missing):
            gone += at.upcoming.replace(href, (), now)
        return place.put(shelf, at.done(at.next or changes.token, now), gone)

    def _changed(self, shelf: str, at: ShelfPlace) -> Changes:
        """Asked once for all batches of a pass, as long as this process goes on."""
        key = shelf, at.token
        if key not in self._changes:
            self._changes[key] = self.client.changes(shelf, at.token)
        return self._changes[key]

    def _read(
        self,
        shelf: str,
        at: ShelfPlace,
        hrefs: list[str],
        renewed: frozenset[str],
        found: list[Interaction],
        aside: list[SetAside],
        now: datetime,
    ) -> tuple[ShelfPlace, list[Entry]]:
        """Of a series that is only `renewed`, what has newly come into sight."""
        gone: list[Entry] = []
        series = set(at.series)
        for sheet in self.client.sheets(shelf, hrefs):
            meetings, broken = calendar.meetings(sheet.data.encode("utf-8", "replace"), now, self._zone)
            aside += broken
            found += at.into_sight(meetings) if sheet.href in renewed else meetings
            gone += at.upcoming.replace(sheet.href, meetings, now)
            (series.add if any(one.recurring for one in meetings) else series.discard)(sheet.href)
        return replace(at, series=frozenset(series)), gone


class Reminding(CalDav, Reminders):
    """An account that may be written to: reminders, in a calendar of their own."""
