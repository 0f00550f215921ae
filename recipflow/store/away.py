"""When the user was away, by what mail and calendar show."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime

from recipflow.store.rows import seconds

_WORDS = ("out of office", "vacation", "annual leave", "on leave", "holiday", "urlaub", "férias", "ooo")
"""In the title of a whole day with nobody else in it."""


def away_on(db: sqlite3.Connection, me: Iterable[str], day: date, noon: datetime) -> bool:
    """Whether an automatic reply of the user's runs over that day, or a whole-day event of theirs says so.

    `noon` is the day's middle in the user's zone.
    """
    mine = json.dumps(sorted(me))
    return _replies(db, mine, day, noon) or _blocked(db, mine, noon)


def _replies(db: sqlite3.Connection, mine: str, day: date, noon: datetime) -> bool:
    row = db.execute(
        "SELECT 1 FROM interaction i JOIN reading r ON r.interaction = i.id JOIN part p ON p.interaction = i.id "
        "JOIN party ON party.id = p.party WHERE i.type = 'message' AND i.machine = 'auto_reply' AND i.at <= ? "
        "AND r.away_until >= ? AND p.role = 'from' AND party.address IN (SELECT value FROM json_each(?)) LIMIT 1",
        (seconds(noon), day.isoformat(), mine),
    ).fetchone()
    return row is not None


def _blocked(db: sqlite3.Connection, mine: str, noon: datetime) -> bool:
    rows = db.execute(
        "SELECT i.subject FROM meeting m JOIN interaction i ON i.id = m.interaction WHERE m.all_day AND NOT m.cancelled "
        "AND m.starts <= ? AND m.ends > ? AND NOT EXISTS (SELECT 1 FROM part p JOIN party ON party.id = p.party "
        "WHERE p.interaction = i.id AND party.address NOT IN (SELECT value FROM json_each(?)))",
        (seconds(noon), seconds(noon), mine),
    )
    return any(word in subject.lower() for (subject,) in rows for word in _WORDS)
