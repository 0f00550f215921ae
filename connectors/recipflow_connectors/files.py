"""The connector `files`: mail and calendars already on the user's disk; no account, no credentials.

Paths may be mbox files, Maildirs, `.eml` files, `.ics` calendars or folders of any of these; what a file holds is
told from its content. Nothing is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from recipflow.connector import Page, Secrets, SetAside
from recipflow.errors import UserError
from recipflow.model import Interaction
from recipflow_connectors import thunderbird
from recipflow_connectors.given import problems_of, zone_of
from recipflow_connectors.position import Position, load
from recipflow_connectors.scan import Scan
from recipflow_connectors.vanished import is_at, vanished

#: A page ends at this many interactions (or things set aside), or bytes read, whichever comes first.
PAGE_ITEMS = 100
PAGE_BYTES = 32_000_000

_KEYS = {"paths": object, "thunderbird": bool, "tz": object}


def connect(settings: Mapping[str, Any], _secrets: Secrets | None = None) -> Files:
    """The connector for `paths` (a list) and, with `thunderbird = true`, this user's Thunderbird profiles.

    `tz` is the zone of calendar times that name none (default UTC). It needs no secrets. Raises UserError with every
    problem.
    """
    problems = problems_of(settings, "files", _KEYS)
    roots = _paths(settings.get("paths", ()), problems)
    if settings.get("thunderbird") is True:
        roots += _thunderbird(problems)
    zone = settings.get("tz", UTC)
    zone = zone if isinstance(zone, tzinfo) else zone_of(zone, "files", problems)
    if not roots and not problems:
        problems.append("files.paths: name at least one file or folder, or set thunderbird = true.")
    if problems:
        raise UserError(problems)
    return Files(roots, zone)


class Files:
    """Pulls what is new in the files; never writes to them.

    It goes on with the pass it is in when asked with the cursor it gave last; with any other, it looks at the disk
    anew. With nothing new it reads no message: only directory listings.
    """

    def __init__(self, roots: Iterable[str], zone: tzinfo = UTC) -> None:
        self._roots = tuple(dict.fromkeys(roots))
        self._zone = zone
        self._running: tuple[str, Scan] | None = None
        self._last: Scan | None = None

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; a cursor that is not one of ours starts from nothing, with `reset`."""
        running, self._running = self._running, None
        reset = False
        if running and running[0] == cursor:
            scan = running[1]
        else:
            position = load(cursor) if cursor is not None else Position()
            reset = position is None
            scan = Scan(self._roots, position or Position(), now=now, zone=self._zone)
        interactions, aside, more = _fill(scan)
        after, self._last = scan.cursor(), scan
        if more:
            self._running = after, scan
        return Page(
            interactions=interactions,
            cursor=after,
            more=more,
            reset=reset,
            set_aside=aside,
            reread=scan.doors.reread(),
            opened=scan.doors.opened(),
            done=scan.done,
            total=scan.total,
        )

    def vanished(self, places: Iterable[str]) -> Iterable[str]:
        """Those of these places where no file is any more; of what the last pass did not reach nothing is said."""
        if self._last is None:
            return ()
        closed, devices = self._last.position.closed, self._last.position.devices
        roots = [root for root in self._last.reached if is_at(root, devices.get(root))]
        return vanished((place for place in places if place not in closed), roots)


def _fill(scan: Scan) -> tuple[tuple[Interaction, ...], tuple[SetAside, ...], bool]:
    interactions: list[Interaction] = []
    aside: list[SetAside] = []
    start = scan.done
    for item in scan:
        if isinstance(item, SetAside):
            aside.append(item)
        else:
            interactions.append(item)
        if len(interactions) + len(aside) >= PAGE_ITEMS or scan.done - start >= PAGE_BYTES:
            return tuple(interactions), tuple(aside), True
    return tuple(interactions), tuple(aside), False


def _paths(given: Any, problems: list[str]) -> list[str]:
    if isinstance(given, str) or not all(isinstance(one, str | Path) for one in given):
        problems.append("files.paths: give a list of paths.")
        return []
    roots: list[str] = []
    for one in given:
        try:
            path = Path(one).expanduser().absolute()
            path.stat()
        except (OSError, ValueError, RuntimeError) as fault:
            told = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
            problems.append(f"files.paths: {one} cannot be opened: {told}.")
        else:
            roots.append(str(path))
    return roots


def _thunderbird(problems: list[str]) -> list[str]:
    found = [
        str(store) for profile in thunderbird.profiles(Path.home()) for store in thunderbird.stores(profile)
    ]
    if not found:
        problems.append("files.thunderbird: no Thunderbird profile was found; name its folder as a path.")
    return found
