"""How far a mailbox at Gmail has been read: the cursor of the connector `gmail`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from recipflow_connectors.cursors import dumped, loaded

VERSION = 1
SENT, PEOPLE, BULK = "sent", "people", "bulk"
#: A first pull goes through these in turn: conversations the user is part of, other mail, newsletters and the like.
STAGES = (SENT, PEOPLE, BULK)
_QUERIES = {
    SENT: "in:sent",
    PEOPLE: "-in:sent -category:promotions -category:social -category:forums",
    BULK: "-in:sent {category:promotions category:social category:forums}",
}
#: A message may be dated earlier than it came: a rescan goes back a little further than to the last sure instant.
_LATE = timedelta(days=2)
_RENEWED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """While there is a `stage`, mail since then is being read from the newest on; without one, changes are followed.

    `history` was taken before anything was read, so that what changes meanwhile is among the changes.
    """

    history: str  #: opaque
    sure: str  #: ISO: at this instant nothing was missing, or reading began
    stage: str = ""
    since: int = 0  #: seconds since 1970
    token: str = ""  #: of the next page of the list
    last: str = ""  #: the message of that page up to which it has been delivered
    done: int = 0

    def dump(self) -> str:
        kept = {name: value for name, value in asdict(self).items() if value}
        return dumped("gmail", VERSION, kept)

    def following(self, history: str, now: datetime) -> Place:
        """The place after all changes up to `history`, the same one when nothing happened since not long ago."""
        sure = self.sure
        if history != self.history or now - datetime.fromisoformat(sure) >= _RENEWED:
            sure = now.isoformat()
        return Place(history=history, sure=sure)

    def next_page(self, token: str) -> Place:
        """The place after a page of the list; `token` is that of the next one."""
        rest = STAGES[STAGES.index(self.stage) + 1 :]
        if token or rest:
            return replace(self, stage=self.stage if token else rest[0], token=token, last="")
        return Place(history=self.history, sure=self.sure)

    def rescan_since(self) -> datetime:
        """From when on everything has to be read again, once Gmail has forgotten `history`."""
        if self.stage:
            return datetime.fromtimestamp(self.since, datetime.fromisoformat(self.sure).tzinfo)
        return datetime.fromisoformat(self.sure) - _LATE


def begin(history: str, since: datetime, now: datetime) -> Place:
    return Place(history=history, sure=now.isoformat(), stage=SENT, since=int(since.timestamp()))


def sought(stage: str, since: int) -> str:
    """What Gmail is to be searched for in that stage."""
    return f"{_QUERIES[stage]} {there_is(since)}"


def there_is(since: int) -> str:
    """The search for all that was sent or received since then; spam and trash are never among what is found."""
    return f"-in:drafts -in:chats after:{since}"


def was_sent(since: int) -> str:
    """The search for what was sent since then."""
    return f"{_QUERIES[SENT]} {there_is(since)}"


def load(cursor: str) -> Place | None:
    """The place a cursor stands for; None when it is not one of ours, or of another version."""
    return loaded(cursor, "gmail", VERSION, _read)


def _read(found: dict[str, Any]) -> Place | None:
    place = Place(**found)
    datetime.fromisoformat(place.sure)
    return place if place.stage in ("", *STAGES) else None
