"""What the calendar says of the user's days: when they are away or busy, and when they meet somebody next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from recipflow.store import away
from recipflow.store.rows import instant, seconds

_TAKES_PART = (
    "SELECT 1 FROM part JOIN party ON party.id = part.party WHERE part.interaction = m.interaction "
    "AND address IN (SELECT value FROM json_each(:{}))"
)


class Calendar:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def away_on(self, me: Iterable[str], noon: datetime) -> bool:
        """Whether the user was away that day, by what their calendar says; `noon` is its middle."""
        return away.away_on(self._db, me, noon)

    def busy(self, me: Iterable[str], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """The meetings known between these instants that the user did not decline; whole days do not count."""
        rows = self._db.execute(
            "SELECT m.starts, m.ends FROM interaction i JOIN meeting m ON m.interaction = i.id WHERE i.type = 'meeting' "
            "AND m.starts < ? AND m.ends > ? AND NOT m.cancelled AND NOT m.all_day AND NOT EXISTS (SELECT 1 FROM part p "
            "JOIN party ON party.id = p.party WHERE p.interaction = i.id AND p.partstat = 'declined' "
            "AND party.address IN (SELECT value FROM json_each(?))) ORDER BY m.starts",
            (seconds(until), seconds(since), json.dumps(sorted(me))),
        )
        return [(instant(starts), instant(ends)) for starts, ends in rows]

    def upcoming(
        self, addresses: Collection[str], me: Collection[str], since: datetime, until: datetime
    ) -> tuple[datetime, ...]:
        """The beginnings of meetings with one of these between two instants, known by the first, and declined by nobody."""
        rows = self._db.execute(
            f"SELECT DISTINCT starts FROM meeting m WHERE starts BETWEEN :since AND :until "
            f"AND (known <= :since OR known = starts) AND NOT cancelled AND NOT private AND NOT all_day "
            f"AND EXISTS ({_TAKES_PART.format('theirs')}) AND NOT EXISTS "
            f"({_TAKES_PART.format('both')} AND partstat = 'declined') ORDER BY starts",
            {
                "since": seconds(since),
                "until": seconds(until),
                "theirs": json.dumps(list(addresses)),
                "both": json.dumps([*addresses, *me]),
            },
        )
        return tuple(instant(starts) for (starts,) in rows)
