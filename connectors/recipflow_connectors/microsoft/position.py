"""How far a mailbox has been read: the cursor of the connector `outlook_mail`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from recipflow_connectors.cursors import dumped, loaded

VERSION = 1
#: Clocks differ, and mail is delivered late: so much is read twice rather than missed.
OVERLAP = timedelta(days=1)
#: A delta query with a filter gives up to 5,000 messages (https://learn.microsoft.com/graph/delta-query-messages).
#: Whether in one round or in all that follow is not said: close to it, what it may have held back is listed, and a
#: new one begun.
RENEWED_AT = 4_500
#: With so many messages a folder is small: one delta query gives all of it, with room for what comes.
SMALL = 3_000


@dataclass(slots=True)
class Span:
    """Mail that is still to be listed: received from `low` to `high`, the newest first."""

    low: str
    high: str
    link: str = ""  #: the rest of a page whose messages were all received in the same second
    given: list[str] = field(default_factory=list)  #: hashes of those of `high` that were given already


@dataclass(slots=True)
class Reading:
    """One folder: a delta query tells what is new, spans are what lies before it."""

    label: str
    link: str = ""  #: of the delta query; "" when it has not begun
    ended: bool = False  #: whether the link is a delta link: nothing more for now
    since: str = ""  #: the delta query's filter
    begun: str = ""  #: when its round began
    through: str = ""  #: nothing received until then is missing, but for the spans
    seen: int = 0  #: messages given since the delta query began
    spans: list[Span] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        return self.ended and not self.spans

    def begin(self, since: datetime, now: datetime) -> None:
        """Begin a delta query for what was received since then."""
        self.link, self.ended, self.seen = "", False, 0
        self.since, self.begun = text(since), text(now)

    def advance(self, link: str, until: str) -> None:
        """Nothing more for now: what was received until then is known, or listed if the query may have held it back."""
        if self.seen >= RENEWED_AT:
            low = text(instant(self.through) - OVERLAP) if self.through else self.since
            self.spans.append(Span(max(low, self.since), text(instant(until) + OVERLAP)))
        self.link, self.ended, self.through = link, True, until


@dataclass(slots=True)
class Position:
    since: str = ""  #: what was received before is not read
    folders: dict[str, Reading] = field(default_factory=dict)
    done: int = 0
    total: int = 0

    def dump(self) -> str:
        return dumped("outlook_mail", VERSION, asdict(self))


def load(cursor: str) -> Position | None:
    """The position a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(cursor, "outlook_mail", VERSION, _read)


def _read(found: dict[str, Any]) -> Position:
    folders = {
        key: Reading(**{**one, "spans": [Span(**span) for span in one["spans"]]})
        for key, one in found.pop("folders").items()
    }
    return Position(folders=folders, **found)


def text(moment: datetime) -> str:
    """As Graph's filters want it: UTC, in whole seconds. In this form instants sort as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(moment: str) -> datetime:
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
