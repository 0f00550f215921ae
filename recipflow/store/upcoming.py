"""When the user meets somebody next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from recipflow.store.rows import instant, seconds


def upcoming(
    db: sqlite3.Connection, addresses: Iterable[str], me: Iterable[str], since: datetime, until: datetime
) -> tuple[datetime, ...]:
    """The beginnings of meetings with one of these between two instants, known by the first, and declined by nobody."""
    rows = db.execute(
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


_TAKES_PART = (
    "SELECT 1 FROM part JOIN party ON party.id = part.party WHERE part.interaction = m.interaction "
    "AND address IN (SELECT value FROM json_each(:{}))"
)
