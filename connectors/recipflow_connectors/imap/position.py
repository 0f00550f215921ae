"""How far each folder has been read: the cursor of the connector `imap`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from recipflow_connectors.cursors import dumped, loaded

VERSION = 1
MOST_ASIDE = 200


@dataclass(slots=True)
class Place:
    """How far one folder has been read. UIDs mean something only together with their `validity` (RFC 9051, 2.3.1.1).

    All UIDs from `low` up to `next` have been read; below `low` lie those that a first pass has still to go down to,
    as far back as `since`. None: it went all the way.
    """

    validity: int
    next: int  #: the first UID not read yet
    low: int | None
    since: str  #: ISO date: how far back the first pass goes
    modseq: int = (
        0  #: when its flags were last looked at, in the server's count (RFC 7162); 0 where it keeps none
    )
    aside: list[int] = field(default_factory=list)  #: left out as draft or junk by a flag, which may go away


@dataclass(slots=True)
class Position:
    days: int  #: `since_days` when it was made: going further back starts the first pass again
    places: dict[str, Place] = field(default_factory=dict)

    def dump(self) -> str:
        return dumped("imap", VERSION, asdict(self))


def load(cursor: str) -> Position | None:
    """The position a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(cursor, "imap", VERSION, _read)


def _read(found: dict[str, Any]) -> Position:
    return Position(int(found["days"]), {str(name): _place(one) for name, one in found["places"].items()})


def _place(found: dict[str, object]) -> Place:
    place = Place(**found)  # type: ignore[arg-type]
    date.fromisoformat(place.since)
    if not all(isinstance(one, int) for one in (place.validity, place.next, place.modseq, *place.aside)):
        raise TypeError
    return place
