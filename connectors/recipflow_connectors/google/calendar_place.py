"""How far calendars at Google have been read: the cursor of the connector `google_calendar`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from recipflow_connectors.cursors import dumped, loaded
from recipflow_connectors.rrules import AHEAD

VERSION = 1
#: The window is renewed when half of what lay ahead has passed: never less than a month of the future is known.
_RENEWED = AHEAD / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far one calendar has been read. Its window is fixed by the first request, and `sync` stands for it."""

    sync: str = ""  #: from which on changes are told; "" while everything is being read
    token: str = ""  #: of the next page
    since: str = ""  #: the window, ISO
    until: str = ""
    again: bool = False  #: it was read before: what was cancelled meanwhile is to be told, too

    @property
    def goes_on(self) -> bool:
        return bool(self.sync or self.token)

    def now(self, now: datetime, span: timedelta) -> Place:
        """This place, or the beginning of a new window when this one has come too close to its end."""
        if self.token or (self.sync and now + _RENEWED < datetime.fromisoformat(self.until)):
            return self
        window = {"since": (now - span).isoformat(), "until": (now + AHEAD).isoformat()}
        return Place(**window, again=self.again or bool(self.sync))

    def asked(self) -> dict[str, Any]:
        """The parameters of the request."""
        more = {"pageToken": self.token} if self.token else {}
        if self.sync:
            return {"singleEvents": True, "syncToken": self.sync, **more}
        window = {"timeMin": self.since, "timeMax": self.until, "showDeleted": self.again}
        return {"singleEvents": True, **window, **more}

    def after(self, found: Mapping[str, Any]) -> Place:
        """The place after a page."""
        if "nextPageToken" in found:
            return replace(self, token=found["nextPageToken"])
        return Place(sync=found["nextSyncToken"], since=self.since, until=self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far each calendar has been read, and whose turn it is."""

    calendars: Mapping[str, Place] = field(default_factory=dict)
    turn: int = 0

    def dump(self) -> str:
        places = {
            ref: {name: value for name, value in asdict(one).items() if value}
            for ref, one in self.calendars.items()
        }
        return dumped("google_calendar", VERSION, {"calendars": places, "turn": self.turn})


def load(cursor: str) -> Position | None:
    """The position a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(cursor, "google_calendar", VERSION, _read)


def _read(found: dict[str, Any]) -> Position:
    calendars = {ref: Place(**one) for ref, one in found["calendars"].items()}
    return Position(calendars=calendars, turn=int(found["turn"]))
